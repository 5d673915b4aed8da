"""An entry of ``allow`` that names no rule, or one that cannot be allowed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from archcalc.analysis.analysis import Analysis
from archcalc.diagnostics import Severity
from archcalc.rules.base import Description, Finding, Rule, Suggestion
from archcalc.wording import nearest, quoted


def check(rules: Mapping[str, Rule], analysis: Analysis) -> Iterator[Finding]:
    """``rules`` is the table of all rules, this one among them."""
    for entry in analysis.network.allow:
        if entry.rule not in rules or rules[entry.rule].check is None:
            yield Finding(entry.span, None, partial(_describe, rules, entry.rule), about=entry)


def _describe(rules: Mapping[str, Rule], name: str) -> Description:
    if name in rules:
        return f"{name} is a mistake, and mistakes cannot be allowed", ()
    allowable = [rule.id for rule in rules.values() if rule.check is not None]
    hints = tuple(Suggestion(line, is_fact=True) for line in nearest(name, allowable))
    return f"{quoted(name)} is no rule", hints


def rule(rules: Mapping[str, Rule]) -> Rule:
    """The rule over the table of rules, which holds it as well."""
    return Rule(
        id="unknown-rule",
        severity=Severity.ERROR,
        summary="an entry of allow that names no rule",
        manual=(
            "`archcalc rules` lists the rules. Mistakes and shapes that do not fit cannot be "
            "allowed."
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
        check=partial(check, rules),
    )
