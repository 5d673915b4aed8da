"""Layers that show the same elements in another way, and dropout."""

from __future__ import annotations

from fractions import Fraction

from archcalc.diagnostics import Fault
from archcalc.network.layers.base import (
    EVERYTHING,
    Example,
    Family,
    Layer,
    Memory,
    Reach,
    Shape,
    Volumes,
)
from archcalc.network.layers.keys import key
from archcalc.network.layers.running import untouched, viewed
from archcalc.network.steps import SAMPLE, Home, Step, Steps
from archcalc.network.values import NATURAL, POSITIVE, VOLUME, Rate
from archcalc.network.volume import Volume


class Rearrangement(Layer):
    family = Family.REARRANGEMENT


class Dropout(Rearrangement):
    type = "dropout"
    summary = "nothing at inference"
    memory = Memory.VIEW
    example = Example("{type: dropout, rate: 0.5}", "4096")

    rate: Fraction = key(Rate(), "share of elements dropped in training", Fraction(1, 2))

    def steps(self, shape: Shape) -> Steps:
        """A mask of a byte an element, as CUDA keeps it."""
        elements = shape.output.elements
        if not self.rate:
            return (untouched(elements),)
        return (Step(elements, kept=elements * SAMPLE, trains_only=True),)


class Flatten(Rearrangement):
    type = "flatten"
    summary = "all elements as a vector"
    formula = "a vector of all elements"
    keeps_rank = False
    memory = Memory.VIEW
    example = Example("{type: flatten}", "6x6x256")

    def output_volume(self, inputs: Volumes) -> Volume:
        return Volume(inputs[0].elements)

    def reach(self, shape: Shape) -> Reach:
        return EVERYTHING

    def steps(self, shape: Shape) -> Steps:
        return (viewed(shape.output.elements),)


class Reshape(Rearrangement):
    type = "reshape"
    summary = "the same elements in another shape"
    formula = "as stated, with the same number of elements"
    keeps_rank = False
    memory = Memory.VIEW
    example = Example("{type: reshape, shape: 7x7x128}", "6272")

    shape: Volume = key(VOLUME, "the output: sizes and channels")

    def output_volume(self, inputs: Volumes) -> Volume:
        (volume,) = inputs
        if volume.elements != self.shape.elements:
            raise Fault(
                "reshape-mismatch",
                f"{volume} has {volume.elements:,} elements and {self.shape} has "
                f"{self.shape.elements:,}",
                key="shape",
            )
        return self.shape

    def reach(self, shape: Shape) -> Reach:
        return EVERYTHING

    def steps(self, shape: Shape) -> Steps:
        return (viewed(shape.output.elements),)


class Slice(Rearrangement):
    type = "slice"
    summary = "channels from start up to, not including, stop (ShuffleNet's channel split)"
    formula = "the input's, with stop - start channels"
    memory = Memory.VIEW
    example = Example("{type: slice, start: 0, stop: 58}", "28x28x116")

    start: int = key(NATURAL, "first channel, from 0")
    stop: int = key(POSITIVE, "channel after the last")

    def check_keys(self) -> None:
        if self.start >= self.stop:
            raise Fault(
                "slice-out-of-range",
                f"channels from {self.start} up to, not including, {self.stop} are none",
                key="stop",
            )

    def output_volume(self, inputs: Volumes) -> Volume:
        (volume,) = inputs
        if self.stop > volume.channels:
            raise Fault(
                "slice-out-of-range",
                f"stop is {self.stop}, and the input has {volume.channels} channels",
                key="stop",
            )
        return Volume(self.stop - self.start, volume.spatial)

    def steps(self, shape: Shape) -> Steps:
        """Its gradient is one of zeros, of the whole input, with that of the slice in it."""
        return (Step(shape.output.elements, home=Home.PART),)
