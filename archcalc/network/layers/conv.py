"""Convolutions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archcalc.diagnostics import Fault
from archcalc.network.counts import NOTHING, Factor, Product, Sum, product
from archcalc.network.layers.base import Example, Family, Part, Shape, Volumes
from archcalc.network.layers.checks import check_groups
from archcalc.network.layers.factors import kernel_factors, of_group, position_factors
from archcalc.network.layers.keys import key
from archcalc.network.layers.running import convolved
from archcalc.network.layers.windowed import Windowed
from archcalc.network.matrix import Matrix, MatrixProduct
from archcalc.network.steps import Steps
from archcalc.network.values import (
    PADDING,
    POSITIVE,
    SIZES,
    TRUTH,
    ConnectionTable,
    Padding,
    PerAxis,
)
from archcalc.network.volume import Volume

KERNEL = "size of the window"
STRIDE = "step of the window"
PADDING_DOC = "zeros around the input; P in the formulas is the sum of both sides"
DILATION = "distance between the elements of the window"
BIAS = "one number per filter, added to every output"


class Convolution(Windowed):
    """Weights slide over the input: MACs are weights x output positions."""

    family = Family.CONVOLUTION
    depth = 1
    bias: bool

    def grouping(self, volume: Volume) -> int:
        raise NotImplementedError

    def check_input(self, volume: Volume) -> None:
        check_groups(self.grouping(volume), volume.channels, self.channels(volume))

    def weights(self, shape: Shape) -> Sum:
        return self.filter_weights(shape)

    def filter_weights(self, shape: Shape) -> Sum:
        """The weights of the products."""
        window = self.window_factors(shape.inputs[0])
        return product(*window, ("K", shape.output.channels))

    def window_factors(self, volume: Volume) -> tuple[Factor, ...]:
        """The elements of a window over the channels of a group."""
        channels = of_group("C", volume.channels, self.grouping(volume))
        return *kernel_factors(self.kernel, volume), channels

    def biases(self, shape: Shape) -> Sum:
        return product(("K", shape.output.channels)) if self.bias else NOTHING

    def macs(self, shape: Shape) -> Sum:
        return self.filter_weights(shape).times(*position_factors(shape.output))

    def matrix_product(self, shape: Shape) -> MatrixProduct:
        groups = self.grouping(shape.inputs[0])
        window = Product(self.window_factors(shape.inputs[0]))
        positions = Product(position_factors(shape.output))
        filters = Product([of_group("K", shape.output.channels, groups)])
        sparse, weights = "", self.filter_weights(shape).value
        if weights < groups * filters.value * window.value:
            sparse = f", of which {weights:,} entries are weights and the others 0"
        operands = [
            Matrix("X_col", window, positions, "the windows as columns", unfolded=True),
            Matrix("W_row", filters, window, f"the filters as rows{sparse}"),
        ]
        sum_of = "W_row X_col"
        if self.bias:
            operands.append(Matrix("b_col", filters, positions, "the biases, repeated"))
            sum_of += " + b_col"
        result = Matrix("output", filters, positions, sum_of)
        return MatrixProduct(tuple(operands), result, groups)

    def steps(self, shape: Shape) -> Steps:
        return convolved(self, shape)

    def geometry(self, shape: Shape) -> Mapping[str, Any]:
        return {**Windowed.geometry(self, shape), "groups": self.grouping(shape.inputs[0])}


class Conv(Convolution):
    type = "conv"
    summary = "convolution"
    example = Example("{type: conv, filters: 96, kernel: 11, stride: 4}")

    filters: int = key(POSITIVE, "number of filters, the output's channels")
    kernel: PerAxis = key(SIZES, KERNEL)
    stride: PerAxis = key(SIZES, STRIDE, 1)
    padding: Padding = key(PADDING, PADDING_DOC, 0)
    dilation: PerAxis = key(SIZES, DILATION, 1)
    groups: int = key(POSITIVE, "parts into which channels and filters are divided", 1)
    bias: bool = key(TRUTH, BIAS, True)
    standardized: bool = key(
        TRUTH, "the weights of each filter are brought to mean 0 and variance 1", False
    )
    gain: bool = key(TRUTH, "with standardized, a trained factor per filter", False)
    connection_table: tuple[tuple[int, ...], ...] | None = key(
        ConnectionTable(), "per filter the input maps, from 0, that feed it (LeNet-5's C3)", None
    )

    def channels(self, volume: Volume) -> int:
        return self.filters

    def grouping(self, volume: Volume) -> int:
        return self.groups

    @property
    def variant(self) -> str:
        if self.connection_table is not None:
            return f"{self.type} of LeNet-5"
        return f"standardized {self.type}" if self.standardized else self.type

    def check_keys(self) -> None:
        if self.gain and not self.standardized:
            fact = "gain is a factor of standardized weights, and standardized is not true"
            raise Fault("conflicting-keys", fact, key="gain")
        if self.standardized and self.connection_table is not None:
            fact = "standardized weights are of whole filters, and a connection table takes parts"
            raise Fault("conflicting-keys", fact, key="connection_table")
        if self.connection_table is not None:
            check_table(self.connection_table, self.filters, self.groups)

    def check_input(self, volume: Volume) -> None:
        largest = max(map(max, self.connection_table)) if self.connection_table else 0
        if largest >= volume.channels:
            raise Fault(
                "connection-table",
                f"the table names map {largest}, and the input has {volume.channels} maps, "
                f"0 to {volume.channels - 1}",
                key="connection_table",
            )
        Convolution.check_input(self, volume)

    def weights(self, shape: Shape) -> Sum:
        weights = self.filter_weights(shape)
        return weights.plus(product(("K", self.filters))) if self.gain else weights

    def steps(self, shape: Shape) -> Steps:
        """Standardized weights are made anew and kept, with two statistics per filter."""
        steps = convolved(self, shape)
        if not self.standardized:
            return steps
        made = steps[-1]._replace(
            derived=self.filter_weights(shape).value,
            statistics=2 * self.filters,
            trains_only=True,
        )
        return (*steps[:-1], made)

    def filter_weights(self, shape: Shape) -> Sum:
        if self.connection_table is None:
            return Convolution.filter_weights(self, shape)
        connections = sum(map(len, self.connection_table))
        return product(*kernel_factors(self.kernel, shape.inputs[0]), ("connections", connections))


def check_table(table: tuple[tuple[int, ...], ...], filters: int, groups: int) -> None:
    """A connection table has a row per filter and stands in the place of groups.

    Raises:
        Fault: ``connection-table``.
    """
    if groups != 1:
        fact = f"a connection table takes the place of groups, and groups is {groups}"
    elif len(table) != filters:
        fact = f"the table has {len(table)} rows for {filters} filters"
    else:
        return
    raise Fault("connection-table", fact, key="connection_table")


class DepthwiseConv(Convolution):
    type = "depthwise_conv"
    summary = "convolution of each channel by itself (groups = channels)"
    example = Example("{type: depthwise_conv, kernel: 3, padding: 1}", "112x112x32")

    kernel: PerAxis = key(SIZES, KERNEL)
    multiplier: int = key(POSITIVE, "filters per channel", 1)
    stride: PerAxis = key(SIZES, STRIDE, 1)
    padding: Padding = key(PADDING, PADDING_DOC, 0)
    dilation: PerAxis = key(SIZES, DILATION, 1)
    bias: bool = key(TRUTH, BIAS, True)

    def channels(self, volume: Volume) -> int:
        return volume.channels * self.multiplier

    def grouping(self, volume: Volume) -> int:
        return volume.channels


class SeparableConv(Windowed):
    """Stands for two rows: it is never analysed itself."""

    type = "separable_conv"
    summary = "depthwise convolution, then a 1x1 convolution: two rows"
    example = Example("{type: separable_conv, filters: 64, kernel: 3, padding: 1}", "112x112x32")
    family = Family.CONVOLUTION
    becomes_rows = True
    depth = 2

    filters: int = key(POSITIVE, "number of filters of the 1x1 convolution")
    kernel: PerAxis = key(SIZES, KERNEL)
    multiplier: int = key(POSITIVE, "depthwise filters per channel", 1)
    stride: PerAxis = key(SIZES, "step of the depthwise window", 1)
    padding: Padding = key(PADDING, PADDING_DOC, 0)
    dilation: PerAxis = key(SIZES, DILATION, 1)
    bias: bool = key(TRUTH, "of the 1x1 convolution; the depthwise one has none (Keras)", True)

    def rows(self, inputs: Volumes | None) -> tuple[Part, ...]:
        depthwise = DepthwiseConv.of_checked(
            {
                "kernel": self.kernel,
                "multiplier": self.multiplier,
                "stride": self.stride,
                "padding": self.padding,
                "dilation": self.dilation,
                "bias": False,
            }
        )
        pointwise = Conv.of_checked({"filters": self.filters, "kernel": 1, "bias": self.bias})
        return Part("depthwise", depthwise), Part("pointwise", pointwise, (~0,))
