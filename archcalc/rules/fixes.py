"""Fixes: a suggestion that was tried, as edits of the file."""

from __future__ import annotations

from collections.abc import Iterator

from archcalc.diagnostics import Edit, Fix, Span
from archcalc.network.network import Network, Origin
from archcalc.rules.base import Finding, Suggestion
from archcalc.wording import shown


def fix_of(network: Network, finding: Finding, suggestion: Suggestion) -> Fix:
    """The fix that a suggestion amounts to; without edits where nothing is written in a file."""
    origin = finding.node.origin if finding.node else None
    edits = list(_key_edits(origin, suggestion)) if origin else []
    span = network.input_spans.get("input")
    if suggestion.input is not None and span is not None:
        edits.append(Edit(span, str(suggestion.input)))
    return Fix(suggestion.text, tuple(edits))


def _key_edits(origin: Origin, suggestion: Suggestion) -> Iterator[Edit]:
    for key, value in suggestion.edits:
        text = shown(value)
        if key in origin.keys:
            yield Edit(origin.keys[key], text)
            continue
        line, column = origin.keys["type"].end
        indent = "\n" + " " * (origin.span.column - 1)
        before = ", " if origin.in_flow else indent
        yield Edit(Span(line, column, line, column), f"{before}{key}: {text}")
