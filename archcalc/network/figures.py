"""Figures that somebody states of a network: expected, allowed at most, accepted, printed."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from fractions import Fraction

from archcalc.diagnostics import Span
from archcalc.network.volume import Volume
from archcalc.record import Record


class Notation(Enum):
    """How the figures of a quantity are written."""

    COUNT = "61706, 61.7k or 5M"
    BYTES = "61MB or 58MiB"
    VOLUME = "6x6x256"
    SIZES = "195, or [195, 211] per axis"


class Vocabulary(Record):
    """The quantities that figures may be stated of, by name, each with its notation.

    ``bounded`` are those that a budget may bound.
    """

    of_network: Mapping[str, Notation]
    of_layers: Mapping[str, Notation]
    bounded: Mapping[str, Notation]


class Amount(Record):
    """A count as somebody wrote it, its exact value, and one unit of its last digit."""

    text: str
    value: Fraction
    unit: Fraction


Computed = int | Volume | tuple[int, ...]
Figure = Amount | Computed


def value_of(figure: Figure) -> Fraction | Computed:
    """The exact value of a figure, however it is written."""
    return figure.value if isinstance(figure, Amount) else figure


class Expected(Record):
    """A figure that must hold: of the network where ``at`` is None, else at a path."""

    at: str | None
    quantity: str
    figure: Figure
    span: Span


class Allowance(Record):
    """An accepted finding: a rule, everywhere or at a path, and the reason."""

    rule: str
    at: str | None
    because: str
    span: Span


class Published(Record):
    """A figure that somebody printed."""

    at: str | None
    quantity: str
    figure: Figure
    source: str
    note: str | None
    input: Volume | None
    span: Span
