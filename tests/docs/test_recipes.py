"""The files in the page of recipes: each is right, and passes a strict check as it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import archcalc
from archcalc.diagnostics import Severity

PAGE = Path(__file__).parents[2] / "docs" / "recipes.md"
FILES = dict(re.findall(r"```yaml\n# ([\w.-]+)\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL))


def test_the_page_has_recipes() -> None:
    assert len(FILES) >= 8


@pytest.mark.parametrize("name", FILES)
def test_a_recipe_is_right_as_it_stands(name: str) -> None:
    findings = archcalc.check(archcalc.analyze(archcalc.loads(FILES[name], name)))
    assert [found for found in findings if found.severity is not Severity.NOTE] == []
