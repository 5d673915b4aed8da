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
                yield Finding(held.figure.span, held.path, message, about=held.figure)


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
    return f"{message}{_dearest(analysis, quantity, held.path)}", ()


def _dearest(analysis: Analysis, quantity: Quantity, path: str | None) -> str:
    """Where a maximum is reached, and the three layers with the largest shares."""
    reached_at = None if path else quantity.reached_at
    where = f"; it is reached at {reached_at(analysis)}" if reached_at else ""
    share = quantity.share_of_layer
    if share is None:
        return where
    layers = analysis.layers
    if path:
        region = analysis.network.named()[path]
        layers = analysis.nodes[region.start : region.stop]
        if len(layers) == 1:
            return ""
    costs = sorted(((share(x), x.name) for x in layers), key=lambda cost: -cost[0])
    most = ", ".join(f"{layer} ({cost:,})" for cost, layer in costs[:SHOWN] if cost)
    return f"{where}; most is in {most}" if most else where


RULE = Rule(
    id="budget",
    severity=Severity.ERROR,
    summary="a quantity exceeds its budget",
    manual=(
        "The figures under `budget`, or of options such as --max-params, are upper bounds,"
        " but for `largest_batch`, of which there must be as much. Those under `groups` are of the"
        " layer, the group or the instance at a path. The message names the layers that cost most."
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
