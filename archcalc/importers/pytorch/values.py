"""What the operations of a traced graph pass on."""

from __future__ import annotations

from archcalc.importers.graph import Module
from archcalc.importers.pytorch.layout import Layout, sizes_of
from archcalc.importers.pytorch.traced import Call
from archcalc.record import Record


class Value(Record):
    """A tensor of activations: a node of the graph, and how it lies on that node's volume.

    ``rolled`` is by how many rows each axis was rolled, where it was. ``viewed`` are the modules
    in which it was laid out anew.
    """

    node: int
    layout: Layout
    rolled: tuple[int, ...] = ()
    viewed: tuple[Module, ...] = ()

    @property
    def shape(self) -> tuple[int, ...]:
        return sizes_of(self.layout)

    @property
    def rank(self) -> int:
        return len(self.layout)


class Constant(Record):
    """What is computed from parameters and buffers alone.

    ``parameters`` are those that it is made of. It is ``plain`` where it has exactly the elements
    of one tensor, perhaps viewed; ``parts`` are those that it has side by side.
    """

    shape: tuple[int, ...]
    parameters: tuple[str, ...] = ()
    plain: bool = False
    elements: int = 0
    operations: tuple[str, ...] = ()
    parts: tuple[Constant, ...] = ()

    @property
    def rank(self) -> int:
        return len(self.shape)


class Phase(Record):
    """Every step-th row of some dimensions, as patches are merged from: step and first row."""

    value: Value
    picks: tuple[tuple[int, int, int], ...]  # dimension, step, first row


class Scores(Record):
    """Products of queries and keys on their way to a softmax and the values.

    They were multiplied ``by`` numbers, and the learned tensor called ``table`` was added.
    """

    call: Call
    query: Value
    key: Value
    shape: tuple[int, ...]
    table: str = ""
    is_soft: bool = False
    by: float = 1


class Lengths(Record):
    """The Euclidean length along a dimension, on its way to a division.

    It ``is_mean`` where it is the root of the mean square, and ``is_inverse`` as a factor.
    """

    value: Value
    place: int
    is_mean: bool = False
    is_inverse: bool = False


class Padded(Record):
    """With rows of minus infinity around it, on its way to a maximum: what padding is to that."""

    value: Value
    shape: tuple[int, ...]
    pairs: tuple[tuple[int, int], ...]


class Negative(Record):
    """A tensor less than 0 what it was above, perhaps on its way to a rotation."""

    call: Call
    value: Value | Phase


class Turned(Record):
    """Pairs of channels of a node turned over, the one of them negative."""

    node: int
    shape: tuple[int, ...]


class Swung(Record):
    """A tensor, or its pairs turned over, times fixed numbers: half a rotation."""

    call: Call
    value: Value | Turned


class Empty(Record):
    """No rows at all."""


class Nothing(Record):
    """What was refused, or depends on what was."""


Tensor = (
    Value | Constant | Phase | Scores | Lengths | Padded | Negative | Turned | Swung | Empty
    | Nothing
)  # fmt: skip
