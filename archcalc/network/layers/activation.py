"""Activations: element by element, in place by default."""

from __future__ import annotations

from archcalc.network.counts import NOTHING, Sum, product
from archcalc.network.layers.base import Example, Family, Layer, Memory, Shape, Volumes
from archcalc.network.layers.checks import divided
from archcalc.network.layers.keys import key
from archcalc.network.values import POSITIVE
from archcalc.network.volume import Volume


class Activation(Layer):
    """One FLOP per element. The types that differ by name alone are made from `NAMES`."""

    family = Family.ACTIVATION
    memory = Memory.IN_PLACE

    def operations(self, shape: Shape) -> Sum:
        return product(("elements", shape.output.elements))


class PRelu(Activation):
    type = "prelu"
    summary = "leaky ReLU with a trained slope per channel"
    example = Example("{type: prelu}", "55x55x96")

    def weights(self, shape: Shape) -> Sum:
        return product(("C", shape.inputs[0].channels))


class Identity(Activation):
    type = "identity"
    summary = "the input as it is"
    example = Example("{type: identity}", "55x55x96")
    memory = Memory.VIEW

    def operations(self, shape: Shape) -> Sum:
        return NOTHING


class MaxOut(Layer):
    type = "maxout"
    summary = "largest of every `pieces` neighbouring channels"
    formula = "the input's, with channels / pieces"
    family = Family.ACTIVATION
    example = Example("{type: maxout, pieces: 2}", "55x55x96")

    pieces: int = key(POSITIVE, "channels that compete for one output")

    def output_volume(self, inputs: Volumes) -> Volume:
        (volume,) = inputs
        return Volume(divided(volume.channels, self.pieces, "channels", "pieces"), volume.spatial)

    def operations(self, shape: Shape) -> Sum:
        return product(("pieces - 1", self.pieces - 1), ("elements", shape.output.elements))


NAMES = {
    "relu": "max(x, 0)",
    "relu6": "min(max(x, 0), 6)",
    "leaky_relu": "x, or a small fixed multiple of it below 0",
    "elu": "x, or exp(x) - 1 below 0",
    "selu": "scaled ELU",
    "gelu": "x times the normal distribution function of x",
    "silu": "x times its sigmoid (swish)",
    "mish": "x times tanh of softplus of x",
    "hardswish": "x times its hard sigmoid",
    "hardsigmoid": "relu6(x + 3) / 6",
    "sigmoid": "1 / (1 + exp(-x))",
    "tanh": "hyperbolic tangent",
    "softplus": "log(1 + exp(x))",
    "softmax": "exp(x) over the sum of exp over the channels",
}

ALIKE: tuple[type[Activation], ...] = tuple(
    type(
        name,
        (Activation,),
        {
            "__doc__": summary,
            "type": name,
            "summary": summary,
            "example": Example(f"{{type: {name}}}", "55x55x96"),
        },
    )
    for name, summary in NAMES.items()
)
globals().update((layer.type, layer) for layer in ALIKE)  # where pickle looks for them

# Those without keys and weights, which an entry of any type may name as its `activation`.
AFTER_LAYERS: tuple[type[Layer], ...] = (*ALIKE, Identity)

TYPES: tuple[type[Layer], ...] = (*ALIKE, PRelu, Identity, MaxOut)
