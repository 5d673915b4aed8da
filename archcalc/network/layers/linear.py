"""Layers in which every output reads the whole input."""

from __future__ import annotations

from archcalc.network.layers.base import (
    EVERYTHING,
    NOTHING,
    Example,
    Layer,
    Product,
    Reach,
    Volumes,
    key,
    product,
)
from archcalc.network.values import POSITIVE, TRUTH
from archcalc.network.volume import Volume


class FullyConnected(Layer):
    """A weight from every input to every unit; a volume is flattened first."""

    family = "fully connected layers"
    formula = "a vector of units"
    depth = 1
    keeps_rank = False
    units: int

    def output_volume(self, inputs: Volumes) -> Volume:
        return Volume(self.units)

    def connections(self, inputs: Volumes) -> Product:
        return product(("inputs", inputs[0].elements), ("units", self.units))

    def macs(self, inputs: Volumes, output: Volume) -> Product:
        return self.connections(inputs)

    def reach(self, inputs: Volumes, output: Volume) -> Reach:
        return EVERYTHING


class Linear(FullyConnected):
    type = "linear"
    summary = "fully connected layer; a volume is flattened first"
    example = Example("{type: linear, units: 4096}", "6x6x256")

    units: int = key(POSITIVE, "number of units, the output's length")
    bias: bool = key(TRUTH, "one number per unit", True)

    def weights(self, inputs: Volumes) -> Product:
        return self.connections(inputs)

    def biases(self, inputs: Volumes) -> Product:
        return product(("units", self.units)) if self.bias else NOTHING


class Rbf(FullyConnected):
    type = "rbf"
    summary = "distance to fixed centres, LeNet-5's output; the centres are buffers"
    example = Example("{type: rbf, units: 10}", "84")

    units: int = key(POSITIVE, "number of centres, the output's length")

    def buffers(self, inputs: Volumes) -> Product:
        return self.connections(inputs)


TYPES = (
    Linear,
    Rbf,
)
