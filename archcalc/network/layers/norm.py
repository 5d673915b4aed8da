"""Normalisations, and the scale and shift per channel."""

from __future__ import annotations

from fractions import Fraction

from archcalc.diagnostics import Fault
from archcalc.network.counts import NOTHING, Sum, product
from archcalc.network.layers.base import (
    Example,
    Family,
    Layer,
    Shape,
    Volumes,
)
from archcalc.network.layers.checks import divided
from archcalc.network.layers.keys import key
from archcalc.network.steps import SAMPLE, Flow, Home, Precision, Step, Steps
from archcalc.network.values import NUMBER, POSITIVE, TRUTH, Choice
from archcalc.network.volume import Volume

PARAMETER_BYTES = 4
AFFINE = "scale and shift per channel"


class Normalisation(Layer):
    """Two FLOPs per element, affine or not; statistics are no part of a receptive field."""

    family = Family.NORMALISATION
    affine: bool

    def weights(self, shape: Shape) -> Sum:
        return product(("C", shape.inputs[0].channels)) if self.affine else NOTHING

    def biases(self, shape: Shape) -> Sum:
        return self.weights(shape)

    def operations(self, shape: Shape) -> Sum:
        return product(("operations", 2), ("elements", shape.output.elements))

    def normalised(self, shape: Shape, statistics: int) -> Step:
        """One operation that keeps its input and statistics of it."""
        return Step(
            shape.output.elements,
            keeps=(0,),
            statistics=statistics,
            weights=self.weights(shape).value,
            biases=self.biases(shape).value,
        )


class BatchNorm(Normalisation):
    type = "batchnorm"
    summary = "batch normalisation; running mean and variance are buffers"
    example = Example("{type: batchnorm, activation: relu}", "112x112x64")
    cancels_bias = True

    affine: bool = key(TRUTH, AFFINE, True)

    def buffers(self, shape: Shape) -> Sum:
        return product(("mean and variance", 2), ("C", shape.inputs[0].channels))

    def steps(self, shape: Shape) -> Steps:
        """Of cuDNN, which makes no statistics at inference, reads no slices, and wants a scale.

        In bfloat16 PyTorch has a kernel of its own.
        """
        step = self.normalised(shape, 2 * shape.output.channels)
        is_cudnn = self.affine
        return (step._replace(trains_only=is_cudnn, gathers_full=is_cudnn, flow=Flow.MADE),)


class LayerNorm(Normalisation):
    type = "layernorm"
    summary = "normalisation over the channels at each position"
    example = Example("{type: layernorm}", "56x56x96")

    affine: bool = key(TRUTH, AFFINE, True)
    bias: bool = key(TRUTH, "the shift; false leaves the scale alone", True)

    def check_keys(self) -> None:
        if not self.affine and not self.bias:
            raise Fault("conflicting-keys", "affine: false leaves no bias to leave out", key="bias")

    def biases(self, shape: Shape) -> Sum:
        return self.weights(shape) if self.bias else NOTHING

    def steps(self, shape: Shape) -> Steps:
        """The channels are moved to the end and back, as views."""
        step = self.normalised(shape, 2 * shape.output.positions * SAMPLE)
        step = step._replace(precision=Precision.FULL)
        if not shape.output.spatial:
            return (step,)
        return (step._replace(home=Home.OWN_VIEW, flow=Flow.NEW_VIEW),)


class InstanceNorm(Normalisation):
    type = "instancenorm"
    summary = "normalisation over the positions of each channel"
    example = Example("{type: instancenorm}", "64x64x128")

    affine: bool = key(TRUTH, AFFINE, True)

    def steps(self, shape: Shape) -> Steps:
        """A batch normalisation of samples x channels, for which scale and shift are repeated."""
        pairs = shape.output.channels * SAMPLE
        step = self.normalised(shape, 2 * pairs)
        step = step._replace(home=Home.OWN_VIEW, flow=Flow.NEW_VIEW, gathers=True)
        if not self.affine:
            return (step,)
        return (
            step._replace(
                statistics=3 * pairs,
                working=PARAMETER_BYTES * pairs,
                made_backward=shape.output.elements,
                made_backward_bytes=2 * PARAMETER_BYTES * pairs,
            ),
        )


