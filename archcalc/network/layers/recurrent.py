"""Recurrent layers: the same weights at every step of a sequence."""

from __future__ import annotations

from typing import ClassVar

from archcalc.diagnostics import Fault
from archcalc.network.counts import NOTHING, Factor, Sum, product
from archcalc.network.layers.axes import AXIS, POSITIONS, place_of
from archcalc.network.layers.base import EVERYTHING, Example, Family, Layer, Reach, Shape, Volumes
from archcalc.network.layers.factors import position_factors
from archcalc.network.layers.keys import key
from archcalc.network.steps import SAMPLE, Precision, Step, Steps
from archcalc.network.values import POSITIVE, TRUTH
from archcalc.network.volume import Volume

UNITS = "number of units, the output's channels in each direction"
LAYERS = "layers, each reading the one before"
BOTH_WAYS = "a second layer beside each reads from the end; the channels of both are joined"
ALONG = "what it runs along; what lies beside on other axes are sequences of their own"
BIAS = "two numbers per gate and unit, as in PyTorch"


class Recurrent(Layer):
    """``gates`` are matrices per layer; of a unit at a step, ``per_unit`` are the operations beside
    the products, and ``kept`` the numbers that training keeps beside the outputs.
    """

    formula = "the input's steps, with units channels (twice as many in both directions)"
    family = Family.RECURRENT
    depth = 1
    gates: ClassVar[int]
    per_unit: ClassVar[int]
    kept: ClassVar[int]

    units: int
    num_layers: int
    bidirectional: bool
    bias: bool
    axis: str

    @property
    def directions(self) -> int:
        return 2 if self.bidirectional else 1

    def output_volume(self, inputs: Volumes) -> Volume:
        (volume,) = inputs
        if self.axis == POSITIONS and len(volume.spatial) != 1:
            fact = f"{self.type} runs along one axis, and its input is {volume.described()}"
            raise Fault("axis-count", fact)
        if place_of(self.axis, volume) is None:
            raise Fault("wrong-value", f"{self.type} runs along no channels", key="axis")
        return Volume(self.units * self.directions, volume.spatial)

    def _each(self) -> tuple[Factor, ...]:
        """The factors that there are once for every layer."""
        both = (("directions", 2),) if self.bidirectional else ()
        gates = (("gates", self.gates),) if self.gates > 1 else ()
        return *gates, ("U", self.units), *both

    def weights(self, shape: Shape) -> Sum:
        reads = shape.inputs[0].channels
        first = product(*self._each(), ("C + U", reads + self.units))
        if self.num_layers == 1:
            return first
        reads = self.units * self.directions
        own = "directions x U + U" if self.bidirectional else "U + U"
        others = (("layers - 1", self.num_layers - 1), (own, reads + self.units))
        return first.plus(product(*self._each(), *others))

    def biases(self, shape: Shape) -> Sum:
        if not self.bias:
            return NOTHING
        layers = (("layers", self.num_layers),) if self.num_layers > 1 else ()
        return product(("both products", 2), *self._each(), *layers)

    def macs(self, shape: Shape) -> Sum:
        return self.weights(shape).times(*position_factors(shape.output))

    def operations(self, shape: Shape) -> Sum:
        layers = (("layers", self.num_layers),) if self.num_layers > 1 else ()
        outputs = ("elements", shape.output.elements)
        return product(("operations", self.per_unit), *layers, outputs)

    def reach(self, shape: Shape) -> Reach:
        """All steps before its own; that is no window, so all steps."""
        return EVERYTHING

    def steps(self, shape: Shape) -> Steps:
        """What cuDNN keeps in one piece, by formula: gates, cells, outputs of layers within."""
        elements = shape.output.elements
        numbers = elements * (self.kept * self.num_layers + self.num_layers - 1)
        return (
            Step(
                elements,
                precision=Precision.HALF,
                keeps=(0,),
                keeps_output=True,
                statistics=numbers * SAMPLE,
                weights=self.weights(shape).value,
                biases=self.biases(shape).value,
            ),
        )


class Lstm(Recurrent):
    type = "lstm"
    summary = "long short-term memory; MACs are weights x steps"
    example = Example("{type: lstm, units: 256, bidirectional: true}", "26x512")
    gates = 4
    per_unit = 9  # 3 sigmoids, 2 tanh, 3 products, a sum
    kept = 5

    units: int = key(POSITIVE, UNITS)
    num_layers: int = key(POSITIVE, LAYERS, 1)
    bidirectional: bool = key(TRUTH, BOTH_WAYS, False)
    bias: bool = key(TRUTH, BIAS, True)
    axis: str = key(AXIS, ALONG, POSITIONS)


class Gru(Recurrent):
    type = "gru"
    summary = "gated recurrent unit; MACs are weights x steps"
    example = Example("{type: gru, units: 128}", "100x40")
    gates = 3
    per_unit = 8  # 2 sigmoids, a tanh, 3 products, a difference, a sum
    kept = 4

    units: int = key(POSITIVE, UNITS)
    num_layers: int = key(POSITIVE, LAYERS, 1)
    bidirectional: bool = key(TRUTH, BOTH_WAYS, False)
    bias: bool = key(TRUTH, BIAS, True)
    axis: str = key(AXIS, ALONG, POSITIONS)


class Rnn(Recurrent):
    type = "rnn"
    summary = "recurrent layer with tanh (Elman); MACs are weights x steps"
    example = Example("{type: rnn, units: 128}", "100x40")
    gates = 1
    per_unit = 1
    kept = 0

    units: int = key(POSITIVE, UNITS)
    num_layers: int = key(POSITIVE, LAYERS, 1)
    bidirectional: bool = key(TRUTH, BOTH_WAYS, False)
    bias: bool = key(TRUTH, BIAS, True)
    axis: str = key(AXIS, ALONG, POSITIONS)
