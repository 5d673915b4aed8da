"""The rules that an analysis is held against, and what they find."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import chain

from archcalc.analysis import Analysis
from archcalc.diagnostics import Diagnostic, Place, Severity
from archcalc.rules import (
    budget,
    expectation,
    field_exceeds_input,
    illegal_stride,
    input_skipped,
    misaligned,
    mistakes,
    padding_only_window,
    pooling_padding,
    redundant_bias,
    stale_allow,
    unknown_rule,
    unused_block,
    unused_layer,
    unused_variable,
)
from archcalc.rules.allowing import allowance
from archcalc.rules.base import Finding, Rule
from archcalc.rules.verify import Found, Trials

CHECKS = (
    expectation.RULE,
    budget.RULE,
    illegal_stride.RULE,
    pooling_padding.RULE,
    input_skipped.RULE,
    padding_only_window.RULE,
    unused_layer.RULE,
    misaligned.RULE,
    redundant_bias.RULE,
    unused_variable.RULE,
    unused_block.RULE,
    stale_allow.RULE,
    unknown_rule.RULE,
    field_exceeds_input.RULE,
)

RULES: Mapping[str, Rule] = {
    rule.id: rule for rule in chain(CHECKS, mistakes.SHAPES, mistakes.MISTAKES)
}


def run(
    analysis: Analysis, rules: Collection[Rule] = CHECKS, *, verify: bool = True
) -> list[Diagnostic]:
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
            trials = trials or Trials(analysis, _found)
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


def _found(analysis: Analysis) -> Found:
    """What counts against a suggestion; notes do not."""
    rules = [rule for rule in CHECKS if rule.severity is not Severity.NOTE]
    return {(rule.id, each.layer, each.place) for rule, each in findings(analysis, rules)}


__all__ = ["CHECKS", "RULES", "Rule", "findings", "run"]
