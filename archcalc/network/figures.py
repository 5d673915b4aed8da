"""Figures that somebody states of a network: expected, allowed at most, accepted, printed."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from archcalc.diagnostics import Fault, Span
from archcalc.network.values import Amount, ValueType
from archcalc.network.volume import Volume
from archcalc.record import Record
from archcalc.wording import nearest, quoted

Computed = int | Volume | tuple[int, ...]
Figure = Amount | Computed


class Vocabulary(Record):
    """The quantities that figures may be stated of, by name, each with how its figures are written.

    ``bounded`` are those that a budget may bound, and ``bounded_of_layers`` those of them that it
    may bound of a layer or a group.
    """

    of_network: Mapping[str, ValueType[Any]]
    of_layers: Mapping[str, ValueType[Any]]
    bounded: Mapping[str, ValueType[Any]]

    @property
    def bounded_of_layers(self) -> Mapping[str, ValueType[Any]]:
        return {name: takes for name, takes in self.of_layers.items() if name in self.bounded}


def value_of(figure: Figure) -> Fraction | Computed:
    """The exact value of a figure, however it is written."""
    return figure.value if isinstance(figure, Amount) else figure


class Expected(Record):
    """A figure that must hold: of the network where ``at`` is None, else at a path."""

    at: str | None
    quantity: str
    figure: Figure
    span: Span | None = None


def read(expected: Expected, quantities: Mapping[str, ValueType[Any]]) -> Expected:
    """A figure that was stated in Python, as one of a file is: text is read, numbers are checked.

    ``quantities`` are those that there are, each with how its figures are written.

    Raises:
        Fault: for a quantity or a figure that is none.
    """
    if expected.quantity not in quantities:
        whose = "a layer" if expected.at else "a network"
        fact = f"{quoted(expected.quantity)} is no quantity of {whose}"
        raise Fault("unknown-key", fact, suggestions=nearest(expected.quantity, quantities))
    try:
        return expected._replace(figure=quantities[expected.quantity].check(expected.figure))
    except Fault as fault:
        raise Fault(
            fault.rule, f"{expected.quantity} {fault.message}", suggestions=fault.suggestions
        ) from None


class Allowance(Record):
    """An accepted finding: a rule, everywhere or at a path, and the reason."""

    rule: str
    at: str | None
    because: str
    span: Span | None = None


class Published(Record):
    """A figure that somebody printed, of the network with these values of its ``variables``."""

    at: str | None
    quantity: str
    figure: Figure
    source: str
    note: str | None = None
    input: Volume | None = None
    span: Span | None = None
    variables: tuple[tuple[str, Any], ...] = ()