class GroupNorm(Normalisation):
    type = "groupnorm"
    summary = "normalisation over groups of channels"
    example = Example("{type: groupnorm, groups: 32}", "56x56x256")

    groups: int = key(POSITIVE, "number of groups of channels")
    affine: bool = key(TRUTH, AFFINE, True)

    def output_volume(self, inputs: Volumes) -> Volume:
        divided(inputs[0].channels, self.groups, "channels", "groups", "indivisible-groups")
        return inputs[0]

    def steps(self, shape: Shape) -> Steps:
        step = self.normalised(shape, 2 * self.groups * SAMPLE)
        return (step._replace(precision=Precision.FULL),)


class LocalResponseNorm(Layer):
    type = "lrn"
    summary = "local response normalisation (AlexNet); no parameters"
    family = Family.NORMALISATION
    example = Example("{type: lrn, size: 5}", "55x55x96")

    size: int = key(POSITIVE, "number of neighbouring channels", 5)

    def operations(self, shape: Shape) -> Sum:
        return product(("2 size + 2", 2 * self.size + 2), ("elements", shape.output.elements))

    def steps(self, shape: Shape) -> Steps:
        """x / (k + alpha x the mean of x^2 over neighbouring channels)^beta."""
        elements = shape.output.elements
        padded = (shape.output.channels + self.size - 1) * shape.output.positions
        square, pad, mean, times_alpha, plus_k, power = ~0, ~1, ~2, ~3, ~4, ~5
        return (
            Step(elements, (0, 0), keeps=(0, 1)),
            Step(padded, (square,)),
            Step(elements, (pad,), keeps=(0,)),
            Step(elements, (mean,)),
            Step(elements, (times_alpha,), (mean,), flow=Flow.PASSED),
            Step(
                elements,
                (plus_k,),
                (mean,),
                precision=Precision.FULL,
                keeps=(0,),
                made_backward=3 * elements,
            ),
            Step(
                elements,
                (0, power),
                precision=Precision.PROMOTED,
                keeps=(0, 1),
                made_backward=4 * elements,
            ),
        )


class Scale(Layer):
    type = "scale"
    summary = "one coefficient (and bias) per channel, one for all, or a fixed number"
    family = Family.NORMALISATION
    example = Example("{type: scale}", "28x28x64")

    by: Fraction | None = key(NUMBER, "a fixed number in the place of trained ones", None)
    per: str = key(Choice(("channel", "tensor")), "what has a trained number of its own", "channel")
    bias: bool | None = key(
        TRUTH, "numbers that are added, as many; left out, only per channel", None
    )

    plus: Fraction | None = key(NUMBER, "a fixed number that is added, with by", None)

    def check_keys(self) -> None:
        if self.by is None:
            if self.plus is not None:
                raise Fault("conflicting-keys", "plus is added to what by scales", key="plus")
            return
        for name, is_given in (("bias", self.bias), ("per", self.per == "tensor")):
            if is_given:
                fact = f"scale by a number trains nothing, and {name} is of trained numbers"
                raise Fault("conflicting-keys", fact, key=name)

    @property
    def adds(self) -> bool:
        """Whether numbers are added as well."""
        return self.per == "channel" and self.by is None if self.bias is None else self.bias

    def weights(self, shape: Shape) -> Sum:
        if self.by is not None:
            return NOTHING
        return product(("C", shape.inputs[0].channels) if self.per == "channel" else ("tensor", 1))

    def biases(self, shape: Shape) -> Sum:
        return self.weights(shape) if self.adds else NOTHING

    def operations(self, shape: Shape) -> Sum:
        both = self.adds or (self.plus is not None and self.by != 1)
        return product(("operations", 2 if both else 1), ("elements", shape.output.elements))

    def steps(self, shape: Shape) -> Steps:
        """The coefficients' gradient is that of every element, before it is added up."""
        elements, trained = shape.output.elements, self.weights(shape).value
        if not trained:
            return (Step(elements),)
        scaled = Step(
            elements,
            precision=Precision.PROMOTED,
            keeps=(0,),
            spread=elements,
            weights=trained,
        )
        if not self.adds:
            return (scaled,)
        return scaled, Step(elements, (~0,), flow=Flow.PASSED, biases=trained)
