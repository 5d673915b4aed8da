"""What the rules found, with the explanation of each rule."""

from __future__ import annotations

from itertools import groupby

from archcalc.analysis.analysis import Analysis
from archcalc.diagnostics import Diagnostic
from archcalc.renderers.markdown import escaped, prose
from archcalc.renderers.markup import code
from archcalc.rules.catalogue import RULES

ORDER = {"error": 0, "warning": 1, "note": 2}


def section(analysis: Analysis) -> list[str]:
    """The findings by rule, errors first; illegal strides are among them."""
    lines = ["", "## Findings"]
    found = sorted(
        analysis.diagnostics,
        key=lambda each: (ORDER[each.severity.value], each.rule, each.allowed is not None),
    )
    if not found:
        return [*lines, "", "None: every stride divides, and no rule finds anything."]
    for rule, same in groupby(found, key=lambda each: each.rule):
        summary = RULES[rule].summary if rule in RULES else rule
        lines += ["", f"### {escaped(rule)}: {escaped(summary)}", ""]
        if rule in RULES:
            lines += [prose(RULES[rule].manual), ""]
        lines += [line for each in same for line in _one(each)]
    return lines


def _one(each: Diagnostic) -> list[str]:
    copies = f" (and {each.copies - 1:,} more like it)" if each.copies > 1 else ""
    where = f", {code(each.layer)}" if each.layer else ""
    said = "allowed" if each.allowed else each.severity.value
    lines = [f"- line {each.span.line:,}{where}: **{said}**: {prose(each.message)}{copies}"]
    if each.allowed:
        return [*lines, f"  - the file accepts it: {escaped(each.allowed)}"]
    return [*lines, *(f"  - {prose(hint)}" for hint in each.suggestions)]
