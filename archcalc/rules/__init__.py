"""The rules that an analysis is held against, and what they find."""

from __future__ import annotations

from collections.abc import Mapping

from archcalc.analysis import Analysis
from archcalc.diagnostics import Diagnostic, Place
from archcalc.rules import illegal_stride
from archcalc.rules.base import Rule

RULES: Mapping[str, Rule] = {rule.id: rule for rule in (illegal_stride.RULE,)}


def run(analysis: Analysis) -> list[Diagnostic]:
    """What the rules find, in the order of lines; findings of one rule at one place are one."""
    found: dict[tuple[Place, str], Diagnostic] = {}
    for rule in RULES.values():
        for finding in rule.check(analysis):
            at = (finding.layer.place, rule.id)
            if at in found:
                found[at] = found[at]._replace(copies=found[at].copies + 1)
                continue
            message, suggestions = finding.describe()
            found[at] = Diagnostic(
                rule.id,
                rule.severity,
                message,
                finding.layer.place,
                finding.layer.name,
                suggestions=suggestions,
            )
    return [found[at] for at in sorted(found)]
