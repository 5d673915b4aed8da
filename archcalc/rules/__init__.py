"""Holds an analysis against rules: `IN_TABLE` those of a table, the catalogue has all."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from archcalc.analysis import Analysis
from archcalc.diagnostics import Diagnostic, Place, Severity
from archcalc.rules import illegal_stride, misaligned, unused_layer
from archcalc.rules.allowing import allowance
from archcalc.rules.base import Finding, Rule

if TYPE_CHECKING:
    from archcalc.rules.verify import Found, Trials

IN_TABLE = (illegal_stride.RULE, unused_layer.RULE, misaligned.RULE)


def run(analysis: Analysis, rules: Collection[Rule], *, verify: bool = True) -> list[Diagnostic]:
    """What rules find, in the order of lines.

    Findings of one rule at one place are one, with the number of copies; those that ``allow``
    accepts are apart from those that it does not, and carry its reason. With ``verify``, only
    suggestions are kept that were tried: the finding is gone with them, and no other has come.
    """
    found: dict[tuple[Place, str, str], Diagnostic] = {}
    trials: Trials | None = None
    for rule, finding in findings(analysis, rules):
        allowed = allowance(analysis.architecture.allow, rule.id, finding.layer)
        at = (finding.place, rule.id, allowed.because if allowed else "")
        known = found.get(at)
        if known:
            found[at] = known._replace(copies=known.copies + 1)
            continue
        message, suggestions = finding.describe()
        if verify and not allowed and not all(s.is_fact for s in suggestions):
            trials = trials or _trials(analysis)
            suggestions = trials.verified(suggestions, rule.id, finding.place)
        found[at] = Diagnostic(
            rule.id,
            rule.severity,
            message,
            finding.place,
            finding.layer,
            suggestions=tuple(s.text for s in suggestions),
            allowed=allowed.because if allowed else None,
        )
    return [found[at] for at in sorted(found)]


def findings(analysis: Analysis, rules: Collection[Rule]) -> Iterator[tuple[Rule, Finding]]:
    """Every finding of the rules, layer by layer."""
    for rule in rules:
        for finding in rule.check(analysis) if rule.check else ():
            yield rule, finding


def _trials(analysis: Analysis) -> Trials:
    from archcalc.rules.verify import Trials  # only findings with suggestions need it

    return Trials(analysis, _found)


def _found(analysis: Analysis) -> Found:
    """What counts against a suggestion; notes do not."""
    from archcalc.rules.catalogue import CHECKS

    rules = [rule for rule in CHECKS if rule.severity is not Severity.NOTE]
    return {(rule.id, each.layer, each.place) for rule, each in findings(analysis, rules)}


__all__ = ["IN_TABLE", "Rule", "findings", "run"]
