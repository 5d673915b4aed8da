"""The texts of a page: the arithmetic of each layer, the findings, and the file itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from archcalc.analysis.analysis import Analysis
from archcalc.analysis.whole import trained
from archcalc.diagnostics import Diagnostic
from archcalc.views.explanation import explanations
from archcalc.views.page.once import Once
from archcalc.wording import visible

EXPLAINED = 4_000  # layers
TEXT_SHOWN = 400_000  # characters of a file


def arithmetic(analysis: Analysis, name: str) -> dict[str, Any]:
    """``explained`` has per layer its sections, each a heading and lines, as places in tables.

    Above `EXPLAINED` layers there is the command that gives them.
    """
    if analysis.totals.layers > EXPLAINED:
        fact = (
            f"The arithmetic of {analysis.totals.layers:,} layers is left out. "
            f"`archcalc explain {visible(name)} LAYER` gives that of one."
        )
        return {"explained": None, "unexplained": fact}
    words = Once()
    lines = Once()
    sections = Once()
    explained = []
    for explanation in explanations(analysis, analysis.layers):
        places = []
        for section in explanation.sections:
            told = tuple(
                [lines.place((words.place(label), words.place(visible(fact))))
                 for label, fact in section.lines]
            )  # fmt: skip
            places.append(sections.place((words.place(section.title), told)))
        explained.append(places)
    return {
        "words": words.entries,
        "said": lines.entries,
        "sections": sections.entries,
        "explained": explained,
    }


def sections_of(analysis: Analysis, path: str) -> list[Any] | None:
    """The sections of one layer, as `arithmetic` has them, without tables; None if it is none."""
    layers = [layer for layer in analysis.layers if layer.name == path]
    for explanation in explanations(trained(analysis), layers):
        return [
            [section.title, [[label, visible(fact)] for label, fact in section.lines]]
            for section in explanation.sections
        ]
    return None


def told(found: Iterable[Diagnostic]) -> list[dict[str, Any]]:
    """Findings, those that the file accepts among them, or mistakes."""
    return [
        {
            "rule": finding.rule,
            "severity": finding.severity.value,
            "layer": finding.layer,
            "line": finding.span.line if finding.span else 0,
            "copies": finding.copies,
            "message": visible(finding.message),
            "hints": [visible(hint) for hint in finding.hints],
            "allowed": visible(finding.allowed) if finding.allowed else None,
        }
        for finding in found
    ]


def source_text(analysis: Analysis) -> dict[str, Any]:
    """The file, unless it is too long to be shown."""
    text = analysis.network.source.text
    if len(text) > TEXT_SHOWN:
        return {"source": None, "unshown": f"The file has {len(text):,} characters; it is left out"}
    return {"source": text}
