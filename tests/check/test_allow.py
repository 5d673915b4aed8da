"""Accepted findings: by path, by prefix, by `*`, for a whole rule; and those that nothing needs."""

from __future__ import annotations

import pytest

import archcalc
from archcalc.api import builtin_names
from archcalc.diagnostics import Diagnostic
from archcalc.rules.catalogue import CHECKS
from archcalc.rules.describing import run

NET = """\
name: copies
input: 57x57x4
blocks:
  down:
    layers:
      - {type: conv, name: conv, filters: 4, kernel: 2, stride: 2}
layers:
  - {block: down, name: a, repeat: 2}
  - {block: down, name: b}
"""
# 57 -> (57 - 2)/2 + 1 = 28.5; 28 -> 14; 14 -> 7: one finding, at a.0.conv; with 59: 29, then 14


def diagnostics(allow: str, size: str = "59x59x4") -> list[Diagnostic]:
    text = NET + (f"allow:\n  - {{{allow}, because: reasons}}\n" if allow else "")
    return archcalc.check(archcalc.analyze(archcalc.loads(text), input=size))


def test_findings_at_one_place_are_one_with_the_number_of_copies() -> None:
    # 59 -> 29.5, 29 -> 14.5, 14 -> 7
    (found,) = diagnostics("")
    assert (found.rule, found.layer, found.copies) == ("illegal-stride", "a.0.conv", 2)


@pytest.mark.parametrize("at", ["", ", at: a", ', at: "*"', ', at: "a.*"', ', at: "*.*.conv"'])
def test_a_path_covers_what_is_inside(at: str) -> None:
    assert diagnostics(f"rule: illegal-stride{at}") == []


def test_the_first_path_that_is_not_allowed_is_shown() -> None:
    (found,) = diagnostics("rule: illegal-stride, at: a.0")
    assert (found.layer, found.copies) == ("a.1.conv", 1)
    assert "(29 - 2)/2 + 1 = 14.5" in found.message


@pytest.mark.parametrize("at", ["b", "a.0.conv.more", "a.2", '"*.*.*.*"', "c"])
def test_an_allow_that_nothing_needs_is_stale(at: str) -> None:
    found = diagnostics(f"rule: illegal-stride, at: {at}")
    assert [each.rule for each in found] == ["illegal-stride", "stale-allow"]


def test_a_mistake_cannot_be_allowed() -> None:
    found = diagnostics("rule: wrong-value")
    assert [each.rule for each in found] == ["illegal-stride", "unknown-rule"]
    assert "cannot be allowed" in found[1].message


def test_an_allowed_finding_keeps_its_reason_in_the_analysis() -> None:
    text = f"{NET}allow:\n  - {{rule: illegal-stride, because: reasons}}\n"
    (found,) = archcalc.analyze(archcalc.loads(text)).diagnostics
    assert found.allowed == "reasons"
    assert found.hints == ("allowed: reasons",)


def test_an_allow_that_covers_only_notes_is_not_stale() -> None:
    text = """\
name: halving
input: 8x8x4
layers:
  - {type: conv, name: a, filters: 4, kernel: 3, stride: 2, padding: 1}
allow:
  - {rule: illegal-stride, at: a, because: reasons}
"""
    assert archcalc.check(archcalc.analyze(archcalc.loads(text))) == []


def test_no_shipped_architecture_allows_what_is_only_noted() -> None:
    for name in builtin_names():
        analysis = archcalc.analyze(archcalc.load(name))
        for found in run(analysis, CHECKS):
            assert found.allowed is None or found.severity.value != "note", (name, found.layer)
