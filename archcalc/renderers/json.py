"""The JSON document as text, with a line for each key, layer, group, output and finding."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from json.encoder import encode_basestring_ascii as quoted
from typing import Any

from archcalc.analysis.analysis import Analysis, LayerAnalysis
from archcalc.views.document import about, common, field, own, summary, whole

# Nothing here can contain itself.
encode = json.JSONEncoder(check_circular=False, ensure_ascii=True).encode

# A call for each layer costs 8 % of the time of the whole command at 100,000 layers.
AT_ONCE = 500
# Cannot occur inside a string, where quotes are escaped.
START = '{"name": '


def indented(data: Any) -> str:
    """JSON as every other document is written, with a line for each key and item.

    A list may be an iterator of its items, so that those of a large document are not held at once.
    """
    return _indented(data, "\n") + "\n"


def _indented(data: Any, end: str) -> str:
    """As `json.dumps` with an indent, in half of its time; ``end`` is the end of a line."""
    inside = f"{end} "
    if isinstance(data, dict):
        pairs = [f"{quoted(key)}: {_indented(value, inside)}" for key, value in data.items()]
        return f"{{{inside}{f',{inside}'.join(pairs)}{end}}}" if pairs else "{}"
    if isinstance(data, list | tuple | Iterator):
        items = [_indented(value, inside) for value in data]
        return f"[{inside}{f',{inside}'.join(items)}{end}]" if items else "[]"
    return quoted(data) if isinstance(data, str) else encode(data)


def render(analysis: Analysis) -> str:
    """The document, version 1."""
    return "".join(_pieces(analysis))


def _pieces(analysis: Analysis) -> Iterator[str]:
    """The text in pieces, joined only once so that a large document is not held several times."""
    yield "{"
    for key, value in about(analysis).items():
        yield f'\n "{key}": {encode(value)},'
    yield '\n "layers": '
    yield from _lines(_layers(analysis))
    for key, value in summary(analysis).items():
        yield f',\n "{key}": '
        if isinstance(value, list):
            yield from _lines(map(encode, value))
        else:
            yield encode(value)
    yield "\n}\n"


def _layers(analysis: Analysis) -> Iterator[str]:
    """Each layer as text; what equal layers and equal fields share is encoded only once.

    Those are one object each, which the analysis keeps.
    """
    everything = whole(analysis.input)
    shared: dict[tuple[int, int], str] = {}
    fields: dict[int, str] = {}
    for start in range(0, len(analysis.layers), AT_ONCE):
        rows = analysis.layers[start : start + AT_ONCE]
        for row, text in zip(rows, _owns(rows), strict=True):
            costs, seen = (id(row.costs), row.activation_elements), id(row.field)
            if costs not in shared:
                shared[costs] = encode(common(row))[1:-1]
            if seen not in fields:
                fields[seen] = encode(field(row, everything))[1:-1]
            yield f"{START}{text}, {shared[costs]}, {fields[seen]}}}"


def _owns(rows: Sequence[LayerAnalysis]) -> list[str]:
    """What each layer has to itself, without the start and end of its mapping."""
    text = encode([own(row) for row in rows])
    return text[len(f"[{START}") : -len("}]")].split(f"}}, {START}")


def _lines(items: Iterable[str]) -> Iterator[str]:
    """A list with one item on each line."""
    before = "[\n  "
    for item in items:
        yield before
        yield item
        before = ",\n  "
    yield "[]" if before[0] == "[" else "\n ]"
