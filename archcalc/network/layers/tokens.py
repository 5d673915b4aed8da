"""Sequences of tokens, one axis of positions, and what is learned for each."""

from __future__ import annotations

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
from archcalc.network.layers.factors import position_factors
from archcalc.network.layers.keys import key
from archcalc.network.layers.running import viewed
from archcalc.network.steps import INDEX_BYTES, Flow, Step, Steps
from archcalc.network.values import POSITIVE, SIZES, VOLUME, PerAxis
from archcalc.network.volume import Volume


class Transpose(Layer):
    type = "transpose"
    summary = "positions and channels change places (one axis)"
    formula = "as many positions as the input has channels, and the other way round"
    family = Family.REARRANGEMENT
    memory = Memory.VIEW
    example = Example("{type: transpose}", "196x512")

    def output_volume(self, inputs: Volumes) -> Volume:
        (volume,) = inputs
        if len(volume.spatial) != 1:
            fact = f"transpose takes one axis of positions, and its input is {volume.described()}"
            raise Fault("axis-count", fact)
        return Volume(volume.spatial[0], (volume.channels,))

    def makes_tokens(self, shape: Shape) -> bool:
        return True

    def reach(self, shape: Shape) -> Reach:
        return EVERYTHING

    def steps(self, shape: Shape) -> Steps:
        return (viewed(shape.output.elements),)


class Parameter(Layer):
    type = "parameter"
    summary = "a learned tensor that other layers read, such as a class token; it reads nothing"
    formula = "as stated"
    family = Family.TABLE
    memory = Memory.STORED
    is_source = True
    keeps_rank = False
    example = Example("{type: parameter, shape: 197x768}", "224x224x3")

    shape: Volume = key(VOLUME, "the tensor's sizes and channels")

    def output_volume(self, inputs: Volumes) -> Volume:
        return self.shape

    def weights(self, shape: Shape) -> Sum:
        return product(*position_factors(shape.output), ("C", shape.output.channels))

    def makes_tokens(self, shape: Shape) -> bool:
        return True

    def steps(self, shape: Shape) -> Steps:
        elements = shape.output.elements
        return (Step(elements, (), weights=elements),)


class FixedTensor(Parameter):
    """What is not trained, and no more than kept: buffers."""

    type = "constant"
    summary = "fixed numbers that other layers read, such as coordinates; it reads nothing"
    example = Example("{type: constant, shape: 15x15x2}", "224x224x3")

    shape: Volume = key(VOLUME, "the tensor's sizes and channels")

    def weights(self, shape: Shape) -> Sum:
        return NOTHING

    def buffers(self, shape: Shape) -> Sum:
        return super().weights(shape)

    def steps(self, shape: Shape) -> Steps:
        elements = shape.output.elements
        return (Step(elements, (), fixed=elements),)


class Gather(Layer):
    type = "gather"
    summary = "rows of its input at fixed places, each as often as wanted (relative positions)"
    formula = "as stated, with the input's channels"
    family = Family.REARRANGEMENT
    keeps_rank = False
    example = Example("{type: gather, size: [49, 49]}", "169x4")

    size: PerAxis = key(SIZES, "the output's size, per axis")

    def output_volume(self, inputs: Volumes) -> Volume:
        (volume,) = inputs
        if len(volume.spatial) != 1:
            fact = f"gather takes one axis of positions, and its input is {volume.described()}"
            raise Fault("axis-count", fact)
        sizes = self.size if isinstance(self.size, tuple) else (self.size,)
        return Volume(volume.channels, sizes)

    def check_axes(self, rank: int) -> None:
        """Its sizes are the output's."""

    def makes_tokens(self, shape: Shape) -> bool:
        return len(shape.output.spatial) == 1

    def reach(self, shape: Shape) -> Reach:
        return EVERYTHING

    def steps(self, shape: Shape) -> Steps:
        """The places are kept: 8 bytes each, for all samples."""
        places = shape.output.positions
        return (Step(shape.output.elements, kept=INDEX_BYTES * places),)


class Rotary(Layer):
    type = "rotary"
    summary = "pairs of channels turned by angles of their position, which are not stored (RoPE)"
    family = Family.TABLE
    example = Example("{type: rotary}", "196x768")

    def operations(self, shape: Shape) -> Sum:
        return product(("operations", 3), ("elements", shape.output.elements))

    def steps(self, shape: Shape) -> Steps:
        """The pairs turned over, two products with fixed numbers, their sum."""
        elements = shape.output.elements
        return (
            Step(elements, flow=Flow.NEW),
            Step(elements),
            Step(elements, (~0,)),
            Step(elements, (~1, ~2), flow=Flow.PASSED),
        )


class Embedding(Layer):
    type = "embedding"
    summary = "a learned row of a table for every index: n indices become n x channels"
    formula = "a position for every index, with the table's channels"
    family = Family.TABLE
    keeps_rank = False
    example = Example("{type: embedding, entries: 30522, channels: 768}", "128")

    entries: int = key(POSITIVE, "rows of the table, one for every index that there is")
    channels: int = key(POSITIVE, "numbers in a row")

    def output_volume(self, inputs: Volumes) -> Volume:
        (volume,) = inputs
        if not volume.spatial:
            return Volume(self.channels, (volume.channels,))
        if volume.channels == 1:
            return Volume(self.channels, volume.spatial)
        fact = f"embedding takes a vector of indices, or one channel of them, not {volume}"
        raise Fault("axis-count", fact)

    def weights(self, shape: Shape) -> Sum:
        return product(("entries", self.entries), ("channels", self.channels))

    def makes_tokens(self, shape: Shape) -> bool:
        return True

    def steps(self, shape: Shape) -> Steps:
        return (Step(shape.output.elements, keeps=(0,), weights=self.weights(shape).value),)
