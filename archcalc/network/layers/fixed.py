"""Layers with a window and nothing that is trained: fixed filters, and windows as channels."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any

from archcalc.network.counts import Sum, product
from archcalc.network.layers.base import Example, Family, Layer, Reach, Shape, Volumes
from archcalc.network.layers.checks import needs_axes, per_axis
from archcalc.network.layers.conv import DILATION, KERNEL, PADDING_DOC, STRIDE
from archcalc.network.layers.factors import kernel_factors, position_factors
from archcalc.network.layers.keys import key
from archcalc.network.layers.padding import mirrored
from archcalc.network.layers.running import padded_before
from archcalc.network.layers.windowed import Windowed
from archcalc.network.receptive_field import window_field
from archcalc.network.steps import Home, Precision, Step, Steps
from archcalc.network.values import PADDING, SIZES, Padding, PerAxis
from archcalc.network.volume import Volume


class BlurPool(Layer):
    """(F - 1) / 2 mirrored rows on both sides, the odd one at the end: it has no padding to state,
    and no stride that does not divide.
    """

    type = "blurpool"
    summary = "each channel smoothed by a fixed filter, then subsampled (anti-aliasing)"
    formula = "ceil(N / S)"
    family = Family.POOLING
    example = Example("{type: blurpool, kernel: 3, stride: 2}", "56x56x64")

    kernel: PerAxis = key(SIZES, "size of the filter, a row of Pascal's triangle on each axis", 3)
    stride: PerAxis = key(SIZES, STRIDE, 2)

    def output_volume(self, inputs: Volumes) -> Volume:
        (volume,) = inputs
        needs_axes(self, volume)
        strides = per_axis(self.stride, volume, "stride")
        axes = zip(volume.axis_names, volume.spatial, self._padding(volume), strict=True)
        for name, size, padding in axes:
            mirrored(name, size, padding, "kernel")
        sizes = zip(volume.spatial, strides, strict=True)
        return Volume(volume.channels, tuple(-(-size // stride) for size, stride in sizes))

    def _padding(self, volume: Volume) -> tuple[tuple[int, int], ...]:
        kernel = per_axis(self.kernel, volume, "kernel")
        return tuple(((size - 1) // 2, size // 2) for size in kernel)

    def buffers(self, shape: Shape) -> Sum:
        volume = shape.inputs[0]
        return product(*kernel_factors(self.kernel, volume), ("C", volume.channels))

    def macs(self, shape: Shape) -> Sum:
        return self.buffers(shape).times(*position_factors(shape.output))

    def steps(self, shape: Shape) -> Steps:
        """The mirror keeps its input, and the convolution the padded copy."""
        volume = shape.inputs[0]
        axes = zip(volume.spatial, self._padding(volume), strict=True)
        padded = Step(volume.channels * prod(n + a + b for n, (a, b) in axes), keeps=(0,))
        filtered = Step(
            shape.output.elements,
            (~0,),
            precision=Precision.HALF,
            keeps=(0,),
            fixed=self.buffers(shape).value,
        )
        return padded, filtered

    def reach(self, shape: Shape) -> Reach:
        volume = shape.inputs[0]
        kernel = per_axis(self.kernel, volume, "kernel")
        stride = per_axis(self.stride, volume, "stride")
        axes = zip(stride, self._padding(volume), kernel, strict=True)
        return tuple(window_field(s, before, f) for s, (before, _), f in axes)

    def geometry(self, shape: Shape) -> Mapping[str, Any]:
        volume = shape.inputs[0]
        return {
            "kernel": list(per_axis(self.kernel, volume, "kernel")),
            "stride": list(per_axis(self.stride, volume, "stride")),
            "padding": [list(pair) for pair in self._padding(volume)],
        }


class Unfold(Windowed):
    type = "unfold"
    summary = "windows as channels (im2col)"
    family = Family.REARRANGEMENT
    formula = f"{Windowed.formula}; C x elements of the window channels"
    example = Example("{type: unfold, kernel: 3, padding: 1}", "28x28x16")

    kernel: PerAxis = key(SIZES, KERNEL)
    stride: PerAxis = key(SIZES, STRIDE, 1)
    padding: Padding = key(PADDING, PADDING_DOC, 0)
    dilation: PerAxis = key(SIZES, DILATION, 1)

    def channels(self, volume: Volume) -> int:
        return volume.channels * prod(per_axis(self.kernel, volume, "kernel"))

    def steps(self, shape: Shape) -> Steps:
        padded = padded_before(shape)
        read = (~0 if padded else 0,)
        return (*padded, Step(shape.output.elements, read, home=Home.OWN_VIEW))
