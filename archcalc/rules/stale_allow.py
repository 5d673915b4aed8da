"""An entry of ``allow`` that nothing needs."""

from __future__ import annotations

from collections.abc import Iterator

from archcalc.analysis.analysis import Analysis
from archcalc.diagnostics import Severity
from archcalc.network.figures import Allowance
from archcalc.rules.allowing import allowance
from archcalc.rules.base import Description, Finding, Rule
from archcalc.wording import quoted


def check(analysis: Analysis) -> Iterator[Finding]:
    allowed = analysis.architecture.allow
    if not allowed:
        return
    from archcalc.rules.catalogue import RULES  # it holds this rule

    checks = {entry.rule: RULES[entry.rule].check for entry in allowed if entry.rule in RULES}
    needed = {
        id(allowance(allowed, rule, finding.layer))
        for rule, look in checks.items()
        if look is not None and rule != RULE.id
        for finding in look(analysis)
    }
    for entry in allowed:
        if id(entry) not in needed and checks.get(entry.rule) is not None:
            yield Finding(entry.span, None, lambda entry=entry: _describe(entry))  # type: ignore[misc]


def _describe(entry: Allowance) -> Description:
    where = f" at {quoted(entry.at)}" if entry.at else ""
    return f"there is no finding of {entry.rule}{where} to allow", ()


RULE = Rule(
    id="stale-allow",
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
    check=check,
)
