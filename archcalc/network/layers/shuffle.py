"""Layers that move elements between channels and positions, or among channels."""

from __future__ import annotations

from archcalc.diagnostics import Fault
from archcalc.network.layers.base import (
    EVERYTHING,
    SAME_POSITION,
    Example,
    Reach,
    Shape,
    Volumes,
)
from archcalc.network.layers.checks import divided, needs_axes, per_axis
from archcalc.network.layers.keys import key
from archcalc.network.layers.reshape import Rearrangement
from archcalc.network.layers.running import viewed
from archcalc.network.order import order_of
from archcalc.network.receptive_field import nearest_field, window_field
from archcalc.network.steps import Steps
from archcalc.network.values import OFFSETS, ORDER, POSITIVE, PerAxis
from archcalc.network.volume import Volume


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


class SpaceToDepth(Rearrangement):
    type = "space_to_depth"
    summary = "positions become channels: the inverse of pixel_shuffle"
    formula = "N / scale, with channels x scale^axes"
    example = Example("{type: space_to_depth, scale: 2}", "64x64x64")

    scale: int = key(POSITIVE, "rows that become channels, the same on all axes")

    def output_volume(self, inputs: Volumes) -> Volume:
        (volume,) = inputs
        needs_axes(self, volume)
        sizes = [
            divided(size, self.scale, f"rows of {name}", "scale")
            for name, size in zip(volume.axis_names, volume.spatial, strict=True)
        ]
        return Volume(volume.channels * self.scale ** len(sizes), tuple(sizes))

    def reach(self, shape: Shape) -> Reach:
        return (window_field(self.scale, 0, self.scale),) * len(shape.output.spatial)


class ChannelShuffle(Rearrangement):
    type = "channel_shuffle"
    summary = "channels of the groups interleaved (ShuffleNet)"
    example = Example("{type: channel_shuffle, groups: 4}", "28x28x240")

    groups: int = key(POSITIVE, "number of groups of channels")

    def output_volume(self, inputs: Volumes) -> Volume:
        divided(inputs[0].channels, self.groups, "channels", "groups")
        return inputs[0]

    def steps(self, shape: Shape) -> Steps:
        """One group, or groups of one channel, change no order, and nothing is copied."""
        if self.groups in (1, shape.output.channels):
            return (viewed(shape.output.elements),)
        return super().steps(shape)


class Rearrange(Rearrangement):
    type = "rearrange"
    summary = "the same elements in another order: axes cut into parts, moved and joined"
    formula = "the sizes of the parts on the right of the arrow, the channels last"
    keeps_rank = False
    example = Example('{type: rearrange, order: "(h i=7) (w j=7) c -> (h w) (i j) c"}', "56x56x96")

    order: str = key(ORDER, "parts of the input's axes, the channels last, then of the output's")

    def output_volume(self, inputs: Volumes) -> Volume:
        return order_of(self.order).volume(inputs[0])

    def makes_tokens(self, shape: Shape) -> bool:
        return len(shape.output.spatial) == 1

    def reach(self, shape: Shape) -> Reach:
        return SAME_POSITION if order_of(self.order).keeps_positions else EVERYTHING


class Roll(Rearrangement):
    type = "roll"
    summary = "rows moved along an axis; those that leave at one end come in at the other"
    example = Example("{type: roll, shift: [3, 3]}", "56x56x96")

    shift: PerAxis = key(OFFSETS, "rows that each axis is moved by")

    def output_volume(self, inputs: Volumes) -> Volume:
        (volume,) = inputs
        needs_axes(self, volume)
        per_axis(self.shift, volume, "shift")
        return volume

    def reach(self, shape: Shape) -> Reach:
        return EVERYTHING
