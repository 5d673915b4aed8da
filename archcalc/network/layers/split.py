"""The layer with several outputs: views of what it is cut into."""

from __future__ import annotations

from archcalc.diagnostics import Fault
from archcalc.limits import PARTS_LIMIT
from archcalc.network.layers.axes import AXIS, CHANNELS, along, place_of
from archcalc.network.layers.base import Example, Memory, Part, Shape, Volumes
from archcalc.network.layers.checks import divided
from archcalc.network.layers.keys import key
from archcalc.network.layers.reshape import Rearrangement, Slice
from archcalc.network.steps import Flow, Home, Step, Steps
from archcalc.network.values import INTEGERS, NATURAL, POSITIVE


class Split(Rearrangement):
    """Stands for a row for each part: it is never analysed itself."""

    type = "split"
    summary = "parts along an axis: rows NAME.0, NAME.1, ..., each read by its name"
    formula = "per part the input's, with its share of the axis"
    memory = Memory.VIEW
    becomes_rows = True
    splits = True
    example = Example(
        "{type: split, name: halves, parts: 2}",
        "28x28x116",
        after="{type: concat, from: [halves.1, halves.0]}",
    )

    parts: int | None = key(POSITIVE, "number of equal parts; instead of sizes", None)
    sizes: tuple[int, ...] | None = key(INTEGERS, "the size of each part", None)
    axis: str = key(AXIS, "what is cut: the channels, the positions, or an axis", CHANNELS)

    def check_keys(self) -> None:
        if self.parts is None and self.sizes is None:
            raise Fault("missing-key", "split needs parts or sizes")
        if self.parts is not None and self.sizes is not None:
            raise Fault("conflicting-keys", "split takes parts or sizes, not both", key="sizes")
        if self._count > PARTS_LIMIT:
            fact = f"a split into {self._count:,} parts; at most {PARTS_LIMIT:,} are read"
            raise Fault("limit-exceeded", fact, key="sizes" if self.sizes else "parts")

    @property
    def _count(self) -> int:
        return self.parts or len(self.sizes or ())

    def rows(self, inputs: Volumes | None) -> tuple[Part, ...]:
        if inputs is None:
            return tuple([Part(str(place), None) for place in range(self._count)])
        (volume,) = inputs
        size = along(volume, place_of(self.axis, volume))
        rows, start = [], 0
        for place, length in enumerate(self._lengths(size)):
            keys = {"start": start, "stop": start + length, "axis": self.axis, "place": place}
            rows.append(Part(str(place), Piece.of_checked(keys)))
            start += length
        return tuple(rows)

    def _lengths(self, size: int) -> tuple[int, ...]:
        what = self.axis if self.axis in ("channels", "positions") else f"rows of {self.axis}"
        if self.sizes is None:
            return (divided(size, self._count, what, "parts"),) * self._count
        if sum(self.sizes) != size:
            fact = f"the sizes add up to {sum(self.sizes)}, and the input has {size} {what}"
            raise Fault("slice-out-of-range", fact, key="sizes")
        return self.sizes


class Piece(Slice):
    """A part of a split."""

    start: int = key(NATURAL, "first of it, from 0")
    stop: int = key(POSITIVE, "behind the last")
    axis: str = key(AXIS, "what is cut", CHANNELS)
    groups: int = key(POSITIVE, "equal parts of the channels", 1)
    place: int = key(NATURAL, "which of the parts, from 0", 0)

    def steps(self, shape: Shape) -> Steps:
        """The gradients of all parts are joined in one volume, once all are there."""
        piece = Step(shape.output.elements, home=Home.PART, flow=Flow.PIECE, piece=self.place)
        return (piece,)
