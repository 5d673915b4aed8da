"""Whole outputs, to be looked at where they change."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import archcalc

SMALL = (Path(__file__).parents[1] / "golden" / "small.yaml").read_text(encoding="utf-8")

CASES: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("small-table.txt", "small", "table", {}),
    ("small-table-60.txt", "small", "table", {"width": 60}),
    ("small.md", "small", "markdown", {}),
    ("small.csv", "small", "csv", {}),
    ("small.json", "small", "json", {}),
    ("small.html", "small", "html", {}),
    ("vgg16-table.txt", "vgg16", "table", {}),
    ("vgg16-si.md", "vgg16", "markdown", {"units": "si", "sort": "macs", "top": 5}),
    (
        "resnet50-stages.csv",
        "resnet50",
        "csv",
        {"fold": 1, "columns": ["name", "type", "output", "params", "macs", "receptive_field"]},
    ),
)


@pytest.mark.parametrize(("file", "name", "format", "options"), CASES, ids=[c[0] for c in CASES])
def test_output(
    golden: Callable[[str, str], None], file: str, name: str, format: str, options: dict[str, Any]
) -> None:
    net = archcalc.loads(SMALL, "small.yaml") if name == "small" else archcalc.load(name)
    text = archcalc.render(archcalc.analyze(net), format, **options)
    assert text == archcalc.render(archcalc.analyze(net), format, **options)
    golden(file, text)
