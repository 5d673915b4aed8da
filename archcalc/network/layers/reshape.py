"""Layers that show the same elements in another way, and dropout."""

from __future__ import annotations

from fractions import Fraction
from math import prod

from archcalc.diagnostics import Fault
from archcalc.network.counts import Sum, product
from archcalc.network.layers.axes import AXIS, CHANNELS, along, on_axis, place_of, with_size
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
from archcalc.network.layers.running import untouched, viewed
from archcalc.network.receptive_field import whole_field, window_field
from archcalc.network.steps import SAMPLE, Flow, Home, Precision, Step, Steps
from archcalc.network.values import NATURAL, POSITIVE, REST, SHAPE, Rate
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

    shape: Volume = key(SHAPE, "the output: sizes and channels; -1 is what is left for one of them")

    def output_volume(self, inputs: Volumes) -> Volume:
        (volume,) = inputs
        sizes = (*self.shape.spatial, self.shape.channels)
        stated = abs(prod(sizes))
        rest, remainder = divmod(volume.elements, stated)
        if REST in sizes and not remainder:
            *spatial, channels = [rest if size == REST else size for size in sizes]
            return Volume(channels, tuple(spatial))
        if remainder or rest != 1:
            had = f"{stated:,} for each of what -1 stands for" if REST in sizes else f"{stated:,}"
            fact = f"{volume} has {volume.elements:,} elements and {self.shape} has {had}"
            raise Fault("reshape-mismatch", fact, key="shape")
        return self.shape

    def makes_tokens(self, shape: Shape) -> bool:
        return len(shape.output.spatial) == 1

    def reach(self, shape: Shape) -> Reach:
        return EVERYTHING

    def steps(self, shape: Shape) -> Steps:
        return (viewed(shape.output.elements),)


class Slice(Rearrangement):
    type = "slice"
    summary = "channels from start up to, not including, stop (ShuffleNet's channel split)"
    formula = "the input's, with stop - start channels, or as many rows along the axis"
    memory = Memory.VIEW
    example = Example("{type: slice, start: 0, stop: 58}", "28x28x116")

    start: int = key(NATURAL, "first channel, from 0")
    stop: int = key(POSITIVE, "channel after the last")
    axis: str = key(AXIS, "what is cut: the channels, the positions, or an axis", CHANNELS)
    groups: int = key(POSITIVE, "equal parts of the channels, each of which is cut (heads)", 1)
    step: int = key(POSITIVE, "distance of those that are kept", 1)

    def check_keys(self) -> None:
        if self.start >= self.stop:
            raise Fault(
                "slice-out-of-range",
                f"{self.axis} from {self.start} up to, not including, {self.stop} are none",
                key="stop",
            )
        if self.groups > 1 and self.axis != CHANNELS:
            raise Fault("conflicting-keys", "groups are of channels alone", key="groups")

    def output_volume(self, inputs: Volumes) -> Volume:
        (volume,) = inputs
        place = place_of(self.axis, volume)
        size = along(volume, place)
        if self.groups > 1:
            size = divided(size, self.groups, "channels", "groups", "indivisible-groups")
        if self.stop > size:
            had = f"has {size} channels" if place is None else f"is {volume.described()}"
            had = f"has groups of {size}" if self.groups > 1 else had
            fact = f"stop is {self.stop}, and the input {had}"
            raise Fault("slice-out-of-range", fact, key="stop")
        kept = -(-(self.stop - self.start) // self.step)
        return with_size(volume, place, kept * self.groups)

    def reach(self, shape: Shape) -> Reach:
        place = place_of(self.axis, shape.output)
        if place is None:
            return SAME_POSITION
        return on_axis(window_field(self.step, -self.start, 1), place, shape.output)

    def steps(self, shape: Shape) -> Steps:
        """Its gradient is one of zeros, of the whole input, with that of the slice in it."""
        return (Step(shape.output.elements, home=Home.PART),)


class ReduceSum(Layer):
    type = "reduce_sum"
    summary = "the sum along an axis, or of the channels"
    formula = "the input's, with one row along the axis"
    family = Family.POOLING
    example = Example("{type: reduce_sum, axis: width}", "4x256x64")

    axis: str = key(AXIS, "what is added up: the channels, the positions, or an axis")

    def output_volume(self, inputs: Volumes) -> Volume:
        (volume,) = inputs
        return with_size(volume, place_of(self.axis, volume), 1)

    def operations(self, shape: Shape) -> Sum:
        return product(("elements in", shape.inputs[0].elements))

    def reach(self, shape: Shape) -> Reach:
        place = place_of(self.axis, shape.output)
        if place is None:
            return SAME_POSITION
        if len(shape.output.spatial) == 1:
            return EVERYTHING
        size = shape.inputs[0].spatial[place]
        return on_axis(whole_field(size), place, shape.output)

    def steps(self, shape: Shape) -> Steps:
        return (Step(shape.output.elements, precision=Precision.PROMOTED, flow=Flow.VIEW),)
