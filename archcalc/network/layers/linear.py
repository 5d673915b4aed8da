"""Layers in which every output reads the whole input."""

from __future__ import annotations

from archcalc.network.counts import NOTHING, Product, Sum, product
from archcalc.network.layers.base import (
    EVERYTHING,
    SAME_POSITION,
    Example,
    Family,
    Layer,
    Reach,
    Shape,
    Volumes,
)
from archcalc.network.layers.factors import position_factors
from archcalc.network.layers.keys import key
from archcalc.network.layers.running import viewed
from archcalc.network.matrix import Matrix, MatrixProduct
from archcalc.network.steps import Flow, Precision, Step, Steps
from archcalc.network.values import POSITIVE, TRUTH
from archcalc.network.volume import Volume


class FullyConnected(Layer):
    """A weight from every input to every unit; a volume is flattened first."""

    family = Family.FULLY_CONNECTED
    formula = "a vector of units"
    depth = 1
    keeps_rank = False
    units: int

    def output_volume(self, inputs: Volumes) -> Volume:
        return Volume(self.units)

    def connections(self, shape: Shape) -> Sum:
        return product(("inputs", shape.inputs[0].elements), ("units", self.units))

    def macs(self, shape: Shape) -> Sum:
        return self.connections(shape)

    def matrix_product(self, shape: Shape) -> MatrixProduct:
        inputs = Product([("inputs", shape.inputs[0].elements)])
        units, one = Product([("units", self.units)]), Product()
        operands = Matrix("x", inputs, one), Matrix("W", units, inputs)
        return MatrixProduct(operands, Matrix("output", units, one))

    def reach(self, shape: Shape) -> Reach:
        return EVERYTHING


def each_position(layer: Linear, shape: Shape) -> MatrixProduct:
    """One product for all positions, the columns of the input."""
    inputs = Product([("C", shape.inputs[0].channels)])
    units, positions = Product([("units", layer.units)]), Product(position_factors(shape.output))
    operands = Matrix("X", inputs, positions), Matrix("W", units, inputs)
    return MatrixProduct(operands, Matrix("output", units, positions))


def flattened(volume: Volume) -> Steps:
    """The view that makes a vector of a volume."""
    return (viewed(volume.elements),) if volume.spatial else ()


class Linear(FullyConnected):
    type = "linear"
    summary = "fully connected layer; a volume is flattened first, or each position is read alone"
    formula = "a vector of units; without flatten, the input's positions with units channels"
    example = Example("{type: linear, units: 4096}", "6x6x256")

    units: int = key(POSITIVE, "number of units, the output's length")
    bias: bool = key(TRUTH, "one number per unit", True)
    flatten: bool = key(TRUTH, "false: the same weights, channels x units, at every position", True)

    def output_volume(self, inputs: Volumes) -> Volume:
        return Volume(self.units, () if self.flatten else inputs[0].spatial)

    def weights(self, shape: Shape) -> Sum:
        if self.flatten:
            return self.connections(shape)
        return product(("C", shape.inputs[0].channels), ("units", self.units))

    def macs(self, shape: Shape) -> Sum:
        return self.weights(shape).times(*position_factors(shape.output))

    def matrix_product(self, shape: Shape) -> MatrixProduct:
        if self.flatten:
            return super().matrix_product(shape)
        return each_position(self, shape)

    def reach(self, shape: Shape) -> Reach:
        return EVERYTHING if self.flatten else SAME_POSITION

    def biases(self, shape: Shape) -> Sum:
        return product(("units", self.units)) if self.bias else NOTHING

    def steps(self, shape: Shape) -> Steps:
        """Positions are rows of one matrix, their channels side by side in memory."""
        flat = flattened(shape.inputs[0]) if self.flatten else ()
        product = Step(
            shape.output.elements,
            (~0 if flat else 0,),
            precision=Precision.HALF,
            keeps=(0,),
            partners=True,
            weights=self.weights(shape).value,
            biases=self.biases(shape).value,
        )
        return (*flat, product)


class Rbf(FullyConnected):
    type = "rbf"
    summary = "distance to fixed centres, LeNet-5's output; the centres are buffers"
    example = Example("{type: rbf, units: 10}", "84")

    units: int = key(POSITIVE, "number of centres, the output's length")

    def buffers(self, shape: Shape) -> Sum:
        return self.connections(shape)

    def steps(self, shape: Shape) -> Steps:
        """|x|^2 + |c|^2 - 2 x c, with the matrix product of x and the centres c."""
        flat = flattened(shape.inputs[0])
        x, first = (~0, 1) if flat else (0, 0)
        square, length, lengths, product, twice = (~(first + place) for place in range(5))
        return (
            *flat,
            Step(shape.inputs[0].elements, (x, x), keeps=(0, 1)),
            Step(1, (square,), flow=Flow.VIEW, precision=Precision.FULL),
            Step(self.units, (length,), flow=Flow.PASSED),
            Step(self.units, (x,), precision=Precision.HALF),
            Step(self.units, (product,)),
            Step(self.units, (lengths, twice), flow=Flow.PASSED),
        )
