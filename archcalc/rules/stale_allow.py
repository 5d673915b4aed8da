"""An entry of ``allow`` that nothing needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from archcalc.analysis.analysis import Analysis
from archcalc.diagnostics import Severity
from archcalc.network.figures import Allowance
from archcalc.rules.base import Allowances, Description, Finding, Rule
from archcalc.wording import quoted

ID = "stale-allow"


def check(rules: Mapping[str, Rule], analysis: Analysis) -> Iterator[Finding]:
    """``rules`` is the table of all rules, this one among them."""
    allowed = analysis.network.allow
    allowances = Allowances(allowed)
    checks = {entry.rule: rules[entry.rule].check for entry in allowed if entry.rule in rules}
    needed = {
        allowances.of(rule, finding.layer)
        for rule, look in checks.items()
        if look is not None and rule != ID
        for finding in look(analysis)
    }
    for entry in allowed:
        if entry not in needed and checks.get(entry.rule) is not None:
            yield Finding(entry.span, None, partial(_describe, entry), about=entry)


def _describe(entry: Allowance) -> Description:
    where = f" at {quoted(entry.at)}" if entry.at else ""
    return f"there is no finding of {entry.rule}{where} to allow", ()


def rule(rules: Mapping[str, Rule]) -> Rule:
    """The rule over the table of rules, which holds it as well."""
    return Rule(
        id=ID,
        severity=Severity.WARNING,
        summary="an entry of allow that nothing needs",
        manual=(
            "What was accepted is gone, or its path has changed. Take the entry out, so that it "
            "does not cover something else one day. Of two entries that cover a finding, the first"
            " is needed."
        ),
        passes="""\
name: allowed
input: 7x7x3
layers:
  - {type: conv, name: conv1, filters: 10, kernel: 3, stride: 3}
allow:
  - {rule: illegal-stride, at: conv1, because: "an example"}
""",
        fails="""\
name: allowed
input: 7x7x3
layers:
  - {type: conv, name: conv1, filters: 10, kernel: 3, stride: 2}
allow:
  - {rule: illegal-stride, at: conv1, because: "an example"}
#          ^
""",
        check=partial(check, rules),
    )
