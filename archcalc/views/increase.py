"""How much totals may grow from one analysis to another, and which grow more."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from fractions import Fraction

from archcalc.analysis.analysis import Analysis
from archcalc.analysis.quantities import QUANTITIES, VOCABULARY, check_total
from archcalc.analysis.whole import alike
from archcalc.diagnostics import Fault
from archcalc.network.values import literal
from archcalc.record import Record
from archcalc.wording import decimal, exact, quoted


class IncreaseBound(Record):
    """The most by which a quantity may grow: a count, or a share of what it was."""

    quantity: str
    amount: int
    share: Fraction | None
    written: str


def bound(text: str) -> IncreaseBound:
    """``params=5%``, ``macs=0``, ``activation_bytes=1MiB``.

    Raises:
        ValueError: for another quantity, and for what is neither a count nor a percentage.
    """
    name, equals, amount = (part.strip() for part in text.partition("="))
    if not equals:
        raise ValueError(f"{quoted(text)} is not QUANTITY=AMOUNT or QUANTITY=PERCENT%")
    check_total(name)
    try:
        if amount.endswith("%"):
            percent = literal(amount[:-1])
            if not isinstance(percent, int | Fraction) or isinstance(percent, bool) or percent < 0:
                raise ValueError(f"{name}: {quoted(amount)} is no percentage")
            return IncreaseBound(name, 0, Fraction(percent) / 100, amount)
        return IncreaseBound(name, int(VOCABULARY.bounded[name].check(amount).value), None, amount)
    except Fault as fault:
        raise ValueError(f"{name} {fault.parts[0].message}") from None


def exceeded(old: Analysis, new: Analysis, bounds: Collection[IncreaseBound]) -> Iterator[str]:
    """A line for each total that grows by more than it may, or that is not known of both."""
    old, new = alike([old, new], [allowed.quantity for allowed in bounds])
    for allowed in bounds:
        quantity = QUANTITIES[allowed.quantity]
        before, after = quantity.total(old), quantity.total(new)
        if before is None or after is None:
            yield f"{allowed.quantity} is not known of both: it may grow by {allowed.written}"
            continue
        most = allowed.amount if allowed.share is None else allowed.share * before
        if after - before > most:
            share = f" ({decimal(Fraction(100 * (after - before), before), 1)}%)" if before else ""
            yield (
                f"{allowed.quantity} grows from {exact(before)} to {exact(after)}, "
                f"by {exact(after - before)}{share}; it may grow by {allowed.written}"
            )
