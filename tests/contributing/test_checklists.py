"""Every checklist of docs/contributing.md, followed to the letter, does what it says."""

from __future__ import annotations

from pathlib import Path

import pytest
from checklists import CHECKLISTS, followed


@pytest.mark.parametrize("title", CHECKLISTS)
def test_a_checklist_works_as_written(title: str, tmp_path: Path) -> None:
    followed(title, tmp_path)


def test_there_is_one_for_everything_that_is_added_often() -> None:
    assert set(CHECKLISTS) == {
        "Add a layer type", "Add a quantity", "Add a rule", "Add a format", "Add a command",
        "Add an importer", "Add an exporter", "Add an architecture",
    }  # fmt: skip
