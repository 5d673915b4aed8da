"""Explanations of layers as text and as markdown."""

from __future__ import annotations

from collections.abc import Iterable

from archcalc.renderers.markup import escaped, prose
from archcalc.renderers.wrapping import fitted
from archcalc.views.explanation import Explanation
from archcalc.wording import visible


def text(explanations: Iterable[Explanation], *, width: int | None = None) -> str:
    """Sections under the name of each layer, the labels in a column."""
    return fitted("\n".join(map(_text, explanations)), width)


def _text(explanation: Explanation) -> str:
    lines = [explanation.title]
    width = max(len(label) for section in explanation.sections for label, _ in section.lines)
    for section in explanation.sections:
        if section.title:
            lines += ["", section.title]
        start = width + 2 if any(label for label, _ in section.lines) else 0
        lines += [f"  {label:<{start}}{visible(fact)}" for label, fact in section.lines]
    return "\n".join(lines) + "\n"


def markdown(explanations: Iterable[Explanation]) -> str:
    """Sections as headings and lists."""
    return "\n".join(map(_markdown, explanations))


def _markdown(explanation: Explanation) -> str:
    lines = [f"## {escaped(explanation.title)}"]
    for section in explanation.sections:
        lines += ["", f"### {escaped(section.title)}"] if section.title else []
        lines.append("")
        lines += [
            f"- {f'**{escaped(label)}**: ' if label else ''}{prose(fact)}"
            for label, fact in section.lines
        ]
    return "\n".join(lines) + "\n"
