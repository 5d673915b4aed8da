"""Diagnostics: what `check` finds, in the client's units, and what each is related to."""

from __future__ import annotations

from collections.abc import Iterator

from archcalc.diagnostics import Diagnostic, Severity, Span
from archcalc.network.network import INPUT, Network
from archcalc.record import Record
from archcalc.server.document import Document
from archcalc.server.text import Range
from archcalc.views.findings import statement
from archcalc.wording import visible

RELATED = 8  # places beside that of one finding


class Related(Record):
    range: Range
    message: str


class Problem(Record):
    """A finding: ``code`` is its rule, ``related`` are other places that it speaks of."""

    range: Range
    severity: Severity
    code: str
    message: str
    related: tuple[Related, ...]


def problems(document: Document) -> list[Problem]:
    """What is wrong with a document of ours, in the order of its lines."""
    return [_problem(document, found) for found in document.known.diagnostics if document.is_ours]


def place_of(document: Document, found: Diagnostic) -> Range:
    """The characters of a finding. A point is drawn as the word, or the character, at it."""
    text, span = document.text, found.span or Span(1, 1)
    start, stop = text.offset(span.start), text.offset(span.end)
    if span.line < span.end[0]:
        return first_line(document, span)
    if stop <= start:
        stop = start
        while stop < len(text.text) and (text.text[stop].isalnum() or text.text[stop] in "_-"):
            stop += 1
        if stop == start and text.text[start : start + 1] not in ("", "\n", "\r"):
            stop += 1
    return text.between(start, stop)


def _problem(document: Document, found: Diagnostic) -> Problem:
    message = "\n".join((statement(found), *map(visible, found.suggestions)))
    network = document.known.network
    related = tuple(_related(document, network, found)) if network else ()
    return Problem(place_of(document, found), found.severity, found.rule, message, related)


def _related(document: Document, network: Network, found: Diagnostic) -> Iterator[Related]:
    """The inputs of a merge that differ, and the calls through which a layer in a block is met."""
    index = document.nodes.get(found.layer or "")
    if index is None:
        return
    node = network.nodes[index]
    left = RELATED
    for feed in node.inputs if len(node.inputs) > 1 else ():
        if feed < INPUT:
            continue
        source = network.nodes[feed]
        span = source.origin.span if source.origin else network.input_spans.get(source.path)
        if span and left:
            left -= 1
            volume = f" is {source.shape.output}" if source.shape else ""
            name = visible(source.path)
            yield Related(first_line(document, span), f"{name}{volume}")
    for region in network.regions:
        around = region.block and region.start <= index < region.stop
        if around and region.origin and found.span and region.origin.span != found.span and left:
            left -= 1
            block, at = visible(region.block or ""), visible(region.path)
            yield Related(first_line(document, region.origin.span), f"{at}: the block {block}")


def first_line(document: Document, span: Span) -> Range:
    """The characters of a span up to the end of its first line, which says what it is."""
    text = document.text
    start, stop = text.offset(span.start), text.offset(span.end)
    if span.line < span.end[0]:
        line = text.text[start : text.offset((span.line + 1, 1))]
        stop = start + len(line.rstrip())
    return text.between(start, stop)
