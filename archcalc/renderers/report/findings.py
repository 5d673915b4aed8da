"""What the rules found, with an explanation of each rule."""

from __future__ import annotations

from archcalc.analysis.analysis import Analysis
from archcalc.diagnostics import Diagnostic
from archcalc.renderers.markup import escaped, prose
from archcalc.rules.catalogue import RULES
from archcalc.views.findings import by_rule, more_like_it


def section(analysis: Analysis) -> list[str]:
    """The findings by rule, errors first."""
    lines = ["", "## Findings"]
    if not analysis.diagnostics:
        return [*lines, "", "None: every stride divides, and no rule finds anything."]
    for rule, findings in by_rule(analysis.diagnostics):
        summary = RULES[rule].summary if rule in RULES else rule
        lines += ["", f"### {escaped(rule)}: {escaped(summary)}", ""]
        if rule in RULES:
            lines += [prose(RULES[rule].manual), ""]
        lines += [line for finding in findings for line in _finding(finding)]
    return lines


def _finding(finding: Diagnostic) -> list[str]:
    where = ", ".join(finding.whereabouts("`"))
    verdict = "allowed" if finding.allowed else finding.severity.value
    message = f"{prose(finding.message)}{more_like_it(finding)}"
    lines = [f"- {where}: **{verdict}**: {message}"]
    if finding.allowed:
        return [*lines, f"  - the file accepts it: {escaped(finding.allowed)}"]
    return [*lines, *(f"  - {prose(hint)}" for hint in finding.suggestions)]
