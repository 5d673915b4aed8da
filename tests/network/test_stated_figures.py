"""Figures and accepted findings of a network that was built in Python."""

from __future__ import annotations

from typing import Any

import pytest

import archcalc
from archcalc import LAYERS, Builder, Diagnostic, SpecError

PARAMS = (3 * 3 * 3 + 1) * 10


def builder() -> Builder:
    made = Builder("net", "7x7x3")
    made.add(LAYERS["conv"](filters=10, kernel=3, stride=3), name="conv1")
    return made


def found(made: Builder) -> list[Diagnostic]:
    return archcalc.check(archcalc.analyze(made.network()))


@pytest.mark.parametrize(
    ("quantity", "figure", "at"),
    [
        ("params", PARAMS, None),
        ("params", str(PARAMS), "conv1"),
        ("output", "2x2x10", None),
        ("output", archcalc.Volume(10, (2, 2)), "conv1"),
        ("receptive_field", 3, "conv1"),
        ("receptive_field", [3, 3], "*"),
    ],
)
def test_expectations_that_hold(quantity: str, figure: Any, at: str | None) -> None:
    made = builder()
    made.expect(quantity, figure, at)
    assert [finding.rule for finding in found(made)] == ["illegal-stride"]


def test_each_figure_that_does_not_hold_is_a_finding_of_its_own() -> None:
    made = builder()
    made.expect("params", PARAMS + 1)
    made.expect("macs", 1)
    made.expect("output", "3x3x10", at="conv1")
    made.budget("params", "0.1k")
    messages = [finding.message for finding in found(made) if finding.rule != "illegal-stride"]
    macs = 3 * 3 * 3 * 10 * 2 * 2
    assert messages == [
        f"params is {PARAMS}, and {PARAMS + 1} is expected: 1 less",
        f"macs is {macs:,}, and 1 is expected: {macs - 1:,} more",
        "output is 2x2x10, and 3x3x10 is expected",
        f"params is {PARAMS}, over the budget of 100 by {PARAMS - 100}; "
        f"most is in conv1 ({PARAMS})",
    ]


def test_budgets_of_layers() -> None:
    made = builder()
    made.budget("macs", 1080, at="conv1")
    made.budget("params", 279, at="*")
    (finding,) = [finding for finding in found(made) if finding.rule == "budget"]
    assert (finding.layer, finding.message) == (
        "conv1", f"params is {PARAMS}, over the budget of 279 by 1",
    )  # fmt: skip
    made.budget("output", "2x2x10", at="conv1")
    made.budget("params", 1, at="conv2")
    with pytest.raises(SpecError) as caught:
        archcalc.analyze(made.network())
    assert sorted(mistake.message for mistake in caught.value.diagnostics) == [
        '"output" is no quantity of a layer', 'no layer or group has the path "conv2"',
    ]  # fmt: skip


def test_an_accepted_finding_and_one_that_nothing_needs() -> None:
    made = builder()
    made.allow("illegal-stride", "the last row is padding", at="conv1")
    made.allow("input-skipped", "on purpose")
    made.allow("no-such-rule", "none")
    assert [finding.rule for finding in found(made)] == ["stale-allow", "unknown-rule"]


def test_mistakes_of_figures_are_told_together() -> None:
    made = builder()
    made.expect("parms", 3)
    made.expect("output", "wide")
    made.expect("params", 3, at="conv2")
    made.budget("output", "2x2x10")
    with pytest.raises(SpecError) as caught:
        archcalc.analyze(made.network())
    messages = sorted(mistake.message for mistake in caught.value.diagnostics)
    assert messages == [
        '"output" is no quantity of a network',
        '"parms" is no quantity of a network',
        'no layer or group has the path "conv2"',
        'output takes sizes and channels, as 227x227x3 (height x width x channels), not "wide"',
    ]


def test_suggestions_are_tried_on_networks_with_figures() -> None:
    made = builder()
    made.budget("params", "1k")
    made.expect("params", PARAMS)
    (finding,) = found(made)
    assert finding.suggestions
