"""A variable that no expression reads."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from archcalc.analysis.analysis import Analysis
from archcalc.diagnostics import Severity
from archcalc.rules.base import Description, Finding, Rule
from archcalc.wording import quoted


def check(analysis: Analysis) -> Iterator[Finding]:
    for name, span in analysis.network.unused_variables.items():
        yield Finding(span, None, partial(_describe, name))


def _describe(name: str) -> Description:
    return f"the variable {quoted(name)} is read nowhere, and --set {name}=... changes nothing", ()


RULE = Rule(
    id="unused-variable",
    severity=Severity.WARNING,
    summary="a variable that no expression reads",
    manual="Mostly a number is written where `$name` was meant, or the variable is a remainder.",
    passes="""\
name: width
input: 8x8x3
variables: {width: 16}
layers:
  - {type: conv, filters: $width, kernel: 3}
""",
    fails="""\
name: width
input: 8x8x3
variables: {width: 16}
#           ^
layers:
  - {type: conv, filters: 16, kernel: 3}
""",
    check=check,
)
