"""However many mistakes a file has, the first hundred are shown and the rest is not looked at."""

from __future__ import annotations

import pytest
from language import diagnostics, file

from archcalc import api
from archcalc.diagnostics import SpecError
from archcalc.limits import MISTAKES_LIMIT
from archcalc.wording import nearest


@pytest.mark.parametrize(
    ("entry", "rule"),
    [
        ("{type: cnv}", "unknown-type"),
        ("{type: linear, units: $n}", "undefined-variable"),
        ("{type: relu, from: nowhere}", "unknown-name"),
        ("{type: conv, filters: 4, kernel: 33, from: input}", "window-too-large"),
    ],
)
def test_the_first_hundred_are_shown(entry: str, rule: str) -> None:
    layers = [f"  - {entry}\n"] * MISTAKES_LIMIT
    assert {found.rule for found in diagnostics(file("".join(layers)))} == {rule}
    found = diagnostics(file("".join(layers * 3)))
    assert [each.rule for each in found] == [rule] * MISTAKES_LIMIT + ["limit-exceeded"]
    last, before = found[-1].span, found[-2].span
    assert last
    assert before
    assert last.line == before.line + 1


def test_a_text_that_is_loaded_says_so_as_well() -> None:
    with pytest.raises(SpecError) as raised:
        api.loads(file("  - {type: cnv}\n" * 300))
    assert raised.value.diagnostics[-1].rule == "limit-exceeded"


def test_the_nearest_of_very_many() -> None:
    names = [f"layer{i}" for i in range(1500)]
    assert nearest("conv_1", [*names, "conv1"]) == ("did you mean `conv1`?",)
    assert nearest("layer1499x", names) == ("did you mean `layer1499`?",)
    assert nearest("pool", names) == ()
