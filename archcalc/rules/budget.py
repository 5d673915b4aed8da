"""A quantity that exceeds its budget."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import partial

from archcalc.analysis.analysis import Analysis
from archcalc.analysis.quantities import QUANTITIES, Quantity
from archcalc.diagnostics import Severity
from archcalc.network.figures import value_of
from archcalc.rules.base import Description, Finding, Rule
from archcalc.rules.figures import Held, budgets, written

SHOWN = 3


def check(analysis: Analysis) -> Iterator[Finding]:
    if analysis.network.budget:
        for held in budgets(analysis):
            if not held.holds:
                message = partial(describe, analysis, held)
                yield Finding(held.figure.span, None, message, about=held.figure)


def describe(analysis: Analysis, held: Held) -> Description:
    wanted, computed, quantity = held.stated, held.computed, QUANTITIES[held.figure.quantity]
    bound = value_of(wanted)
    if computed is None:
        return f"{quantity.name} is not known: {quantity.why_missing(analysis)}", ()
    assert isinstance(computed, int)
    assert isinstance(bound, int | Fraction)
    side = "under" if quantity.is_floor else "over"
    excess = bound - computed if quantity.is_floor else computed - bound
    amount = f"{int(excess):,}" if excess.denominator == 1 else f"more than {int(excess):,}"
    message = f"{quantity.name} is {computed:,}, {side} the budget of {written(wanted)} by {amount}"
    return f"{message}{_dearest(analysis, quantity)}", ()


def _dearest(analysis: Analysis, quantity: Quantity) -> str:
    """Where a maximum is reached, and the three layers with the largest shares."""
    where = f"; it is reached at {quantity.reached_at(analysis)}" if quantity.reached_at else ""
    share = quantity.share_of_layer
    if share is None:
        return where
    costs = sorted(((share(x), x.name) for x in analysis.layers), key=lambda cost: -cost[0])
    layers = ", ".join(f"{layer} ({cost:,})" for cost, layer in costs[:SHOWN] if cost)
    return f"{where}; most is in {layers}" if layers else where


RULE = Rule(
    id="budget",
    severity=Severity.ERROR,
    summary="a quantity exceeds its budget",
    manual=(
        "The figures under `budget`, or of options such as --max-params, are upper bounds,"
        " but for `largest_batch`, of which there must be as much. The message names the layers"
        " that cost most."
    ),
    passes="""\
name: bounded
input: 8x8x3
layers:
  - {type: conv, filters: 10, kernel: 3}
budget: {params: 280}
""",
    fails="""\
name: bounded
input: 8x8x3
layers:
  - {type: conv, filters: 10, kernel: 3}
budget: {params: 279}
#                ^
""",
    check=check,
)
