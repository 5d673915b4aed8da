"""Fully connected and recurrent layers, normalisations and activations as ONNX's operators."""

from __future__ import annotations

from math import sqrt
from typing import Any

from archcalc.exporters.onnx.body import GraphBody, NodeSite
from archcalc.exporters.onnx.layers.windows import Emit
from archcalc.network.layers.axes import place_of

EPSILON = 1e-5


def linear(body: GraphBody, site: NodeSite, layer: Any) -> str:
    reads = site.read.elements if layer.flatten else site.channels
    weight = body.weight("weight", layer.units, reads)
    bias = [body.weight("bias", layer.units)] if layer.bias else []
    if layer.flatten or not site.rank:
        x = body.add("Flatten", [site.x], axis=1) if site.rank else site.x
        return body.add("Gemm", [x, weight, *bias], transB=1)
    turned = body.transposed(weight, [1, 0])
    y = body.add("MatMul", [last(body, site.x, site.rank), turned])
    for offset in bias:
        y = body.add("Add", [y, offset])
    return first(body, y, site.rank)


def last(body: GraphBody, x: str, rank: int) -> str:
    """The channels behind the positions."""
    return body.transposed(x, [0, *range(2, rank + 2), 1]) if rank else x


def first(body: GraphBody, x: str, rank: int) -> str:
    """The channels in front of the positions."""
    return body.transposed(x, [0, rank + 1, *range(1, rank + 1)]) if rank else x


def rbf(body: GraphBody, site: NodeSite, layer: Any) -> str:
    """The sum of squared distances to each centre."""
    x = body.reshaped(site.x, [1, 1, site.read.elements])
    apart = body.add("Sub", [x, body.weight("centres", layer.units, site.read.elements)])
    square = body.add("Mul", [apart, apart])
    return body.add("ReduceSum", [square, body.integers([2])], keepdims=0)


def recurrent(operator: str, gates: int) -> Emit:
    """Layers one on the other; ONNX has the steps first, and the directions apart."""

    def emit(body: GraphBody, site: NodeSite, layer: Any) -> str:
        if site.rank != 1:
            raise ValueError(f"{layer.type} with `axis` is not exported to ONNX")
        steps, both, units = site.read.positions, layer.directions, layer.units
        y, reads = body.transposed(site.x, [2, 0, 1]), site.channels
        for at in range(layer.num_layers):
            own = f"{at}." if layer.num_layers > 1 else ""
            weights = [
                body.weight(f"{own}weight_input", both, gates * units, reads),
                body.weight(f"{own}weight_hidden", both, gates * units, units),
            ]
            if layer.bias:
                weights.append(body.weight(f"{own}bias", both, 2 * gates * units))
            attributes: dict[str, Any] = {"hidden_size": units}
            if both == 2:
                attributes["direction"] = "bidirectional"
            if operator == "GRU":
                attributes["linear_before_reset"] = 1
            y = body.add(operator, [y, *weights], **attributes)
            y = body.reshaped(body.transposed(y, [0, 2, 1, 3]), [steps, 1, both * units])
            reads = both * units
        return body.transposed(y, [1, 2, 0])

    return emit


def batchnorm(body: GraphBody, site: NodeSite, layer: Any) -> str:
    c = site.channels
    statistics = [body.weight("running_mean", c), body.weight("running_var", c)]
    return body.add("BatchNormalization", [site.x, *_affine(body, site, layer), *statistics])


def _affine(body: GraphBody, site: NodeSite, layer: Any) -> list[str]:
    """Scale and shift: trained, or ones and zeros."""
    c = site.channels
    if layer.affine:
        return [body.weight("weight", c), body.weight("bias", c)]
    return [body.filled(1, c), body.filled(0, c)]


def layernorm(body: GraphBody, site: NodeSite, layer: Any) -> str:
    x = last(body, site.x, site.rank)
    given = _affine(body, site, layer) if layer.bias else [body.weight("weight", site.channels)]
    y = body.add("LayerNormalization", [x, *given], axis=-1)
    return first(body, y, site.rank)


def instancenorm(body: GraphBody, site: NodeSite, layer: Any) -> str:
    return body.add("InstanceNormalization", [site.x, *_affine(body, site, layer)])


