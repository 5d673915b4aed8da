"""An entry of ``allow`` that names no rule, or one that cannot be allowed."""

from __future__ import annotations

from collections.abc import Iterator

from archcalc.analysis.analysis import Analysis
from archcalc.diagnostics import Severity
from archcalc.rules.base import Description, Finding, Rule, Suggestion
from archcalc.wording import nearest, quoted


def check(analysis: Analysis) -> Iterator[Finding]:
    if not analysis.architecture.allow:
        return
    from archcalc.rules.catalogue import RULES  # it holds this rule

    for entry in analysis.architecture.allow:
        if entry.rule not in RULES or RULES[entry.rule].check is None:
            yield Finding(entry.span, None, lambda rule=entry.rule: _describe(rule))  # type: ignore[misc]


def _describe(rule: str) -> Description:
    from archcalc.rules.catalogue import RULES

    if rule in RULES:
        return f"{rule} is a mistake, and mistakes cannot be allowed", ()
    known = [each.id for each in RULES.values() if each.check is not None]
    hints = tuple(Suggestion(line, is_fact=True) for line in nearest(rule, known))
    return f"{quoted(rule)} is no rule", hints


RULE = Rule(
    id="unknown-rule",
    severity=Severity.ERROR,
    summary="an entry of allow that names no rule",
    manual=(
        "`archcalc rules` lists the rules. Mistakes and shapes that do not fit cannot be allowed."
    ),
    passes="""\
name: allowed
input: 7x7x3
layers:
  - {type: conv, name: conv1, filters: 10, kernel: 3, stride: 3}
allow:
  - {rule: illegal-stride, because: "an example"}
""",
    fails="""\
name: allowed
input: 7x7x3
layers:
  - {type: conv, name: conv1, filters: 10, kernel: 3, stride: 3}
allow:
  - {rule: illegal-stride, because: "an example"}
  - {rule: illegal-strides, because: "an example"}
#          ^
""",
    check=check,
)
