"""Renderers: each takes an analysis and returns a string."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from archcalc.analysis.analysis import Analysis
from archcalc.record import Record


class Format(Record):
    """A format. Its module is imported when it is asked for: drawing is not needed for JSON."""

    module: str
    summary: str
    has_columns: bool = True

    def __call__(self, analysis: Analysis, **options: Any) -> str:
        rendered: str = import_module(f"archcalc.renderers.{self.module}").render(
            analysis, **options
        )
        return rendered


FORMATS: Mapping[str, Format] = {
    "table": Format("table", "a table for the terminal"),
    "markdown": Format("markdown", "a table for GitHub"),
    "json": Format("json", "the whole analysis, version 1", has_columns=False),
    "csv": Format("csv", "rows of plain numbers"),
    "html": Format("html", "a table for notebooks", has_columns=False),
}
