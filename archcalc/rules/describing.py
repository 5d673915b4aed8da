"""What rules find, in words, with suggestions that were tried and what accepts a finding."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import partial

from archcalc.analysis.analysis import Analysis
from archcalc.diagnostics import Diagnostic, Fix, Severity
from archcalc.rules import Alike, findings, grouped
from archcalc.rules.acceptance import Acceptance
from archcalc.rules.base import Rule
from archcalc.rules.fixes import fix_of
from archcalc.rules.verify import Broken, Trials


def run(
    analysis: Analysis, rules: Collection[Rule], judges: Collection[Rule] = ()
) -> list[Diagnostic]:
    """What rules find, in the order of lines; see `grouped` and `described`."""
    return described(analysis, grouped(analysis, rules), judges)


def refused(
    analysis: Analysis, rules: Collection[Rule], judges: Collection[Rule]
) -> tuple[list[Diagnostic], int]:
    """What rules find and the file does not allow, and the number of findings that it allows."""
    groups = grouped(analysis, rules)
    left = [group for group in groups if group.allowed is None]
    return described(analysis, left, judges), len(groups) - len(left)


def described(
    analysis: Analysis, groups: Iterable[Alike], judges: Collection[Rule] = ()
) -> list[Diagnostic]:
    """Groups in words. With ``judges``, only suggestions are kept that were tried.

    The finding is gone with them, and none of the judges finds anything new.
    """
    diagnostics = []
    trials: Trials | None = None
    groups = list(groups)
    acceptances: dict[str, Acceptance] = {}
    for number, group in enumerate(groups):
        rule, finding, layers, allowed = group
        message, suggestions = finding.describe()
        fixes: tuple[Fix, ...] = ()
        if judges and allowed is None and not all(s.is_fact for s in suggestions):
            trials = trials or Trials(analysis, partial(_broken, judges))
            suggestions = trials.verified(suggestions, rule, finding)
            tried = [s for s in suggestions if not s.is_fact]
            fixes = tuple(fix_of(analysis.network, finding, s) for s in tried)
        texts = tuple(s.text for s in suggestions)
        if allowed is None and rule.id not in acceptances:
            acceptances[rule.id] = _acceptance(rule, groups)
        allow = acceptances[rule.id].entries(number, layers) if allowed is None else None
        diagnostics.append(
            Diagnostic(
                rule.id, finding.grade(rule), message, finding.span, finding.layer, len(layers),
                texts, allowed, fixes, allow,
            )
        )  # fmt: skip
    return diagnostics


def _acceptance(rule: Rule, groups: Sequence[Alike]) -> Acceptance:
    """Of the groups of a rule; notes fail nothing, and may be covered as well."""
    return Acceptance(
        rule.id,
        [(n, group.layers) for n, group in enumerate(groups) if group.rule is rule and group.fails],
    )


def _broken(judges: Collection[Rule], analysis: Analysis) -> Broken:
    """What the judges find: what counts against a suggestion, and notes, which do not."""
    broken = Broken(set(), set())
    for rule, finding in findings(analysis, judges):
        places = broken.notes if finding.grade(rule) is Severity.NOTE else broken.failing
        places.add((rule.id, finding.layer, finding.place))
    return broken
