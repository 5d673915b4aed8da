"""Fully connected and recurrent layers, normalisations and activations in PyTorch."""

from __future__ import annotations

from typing import Any

from archcalc.exporters.pytorch.line import Line, Site, call, unless
from archcalc.exporters.pytorch.windows import Write
from archcalc.network.layers.axes import place_of


def on_last_dimension(rank: int) -> str:
    """A call of what works on the last dimension, which in ours is the channels."""
    if rank < 2:
        return "{module}({0}.transpose(1, 2)).transpose(1, 2)" if rank else "{module}({0})"
    positions = range(2, rank + 2)
    last = ", ".join(map(str, (0, *positions, 1)))
    first = ", ".join(map(str, (0, rank + 1, *range(1, rank + 1))))
    return f"{{module}}({{0}}.permute({last})).permute({first})"


def linear(site: Site) -> Line:
    bias = unless(site.source("bias"), "True")
    if not site.value("flatten"):
        make = call("nn.Linear", site.channels, site.source("units"), bias=bias)
        return Line(make, on_last_dimension(site.rank))
    reads = site.channels if site.read.positions == 1 else str(site.read.elements)
    make = call("nn.Linear", reads, site.source("units"), bias=bias)
    return Line(make, "{module}({0}.flatten(1))" if site.rank else "{module}({0})")


def rbf(site: Site) -> Line:
    make = call("Rbf", str(site.read.elements), site.source("units"))
    return Line(make, uses=("Rbf",))


def recurrent(name: str) -> Write:
    def write(site: Site) -> Line:
        if site.rank != 1:
            raise ValueError(f"{site.layer.type} with `axis` is not exported to PyTorch")
        make = call(
            name,
            site.channels,
            site.source("units"),
            num_layers=unless(site.source("num_layers"), "1"),
            bias=unless(site.source("bias"), "True"),
            batch_first="True",
            bidirectional=unless(site.source("bidirectional"), "False"),
        )
        return Line(make, "{module}({0}.transpose(1, 2))[0].transpose(1, 2)")

    return write


def batchnorm(site: Site) -> Line:
    affine = unless(site.source("affine"), "True")
    return Line(call(f"nn.BatchNorm{max(site.rank, 1)}d", site.channels, affine=affine))


def instancenorm(site: Site) -> Line:
    affine = unless(site.source("affine"), "False")
    return Line(call(f"nn.InstanceNorm{site.rank}d", site.channels, affine=affine))


def groupnorm(site: Site) -> Line:
    affine = unless(site.source("affine"), "True")
    return Line(call("nn.GroupNorm", site.source("groups"), site.channels, affine=affine))


def on_last(name: str, *shifted: str) -> Write:
    """A normalisation of the last dimension; ``shifted`` is its key that leaves out the shift."""

    def write(site: Site) -> Line:
        affine = unless(site.source("affine"), "True")
        shift = {key: unless(site.source(key), "True") for key in shifted}
        make = call(name, site.channels, elementwise_affine=affine, **shift)
        return Line(make, on_last_dimension(site.rank))

    return write


def l2norm(site: Site) -> Line:
    if site.value("groups") == 1:
        return Line("", "F.normalize({0}, dim=1)")
    parts = f"{{0}}.unflatten(1, ({site.source('groups')}, -1))"
    return Line("", f"F.normalize({parts}, dim=2).flatten(1, 2)")


def lrn(site: Site) -> Line:
    return Line(call("nn.LocalResponseNorm", site.source("size")))


def scale(site: Site) -> Line:
    layer: Any = site.layer
    if site.value("by") is not None:
        scaled = f"{{0}} * {site.source('by')}"
        plus = site.value("plus")
        return Line("", scaled if plus is None else f"{scaled} + {site.source('plus')}")
    size = site.channels if site.value("per") == "channel" else "1"
    bias = "" if layer.adds else "False"
    return Line(call("Scale", size, bias=bias), uses=("Scale",))


def prelu(site: Site) -> Line:
    return Line(call("nn.PReLU", site.channels))


def maxout(site: Site) -> Line:
    return Line("", f"{{0}}.unflatten(1, (-1, {site.source('pieces')})).amax(2)")


def softmax(site: Site) -> Line:
    if site.value("groups") > 1:
        parts = f"{{0}}.unflatten(1, ({site.source('groups')}, -1))"
        return Line("", f"F.softmax({parts}, dim=2).flatten(1, 2)")
    place = place_of(site.value("axis"), site.read)
    return Line("", f"F.softmax({{0}}, dim={1 if place is None else place + 2})")


def embedding(site: Site) -> Line:
    make = call("nn.Embedding", site.source("entries"), site.source("channels"))
    indices = "{0}[:, 0]" if site.rank else "{0}"
    return Line(make, f"{{module}}({indices}.long()).transpose(1, 2)")


ACTIVATIONS = {
    "relu": "F.relu({0})",
    "relu6": "F.relu6({0})",
    "leaky_relu": "F.leaky_relu({0})",
    "elu": "F.elu({0})",
    "selu": "F.selu({0})",
    "gelu": "F.gelu({0})",
    "silu": "F.silu({0})",
    "mish": "F.mish({0})",
    "hardswish": "F.hardswish({0})",
    "hardsigmoid": "F.hardsigmoid({0})",
    "sigmoid": "torch.sigmoid({0})",
    "tanh": "torch.tanh({0})",
    "softplus": "F.softplus({0})",
    "softmax": "F.softmax({0}, dim=1)",
    "identity": "{0}",
}


def activation(site: Site) -> Line:
    return Line("", ACTIVATIONS[site.layer.type])


def response_norm(site: Site) -> Line:
    affine = unless(site.source("affine"), "True")
    return Line(call("ResponseNorm", site.channels, affine=affine), uses=("ResponseNorm",))


WRITERS: dict[str, Write] = {
    "grn": response_norm,
    **dict.fromkeys(ACTIVATIONS, activation),
    "linear": linear,
    "rbf": rbf,
    "lstm": recurrent("nn.LSTM"),
    "gru": recurrent("nn.GRU"),
    "rnn": recurrent("nn.RNN"),
    "batchnorm": batchnorm,
    "instancenorm": instancenorm,
    "groupnorm": groupnorm,
    "layernorm": on_last("nn.LayerNorm", "bias"),
    "rmsnorm": on_last("nn.RMSNorm"),
    "l2norm": l2norm,
    "lrn": lrn,
    "scale": scale,
    "prelu": prelu,
    "maxout": maxout,
    "softmax": softmax,
    "embedding": embedding,
}
