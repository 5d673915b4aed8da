"""Layers that rearrange, cut or enlarge, and dropout."""

from __future__ import annotations

from fractions import Fraction

from archcalc.diagnostics import Fault
from archcalc.network.counts import NOTHING, Sum, product
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
from archcalc.network.layers.checks import divided, needs_axes, per_axis
from archcalc.network.layers.keys import key
from archcalc.network.layers.padding import pads
from archcalc.network.layers.running import untouched, viewed
from archcalc.network.receptive_field import Field, linear_field, nearest_field
from archcalc.network.steps import SAMPLE, Home, Precision, Step, Steps
from archcalc.network.values import (
    NATURAL,
    PADS,
    POSITIVE,
    SIZES,
    VOLUME,
    Choice,
    CropType,
    Like,
    Pads,
    PerAxis,
    Rate,
)
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


class Pad(Rearrangement):
    type = "pad"
    summary = "rows added around the input"
    formula = "N + P"
    example = Example("{type: pad, padding: [[0, 1], [0, 1]]}", "224x224x3")

    padding: Pads = key(PADS, "rows to add: for all axes, per axis, or [before, after] per axis")

    def output_volume(self, inputs: Volumes) -> Volume:
        (volume,) = inputs
        needs_axes(self, volume)
        added = pads(self.padding, volume, "padding")
        return Volume(
            volume.channels,
            tuple(n + a + b for n, (a, b) in zip(volume.spatial, added, strict=True)),
        )

    def reach(self, shape: Shape) -> Reach:
        added = pads(self.padding, shape.inputs[0], "padding")
        return tuple(Field(1, ((-before, -before),)) for before, _ in added)


class Crop(Rearrangement):
    type = "crop"
    summary = "rows cut off, or the centre of another layer's size"
    formula = "N - crop, or the other layer's size"
    example = Example("{type: crop, crop: 4}", "64x64x128")

    crop: Pads | Like = key(
        CropType(), "rows to cut: for all axes, per axis, [before, after] pairs, or {like: NAME}"
    )

    def likes(self) -> tuple[str, ...]:
        return (self.crop.name,) if isinstance(self.crop, Like) else ()

    def _cut(self, inputs: Volumes) -> tuple[tuple[int, int], ...]:
        volume = inputs[0]
        if not isinstance(self.crop, Like):
            return pads(self.crop, volume, "crop")
        wanted = inputs[1].spatial
        if len(wanted) != len(volume.spatial) or any(
            mine < theirs for mine, theirs in zip(volume.spatial, wanted, strict=False)
        ):
            raise Fault(
                "crop-too-large",
                f"{inputs[1].described()} cannot be cut out of {volume.described()}",
                key="crop",
            )
        rest = [mine - theirs for mine, theirs in zip(volume.spatial, wanted, strict=True)]
        return tuple((r // 2, r - r // 2) for r in rest)

    def output_volume(self, inputs: Volumes) -> Volume:
        volume = inputs[0]
        needs_axes(self, volume)
        sizes = []
        for name, n, (a, b) in zip(
            volume.axis_names, volume.spatial, self._cut(inputs), strict=True
        ):
            if n - a - b < 1:
                raise Fault(
                    "crop-too-large",
                    f"{name}: {n} - {a} - {b} = {n - a - b}: nothing is left",
                    key="crop",
                )
            sizes.append(n - a - b)
        return Volume(volume.channels, tuple(sizes))

    def reach(self, shape: Shape) -> Reach:
        return tuple(Field(1, ((before, before),)) for before, _ in self._cut(shape.inputs))


class Upsample(Rearrangement):
    type = "upsample"
    summary = "enlarged by repetition (nearest) or interpolation over all axes (linear)"
    formula = "N scale, or size"
    example = Example("{type: upsample, scale: 2, mode: linear}", "28x28x256")

    scale: PerAxis | None = key(SIZES, "factor; instead of size", None)
    size: PerAxis | None = key(SIZES, "the output's size; instead of scale", None)
    mode: str = key(Choice(("nearest", "linear")), "how elements between are found", "nearest")

    def check_keys(self) -> None:
        if self.scale is None and self.size is None:
            raise Fault("missing-key", "upsample needs scale or size")
        if self.scale is not None and self.size is not None:
            raise Fault("conflicting-keys", "upsample takes scale or size, not both", key="size")

    def output_volume(self, inputs: Volumes) -> Volume:
        (volume,) = inputs
        needs_axes(self, volume)
        if self.size is not None:
            return Volume(volume.channels, per_axis(self.size, volume, "size"))
        scale = per_axis(self.scale or 1, volume, "scale")
        return Volume(
            volume.channels, tuple(n * s for n, s in zip(volume.spatial, scale, strict=True))
        )

    def operations(self, shape: Shape) -> Sum:
        if self.mode == "nearest":
            return NOTHING
        each = 2 ** (len(shape.output.spatial) + 1) - 1
        return product(("2^(axes + 1) - 1", each), ("elements", shape.output.elements))

    def reach(self, shape: Shape) -> Reach:
        field = nearest_field if self.mode == "nearest" else linear_field
        return tuple(map(field, shape.inputs[0].spatial, shape.output.spatial))

    def steps(self, shape: Shape) -> Steps:
        return (Step(shape.output.elements, precision=Precision.FULL),)


class PixelShuffle(Rearrangement):
    type = "pixel_shuffle"
    summary = "channels become positions: scale per axis"
    formula = "N scale, with channels / scale^axes"
    example = Example("{type: pixel_shuffle, scale: 2}", "32x32x256")

    scale: int = key(POSITIVE, "factor, the same on all axes")

    def output_volume(self, inputs: Volumes) -> Volume:
        (volume,) = inputs
        needs_axes(self, volume)
        pieces = self.scale ** len(volume.spatial)
        if volume.channels % pieces:
            raise Fault(
                "indivisible-size",
                f"{volume.channels} channels / {self.scale}^{len(volume.spatial)} = "
                f"{volume.channels // pieces} remainder {volume.channels % pieces}",
                key="scale",
            )
        return Volume(volume.channels // pieces, tuple(n * self.scale for n in volume.spatial))

    def reach(self, shape: Shape) -> Reach:
        return tuple(map(nearest_field, shape.inputs[0].spatial, shape.output.spatial))


class ChannelShuffle(Rearrangement):
    type = "channel_shuffle"
    summary = "channels of the groups interleaved (ShuffleNet)"
    example = Example("{type: channel_shuffle, groups: 4}", "28x28x240")

    groups: int = key(POSITIVE, "number of groups of channels")

    def output_volume(self, inputs: Volumes) -> Volume:
        divided(inputs[0].channels, self.groups, "channels", "groups")
        return inputs[0]
