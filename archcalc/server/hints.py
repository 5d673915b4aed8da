"""Inlay hints: the figures of an entry at the end of its line."""

from __future__ import annotations

from collections.abc import Iterator

from archcalc.diagnostics import Span
from archcalc.record import Record
from archcalc.server.document import BlockInstance, Document
from archcalc.server.figures import SEPARATOR, Figures
from archcalc.server.settings import EditorSettings
from archcalc.wording import share, visible


class Hint(Record):
    """A text behind an offset, and what is told of it on request."""

    offset: int
    label: str
    tooltip: str


def hints(document: Document, start: int, stop: int, settings: EditorSettings) -> Iterator[Hint]:
    """The hints of the entries that end between two offsets."""
    if not (settings.hints and document.is_ours):
        return
    text, figures = document.text, Figures(document)
    first, last = text.place(start)[0], text.place(stop)[0]
    for span in document.entries:
        if span.line > last:
            return
        if span.end[0] < first:
            continue
        offset = _end(document, span)
        if start <= offset <= stop:
            instances = document.instances[span]
            label = figures.label(instances, settings.quantities)
            if label:
                part = _share(document, instances)
                yield Hint(offset, label + part, _tooltip(instances, settings))


def _end(document: Document, span: Span) -> int:
    """The end of an entry in one line; of one in several lines, that of its first line."""
    text = document.text
    if span.line == span.end[0]:
        return text.offset(span.end)
    start = text.offset(span.start)
    line = text.text[start : text.offset((span.line + 1, 1))]
    return start + len(line.rstrip())


def _share(document: Document, instances: list[BlockInstance]) -> str:
    """The share of the network's MACs, or else parameters, behind a group or call."""
    analysis = document.known.analysis
    if analysis is None or all(instance.is_layer for instance in instances):
        return ""
    covered = [layer for i in instances for layer in analysis.nodes[i.start : i.stop]]
    if analysis.totals.macs:
        part = share(sum(layer.macs for layer in covered), analysis.totals.macs)
        return f"{SEPARATOR}{part} of MACs"
    return ""


def _tooltip(instances: list[BlockInstance], settings: EditorSettings) -> str:
    names = ", ".join(name.replace("_", " ") for name in settings.quantities)
    if len(instances) == 1:
        return f"{visible(instances[0].path)}: {names}"
    return f"{len(instances):,} instances, from the least to the most: {names}"
