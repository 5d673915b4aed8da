"""Activations: element by element, in place by default."""

from __future__ import annotations

from typing import ClassVar

from archcalc.diagnostics import Fault
from archcalc.network.counts import NOTHING, Sum, product
from archcalc.network.layers.axes import AXIS, CHANNELS, on_axis, place_of
from archcalc.network.layers.base import (
    EVERYTHING,
    SAME_POSITION,
    Example,
    Family,
    Layer,
    Memory,
    Reach,
    Shape,
    Volumes,
)
from archcalc.network.layers.checks import divided
from archcalc.network.layers.keys import key
from archcalc.network.layers.running import untouched
from archcalc.network.receptive_field import whole_field
from archcalc.network.steps import INDEX_BYTES, SAMPLE, Flow, Home, Precision, Step, Steps
from archcalc.network.values import POSITIVE
from archcalc.network.volume import Volume


class Activation(Layer):
    """One FLOP per element. The types that differ by name and ``step`` are made from `NAMES`."""

    family = Family.ACTIVATION
    memory = Memory.IN_PLACE
    step: ClassVar[Step]

    def operations(self, shape: Shape) -> Sum:
        return product(("elements", shape.output.elements))

    def steps(self, shape: Shape) -> Steps:
        return (self.step._replace(elements=shape.output.elements),)


class Softmax(Activation):
    type = "softmax"
    summary = "exp(x) over the sum of exp along an axis"
    example = Example("{type: softmax}", "55x55x96")
    step = Step(0, precision=Precision.FULL, keeps_output=True)

    axis: str = key(AXIS, "what adds up to 1: the channels, the positions, or an axis", CHANNELS)
    groups: int = key(POSITIVE, "equal parts of the channels, each adding up to 1 (heads)", 1)

    def check_keys(self) -> None:
        if self.groups > 1 and self.axis != CHANNELS:
            raise Fault("conflicting-keys", "groups are of channels alone", key="groups")

    def output_volume(self, inputs: Volumes) -> Volume:
        place_of(self.axis, inputs[0])
        divided(inputs[0].channels, self.groups, "channels", "groups", "indivisible-groups")
        return inputs[0]

    def reach(self, shape: Shape) -> Reach:
        volume = shape.output
        place = place_of(self.axis, volume)
        if place is None:
            return SAME_POSITION
        if len(volume.spatial) == 1:
            return EVERYTHING
        return on_axis(whole_field(volume.spatial[place]), place, volume)


class PRelu(Activation):
    type = "prelu"
    summary = "leaky ReLU with a trained slope per channel"
    example = Example("{type: prelu}", "55x55x96")

    def weights(self, shape: Shape) -> Sum:
        return product(("C", shape.inputs[0].channels))

    def steps(self, shape: Shape) -> Steps:
        """The gradients of all elements are made: the input's, and the slopes' to be added up."""
        elements = shape.output.elements
        return (
            Step(
                elements,
                precision=Precision.HALF,
                flow=Flow.MADE,
                keeps=(0,),
                spread=elements,
                weights=shape.output.channels,
            ),
        )


class Identity(Activation):
    type = "identity"
    summary = "the input as it is"
    example = Example("{type: identity}", "55x55x96")
    memory = Memory.VIEW

    def operations(self, shape: Shape) -> Sum:
        return NOTHING

    def steps(self, shape: Shape) -> Steps:
        return (untouched(shape.output.elements),)


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

    def steps(self, shape: Shape) -> Steps:
        """The gradient is shared out among the largest, which a mask marks and a count divides."""
        read, made = shape.inputs[0].elements, shape.output.elements
        return (
            Step(
                made,
                flow=Flow.NEW_VIEW,
                keeps=(0,),
                keeps_output=True,
                made_backward=read + made,
                made_backward_bytes=(read + INDEX_BYTES * made) * SAMPLE,
            ),
        )


KEEPS_OUTPUT = Step(0, keeps_output=True)
KEEPS_INPUT = Step(0, keeps=(0,))
OVERWRITES = Step(0, home=Home.OVER, keeps=(0,))
CLONES = Step(0, home=Home.OVER_CLONE, keeps=(0,))

NAMES = {
    "relu": ("max(x, 0)", KEEPS_OUTPUT._replace(home=Home.OVER)),
    "relu6": ("min(max(x, 0), 6)", CLONES),
    "leaky_relu": ("x, or a small fixed multiple of it below 0", OVERWRITES),
    "elu": ("x, or exp(x) - 1 below 0", OVERWRITES),
    "selu": ("scaled ELU", OVERWRITES),
    "gelu": ("x times the normal distribution function of x", KEEPS_INPUT),
    "silu": ("x times its sigmoid (swish)", CLONES),
    "mish": ("x times tanh of softplus of x", CLONES),
    "hardswish": ("x times its hard sigmoid", CLONES),
    "hardsigmoid": ("relu6(x + 3) / 6", CLONES),
    "sigmoid": ("1 / (1 + exp(-x))", KEEPS_OUTPUT),
    "tanh": ("hyperbolic tangent", KEEPS_OUTPUT),
    "softplus": ("log(1 + exp(x))", KEEPS_INPUT._replace(precision=Precision.FULL)),
}

for name, (summary, step) in NAMES.items():
    globals()[name] = type(
        name,
        (Activation,),
        {
            "__doc__": summary,
            "type": name,
            "summary": summary,
            "example": Example(f"{{type: {name}}}", "55x55x96"),
            "step": step,
        },
    )