def groupnorm(body: GraphBody, site: NodeSite, layer: Any) -> str:
    """Groups as channels of an instance normalisation."""
    groups = layer.groups
    parts = body.reshaped(site.x, [1, groups, site.read.elements // groups])
    ones = [body.filled(1, groups), body.filled(0, groups)]
    y = body.reshaped(body.add("InstanceNormalization", [parts, *ones]), site.output)
    if not layer.affine:
        return y
    y = body.add("Mul", [y, body.weight("weight", *site.per_channel())])
    return body.add("Add", [y, body.weight("bias", *site.per_channel())])


def rmsnorm(body: GraphBody, site: NodeSite, layer: Any) -> str:
    square = body.add("Mul", [site.x, site.x])
    mean = body.add("ReduceMean", [square], axes=[1], keepdims=1)
    root = body.add("Sqrt", [body.add("Add", [mean, body.number(EPSILON)])])
    y = body.add("Div", [site.x, root])
    return body.add("Mul", [y, body.weight("weight", *site.per_channel())]) if layer.affine else y


def l2norm(body: GraphBody, site: NodeSite, layer: Any) -> str:
    if layer.groups == 1:
        return body.add("LpNormalization", [site.x], axis=1, p=2)
    y = body.add("LpNormalization", [grouped(body, site, layer)], axis=2, p=2)
    return body.reshaped(y, site.output)


def grouped(body: GraphBody, site: NodeSite, layer: Any) -> str:
    """The groups of the channels as one dimension more."""
    sizes = [1, layer.groups, site.channels // layer.groups, *site.read.spatial]
    return body.reshaped(site.x, sizes)


def lrn(body: GraphBody, site: NodeSite, layer: Any) -> str:
    return body.add("LRN", [site.x], size=layer.size, alpha=1e-4, beta=0.75, bias=1.0)


def scale(body: GraphBody, site: NodeSite, layer: Any) -> str:
    if layer.by is not None:
        y = body.add("Mul", [site.x, body.number(float(layer.by))])
        return y if layer.plus is None else body.add("Add", [y, body.number(float(layer.plus))])
    shape = site.per_channel() if layer.per == "channel" else (1,) * (site.rank + 1)
    y = body.add("Mul", [site.x, body.weight("weight", *shape)])
    return body.add("Add", [y, body.weight("bias", *shape)]) if layer.adds else y


def prelu(body: GraphBody, site: NodeSite, layer: Any) -> str:
    return body.add("PRelu", [site.x, body.weight("weight", *site.per_channel())])


def maxout(body: GraphBody, site: NodeSite, layer: Any) -> str:
    n, channels, *spatial = site.output
    parts = body.reshaped(site.x, [n, channels, layer.pieces, *spatial])
    return body.add("ReduceMax", [parts], axes=[2], keepdims=0)


def softmax(body: GraphBody, site: NodeSite, layer: Any) -> str:
    if layer.groups > 1:
        y = body.add("Softmax", [grouped(body, site, layer)], axis=2)
        return body.reshaped(y, site.output)
    place = place_of(layer.axis, site.read)
    return body.add("Softmax", [site.x], axis=1 if place is None else place + 2)


def activated(body: GraphBody, x: str, name: str) -> str:
    """An activation that has no keys.

    Those that ONNX's operators of version 17 do not have are written out.
    """
    if name in OPERATORS:
        operator, attributes = OPERATORS[name]
        return body.add(operator, [x], **attributes)
    if name == "relu6":
        return body.add("Clip", [x, body.number(0), body.number(6)])
    if name == "silu":
        return body.add("Mul", [x, body.add("Sigmoid", [x])])
    if name == "mish":
        return body.add("Mul", [x, body.add("Tanh", [body.add("Softplus", [x])])])
    assert name == "gelu"
    root = body.add("Erf", [body.add("Div", [x, body.number(sqrt(2))])])
    one = body.add("Mul", [x, body.add("Add", [root, body.number(1)])])
    return body.add("Mul", [one, body.number(0.5)])


OPERATORS: dict[str, tuple[str, dict[str, Any]]] = {
    "relu": ("Relu", {}),
    "leaky_relu": ("LeakyRelu", {"alpha": 0.01}),
    "elu": ("Elu", {}),
    "selu": ("Selu", {}),
    "sigmoid": ("Sigmoid", {}),
    "tanh": ("Tanh", {}),
    "softplus": ("Softplus", {}),
    "hardswish": ("HardSwish", {}),
    "hardsigmoid": ("HardSigmoid", {"alpha": 1 / 6, "beta": 0.5}),
    "softmax": ("Softmax", {"axis": 1}),
    "identity": ("Identity", {}),
}
WRITTEN = (*(name for name in OPERATORS if name != "softmax"), "relu6", "silu", "mish", "gelu")


def _activation(body: GraphBody, site: NodeSite, layer: Any) -> str:
    return activated(body, site.x, layer.type)


EMITS: dict[str, Emit] = {
    **dict.fromkeys(WRITTEN, _activation),
    "linear": linear,
    "rbf": rbf,
    "lstm": recurrent("LSTM", 4),
    "gru": recurrent("GRU", 3),
    "rnn": recurrent("RNN", 1),
    "batchnorm": batchnorm,
    "layernorm": layernorm,
    "instancenorm": instancenorm,
    "groupnorm": groupnorm,
    "rmsnorm": rmsnorm,
    "l2norm": l2norm,
    "lrn": lrn,
    "scale": scale,
    "prelu": prelu,
    "maxout": maxout,
    "softmax": softmax,
}
