"""A figure that differs from what ``expect`` says."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import partial

from archcalc.analysis.analysis import Analysis
from archcalc.analysis.quantities import QUANTITIES
from archcalc.diagnostics import Severity
from archcalc.network.figures import value_of
from archcalc.rules.base import Description, Finding, Rule
from archcalc.rules.figures import Held, differing, written


def check(analysis: Analysis) -> Iterator[Finding]:
    if analysis.network.expect:
        for held in differing(analysis):
            message = partial(describe, analysis, held)
            yield Finding(held.figure.span, held.path, message, about=held.figure)


def describe(analysis: Analysis, held: Held) -> Description:
    wanted, computed = held.stated, held.computed
    if computed is None:
        why = QUANTITIES[held.figure.quantity].why_missing(analysis)
        return f"{held.figure.quantity} is not known: {why}", ()
    message = f"{held.figure.quantity} is {written(computed)}, and {written(wanted)} is expected"
    number = value_of(wanted)
    if isinstance(number, int | Fraction) and isinstance(computed, int):
        difference = computed - int(number)
        message += f": {abs(difference):,} {'more' if difference > 0 else 'less'}"
    return message, ()


RULE = Rule(
    id="expectation",
    severity=Severity.ERROR,
    summary="a figure differs from what expect says",
    manual=(
        "The figures under `expect` are exact. They pin the shapes and counts that other code "
        "relies on, so that a change of them is a decision."
    ),
    passes="""\
name: pinned
input: 8x8x3
layers:
  - {type: conv, name: conv1, filters: 10, kernel: 3}
expect:
  params: 280
  layers: {conv1: {output: 6x6x10}}
""",
    fails="""\
name: pinned
input: 8x8x3
layers:
  - {type: conv, name: conv1, filters: 10, kernel: 3}
expect:
  params: 270
#         ^
  layers: {conv1: {output: 6x6x10}}
""",
    check=check,
)
