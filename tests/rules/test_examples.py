"""Every rule holds its own two examples: they are one edit apart, and it fires on one of them."""

from __future__ import annotations

import re
from difflib import unified_diff

import pytest

import archcalc
from archcalc.diagnostics import Diagnostic
from archcalc.rules.base import Rule
from archcalc.rules.catalogue import CHECKS, RULES

SHOWN = [rule for rule in RULES.values() if rule.fails]
_CARET = re.compile(r"#? *\^")


def findings(text: str) -> list[Diagnostic]:
    try:
        return archcalc.check(archcalc.analyze(archcalc.loads(text)))
    except archcalc.SpecError as error:
        return error.diagnostics


def marked(text: str) -> tuple[int, int]:
    """Line and column that the caret line of an example points at."""
    lines = text.splitlines()
    at = next(n for n, line in enumerate(lines) if _CARET.fullmatch(line))
    return at, lines[at].index("^") + 1


def without_caret(text: str) -> list[str]:
    return [line for line in text.splitlines() if not _CARET.fullmatch(line)]


@pytest.mark.parametrize("rule", SHOWN, ids=[rule.id for rule in SHOWN])
def test_fires_at_the_caret_of_its_failing_example_and_nothing_else_does(rule: Rule) -> None:
    found = findings(rule.fails)
    assert [each.rule for each in found] == [rule.id]
    assert found[0].place == marked(rule.fails)
    assert found[0].severity == rule.severity


@pytest.mark.parametrize("rule", SHOWN, ids=[rule.id for rule in SHOWN])
def test_nothing_fires_on_its_passing_example(rule: Rule) -> None:
    assert findings(rule.passes) == []


@pytest.mark.parametrize("rule", SHOWN, ids=[rule.id for rule in SHOWN])
def test_examples_are_one_edit_apart(rule: Rule) -> None:
    before, after = without_caret(rule.fails), without_caret(rule.passes)
    changes = [line[0] for line in unified_diff(before, after, n=0) if line[:2] not in ("--", "++")]
    assert sorted(c for c in changes if c != "@") in (["+", "-"], ["+"], ["-"])


def test_ids_are_unique_and_have_summaries() -> None:
    assert len(RULES) == len({rule.id for rule in RULES.values()})
    assert all(rule.summary and not rule.summary.endswith(".") for rule in RULES.values())
    assert all(rule.check is not None and rule.manual for rule in CHECKS)
