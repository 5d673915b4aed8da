"""Transposed convolutions."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any

from archcalc.diagnostics import Fault
from archcalc.network.counts import NOTHING, Product, Sum, product
from archcalc.network.layers.base import Example, Family, Layer, Reach, Shape, Volumes
from archcalc.network.layers.checks import check_groups, needs_axes, per_axis
from archcalc.network.layers.conv import BIAS, DILATION, KERNEL
from archcalc.network.layers.factors import kernel_factors, of_group, position_factors
from archcalc.network.layers.keys import key
from archcalc.network.layers.padding import half_padding, pads
from archcalc.network.matrix import Matrix, MatrixProduct
from archcalc.network.receptive_field import transposed_field
from archcalc.network.steps import Precision, Step, Steps
from archcalc.network.values import (
    OFFSETS,
    POSITIVE,
    SIZES,
    TRANSPOSED_PADDING,
    TRUTH,
    PerAxis,
    TransposedPadding,
)
from archcalc.network.volume import Volume
from archcalc.network.window import TransposedWindow


class ConvTranspose(Layer):
    type = "conv_transpose"
    summary = "transposed convolution; MACs are weights x input positions"
    formula = "(N - 1)S - P + D(F - 1) + output_padding + 1"
    example = Example("{type: conv_transpose, filters: 64, kernel: 2, stride: 2}", "28x28x128")
    family = Family.CONVOLUTION
    depth = 1

    filters: int = key(POSITIVE, "number of filters, the output's channels")
    kernel: PerAxis = key(SIZES, KERNEL)
    stride: PerAxis = key(SIZES, "distance of neighbouring inputs in the output", 1)
    padding: TransposedPadding = key(
        TRANSPOSED_PADDING, "rows taken off the output; with same it is N S", 0
    )
    output_padding: PerAxis = key(OFFSETS, "rows added at the end of the output", 0)
    dilation: PerAxis = key(SIZES, DILATION, 1)
    groups: int = key(POSITIVE, "parts into which channels and filters are divided", 1)
    bias: bool = key(TRUTH, BIAS, True)

    def transposed(self, volume: Volume) -> tuple[TransposedWindow, ...]:
        """One transposed window per axis, with the padding resolved.

        Raises:
            Fault: ``axis-count``; ``wrong-value`` for output padding that no stride leaves open;
                ``not-an-integer`` and ``window-too-large`` where ``half`` or ``same`` is none.
        """
        needs_axes(self, volume)
        kernel = per_axis(self.kernel, volume, "kernel")
        stride = per_axis(self.stride, volume, "stride")
        dilation = per_axis(self.dilation, volume, "dilation")
        extra = per_axis(self.output_padding, volume, "output_padding")
        for name, s, d, e in zip(volume.axis_names, stride, dilation, extra, strict=True):
            if e >= max(s, d):
                raise Fault(
                    "wrong-value",
                    f"{name}: output_padding is {e}; it must be smaller than the stride {s} or "
                    f"the dilation {d}",
                    key="output_padding",
                )
        if self.padding == "same":
            padding = tuple(map(_same_transposed, kernel, stride, dilation, extra))
        elif self.padding == "half":
            padding = half_padding(volume, kernel, dilation)
        else:
            padding = pads(self.padding, volume, "padding")
        return tuple(
            TransposedWindow(size, f, s, before, after, d, e)
            for size, f, s, (before, after), d, e in zip(
                volume.spatial, kernel, stride, padding, dilation, extra, strict=True
            )
        )

    def on(self, inputs: Volumes) -> Shape:
        volume = inputs[0]
        check_groups(self.groups, volume.channels, self.filters)
        windows = self.transposed(volume)
        sizes = tuple(window.output for window in windows)
        for name, size, w in zip(volume.axis_names, sizes, windows, strict=True):
            if size < 1:
                raise Fault(
                    "window-too-large",
                    f"{name}: ({w.size} - 1) x {w.stride} - {w.before + w.after} + "
                    f"{w.dilation}({w.kernel} - 1) + {w.output_padding} + 1 = {size}: the padding "
                    f"leaves no output; the input is {volume.described()}",
                )
        return Shape(inputs, Volume(self.filters, sizes), transposed=windows)

    def size_arithmetic(self, shape: Shape) -> tuple[str, ...]:
        return tuple(window.arithmetic for window in shape.transposed)

    def weights(self, shape: Shape) -> Sum:
        volume = shape.inputs[0]
        filters = of_group("K", self.filters, self.groups)
        return product(*kernel_factors(self.kernel, volume), ("C", volume.channels), filters)

    def biases(self, shape: Shape) -> Sum:
        return product(("K", self.filters)) if self.bias else NOTHING

    def macs(self, shape: Shape) -> Sum:
        return self.weights(shape).times(*position_factors(shape.inputs[0]))

    def matrix_product(self, shape: Shape) -> MatrixProduct:
        """W_col x is every input's window of the output; windows are added where they overlap."""
        volume = shape.inputs[0]
        filters = of_group("K", self.filters, self.groups)
        window = Product((*kernel_factors(self.kernel, volume), filters))
        channels = Product([of_group("C", volume.channels, self.groups)])
        positions = Product(position_factors(volume))
        return MatrixProduct(
            (
                Matrix("X", channels, positions, "the input's positions as columns"),
                Matrix("W_col", window, channels, "the filters as columns"),
            ),
            Matrix("Y_col", window, positions, "W_col X", unfolded=True),
            self.groups,
            "the columns of Y_col laid out and added where they overlap",
        )

    def steps(self, shape: Shape) -> Steps:
        """Padding that is not alike on both sides is cut off the output in a second step."""
        windows = shape.transposed
        cuts = any(w.before != w.after for w in windows)
        whole = [w.output + w.before + w.after if cuts else w.output for w in windows]
        product = Step(
            shape.output.channels * prod(whole),
            precision=Precision.HALF,
            keeps=(0,),
            weights=self.weights(shape).value,
            biases=self.biases(shape).value,
        )
        return (product, Step(shape.output.elements, (~0,))) if cuts else (product,)

    def reach(self, shape: Shape) -> Reach:
        return tuple(
            transposed_field(w.kernel, w.stride, w.before, w.dilation) for w in shape.transposed
        )

    def geometry(self, shape: Shape) -> Mapping[str, Any]:
        windows = shape.transposed
        return {
            "kernel": [w.kernel for w in windows],
            "stride": [w.stride for w in windows],
            "padding": [[w.before, w.after] for w in windows],
            "dilation": [w.dilation for w in windows],
            "groups": self.groups,
        }


def _same_transposed(kernel: int, stride: int, dilation: int, extra: int) -> tuple[int, int]:
    """Padding that makes the output N S: D(F - 1) + output_padding + 1 - S, the odd row at the end.

    Raises:
        Fault: ``window-too-large`` where the window is too small for the stride.
    """
    total = dilation * (kernel - 1) + 1 + extra - stride
    if total < 0:
        raise Fault(
            "window-too-large",
            f"padding same: a window that spans {dilation * (kernel - 1) + 1} leaves {-total} of "
            f"every {stride} output rows without input",
            key="padding",
            suggestions=(f"add `output_padding: {extra - total}`",),
        )
    return total // 2, total - total // 2
