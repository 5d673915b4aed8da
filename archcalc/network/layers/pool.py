"""Poolings: channels are kept."""

from __future__ import annotations

from archcalc.network.counts import NOTHING, Sum, product
from archcalc.network.layers.base import EVERYTHING, Example, Family, Layer, Reach, Shape, Volumes
from archcalc.network.layers.checks import needs_axes, per_axis
from archcalc.network.layers.conv import DILATION, KERNEL
from archcalc.network.layers.factors import kernel_factors, position_factors
from archcalc.network.layers.keys import key
from archcalc.network.layers.running import (
    alike_by_half,
    convolved,
    largest,
    padded_before,
    unpadded,
)
from archcalc.network.layers.windowed import Windowed
from archcalc.network.receptive_field import adaptive_field
from archcalc.network.steps import Precision, Step, Steps
from archcalc.network.values import PADDING, SIZES, TRUTH, Padding, PerAxis
from archcalc.network.volume import Volume
from archcalc.network.window import AdaptiveWindow, Window

STRIDE = "step of the window; left out, the kernel"
PADDING_DOC = "rows around the input; P in the formulas is the sum of both sides"
CEIL = "round the size up instead of down; the last window may hang over the padded input"


class Pooling(Windowed):
    family = Family.POOLING
    formula = "floor((N + P - D(F - 1) - 1) / S) + 1; ceil with ceil_mode"
    padding_bound = "of at most half the kernel"
    halves_padding = True

    def kernels(self, window: Window) -> range:
        """At least twice the padding, and 2 where the stride is the kernel."""
        follows = isinstance(self.padding, str)
        padded = 0 if follows else 2 * max(window.before, window.after)
        lowest = max(padded, 1 if self.stride else 2)
        return range(lowest, max(lowest, window.kernel + window.stride) + 1)

    def paddings(self, window: Window) -> range:
        """What PyTorch takes, also before it counted dilation: at most half the kernel."""
        return range(window.kernel // 2 + 1)

    def operations(self, shape: Shape) -> Sum:
        window = kernel_factors(self.kernel, shape.inputs[0])
        return product(*window, ("C", shape.output.channels), *position_factors(shape.output))


class MaxPool(Pooling):
    type = "maxpool"
    summary = "largest element of each window"
    example = Example("{type: maxpool, kernel: 3, stride: 2}", "55x55x96")

    kernel: PerAxis = key(SIZES, KERNEL)
    stride: PerAxis | None = key(SIZES, STRIDE, None)
    padding: Padding = key(PADDING, PADDING_DOC, 0)
    dilation: PerAxis = key(SIZES, DILATION, 1)
    ceil_mode: bool = key(TRUTH, CEIL, False)

    def steps(self, shape: Shape) -> Steps:
        padded = padded_before(shape, alike_by_half)
        return (*padded, largest(shape.output.elements, ~0 if padded else 0))


class AvgPool(Pooling):
    type = "avgpool"
    summary = "mean of each window; trainable, it is LeNet-5's subsampling"
    example = Example("{type: avgpool, kernel: 2, trainable: true}", "28x28x6")

    kernel: PerAxis = key(SIZES, KERNEL)
    stride: PerAxis | None = key(SIZES, STRIDE, None)
    padding: Padding = key(PADDING, PADDING_DOC, 0)
    ceil_mode: bool = key(TRUTH, CEIL, False)
    trainable: bool = key(TRUTH, "one coefficient and one bias per channel", False)

    @property
    def variant(self) -> str:
        return f"{self.type} of LeNet-5" if self.trainable else self.type

    def weights(self, shape: Shape) -> Sum:
        return product(("C", shape.inputs[0].channels)) if self.trainable else NOTHING

    def biases(self, shape: Shape) -> Sum:
        return product(("C", shape.inputs[0].channels)) if self.trainable else NOTHING

    def macs(self, shape: Shape) -> Sum:
        return Pooling.operations(self, shape) if self.trainable else NOTHING

    def operations(self, shape: Shape) -> Sum:
        return NOTHING if self.trainable else Pooling.operations(self, shape)

    def steps(self, shape: Shape) -> Steps:
        """A trainable one is a depthwise convolution, with one number for a whole kernel."""
        if self.trainable:
            return convolved(self, shape)
        padded = padded_before(shape, alike_by_half)
        return (*padded, Step(shape.output.elements, (~0 if padded else 0,), keeps=(0,)))


class L2Pool(Pooling):
    type = "l2pool"
    summary = "root of the sum of squares of each window"
    example = Example("{type: l2pool, kernel: 2}", "28x28x6")

    kernel: PerAxis = key(SIZES, KERNEL)
    stride: PerAxis | None = key(SIZES, STRIDE, None)
    padding: Padding = key(PADDING, PADDING_DOC, 0)
    ceil_mode: bool = key(TRUTH, CEIL, False)

    def steps(self, shape: Shape) -> Steps:
        """PyTorch's ``lp_pool``: (sign(m) relu(|m|) x elements of the window)^(1/2), m mean x^2.

        It does not pad.
        """
        padded = padded_before(shape, unpadded)
        read, first = (~0, 1) if padded else (0, 0)
        squared = padded[0].elements if padded else shape.inputs[0].elements
        made = shape.output.elements
        square, mean, sign, size, positive, product, scaled = (~(first + at) for at in range(7))
        power = Step(0, precision=Precision.FULL, keeps=(0,))
        return (
            *padded,
            power._replace(elements=squared, reads=(read,), made_backward=3 * squared),
            Step(made, (square,), keeps=(0,)),
            Step(made, (mean,)),
            Step(made, (mean,), keeps=(0,), made_backward=2 * made),
            Step(made, (size,), keeps_output=True),
            Step(made, (sign, positive), keeps=(0, 1), partners=True),
            Step(made, (product,)),
            power._replace(elements=made, reads=(scaled,), made_backward=3 * made),
        )


class AdaptivePooling(Layer):
    """The output's size is stated, and the windows fit it."""

    family = Family.POOLING
    formula = "as stated"
    output: PerAxis = 1

    def output_volume(self, inputs: Volumes) -> Volume:
        (volume,) = inputs
        needs_axes(self, volume)
        return Volume(volume.channels, per_axis(self.output, volume, "output"))

    def adaptive(self, shape: Shape) -> tuple[AdaptiveWindow, ...]:
        return tuple(map(AdaptiveWindow, shape.inputs[0].spatial, shape.output.spatial))

    def size_arithmetic(self, shape: Shape) -> tuple[str, ...]:
        return tuple(window.arithmetic for window in self.adaptive(shape))

    def operations(self, shape: Shape) -> Sum:
        axes = zip(shape.inputs[0].axis_names, self.adaptive(shape), strict=True)
        read = tuple((f"{axis} read", window.reads) for axis, window in axes)
        return product(*read, ("C", shape.output.channels))

    def steps(self, shape: Shape) -> Steps:
        """A mean over everything keeps nothing."""
        keeps = () if shape.output.positions == 1 else (0,)
        return (Step(shape.output.elements, keeps=keeps),)

    def reach(self, shape: Shape) -> Reach:
        if all(size == 1 for size in shape.output.spatial):
            return EVERYTHING
        return tuple(map(adaptive_field, shape.inputs[0].spatial, shape.output.spatial))


class AdaptiveMaximum(AdaptivePooling):
    """Where each maximum stood is kept, whatever the output."""

    def steps(self, shape: Shape) -> Steps:
        return (largest(shape.output.elements),)


class AdaptiveAvgPool(AdaptivePooling):
    type = "adaptive_avgpool"
    summary = "mean over windows that fit the stated output"
    example = Example("{type: adaptive_avgpool, output: 7}", "10x10x512")

    output: PerAxis = key(SIZES, "the output's size")


class AdaptiveMaxPool(AdaptiveMaximum):
    type = "adaptive_maxpool"
    summary = "maximum over windows that fit the stated output"
    example = Example("{type: adaptive_maxpool, output: 7}", "10x10x512")

    output: PerAxis = key(SIZES, "the output's size")


class GlobalAvgPool(AdaptivePooling):
    type = "global_avgpool"
    summary = "mean over all positions; the output keeps its axes, 1 each"
    formula = "1"
    example = Example("{type: global_avgpool}", "7x7x512")


class GlobalMaxPool(AdaptiveMaximum):
    type = "global_maxpool"
    summary = "maximum over all positions; the output keeps its axes, 1 each"
    formula = "1"
    example = Example("{type: global_maxpool}", "7x7x512")
