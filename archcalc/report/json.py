"""The JSON document as text: a line per key, and a line per layer, group, output and finding."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from archcalc.analysis import Analysis
from archcalc.report.document import about, parts, summary

# Keys are made anew for every layer, never in a circle; lines keep the fast encoder in use.
encode = json.JSONEncoder(check_circular=False, ensure_ascii=True).encode


def render(analysis: Analysis) -> str:
    return "".join(_pieces(analysis))


def _pieces(analysis: Analysis) -> Iterator[str]:
    """The text in pieces that are joined once: a large document is not held several times."""
    yield "{"
    for key, value in about(analysis).items():
        yield f'\n "{key}": {encode(value)},'
    yield '\n "layers": '
    yield from _lines(_layers(analysis))
    for key, value in summary(analysis).items():
        yield f',\n "{key}": '
        yield from _lines(map(encode, value)) if isinstance(value, list) else (encode(value),)
    yield "\n}\n"


def _layers(analysis: Analysis) -> Iterator[str]:
    """Every layer as text; what equal layers share is encoded once."""
    shared: dict[int, str] = {}
    for own, fixed, volumes, field in parts(analysis):
        for part in (fixed, field):
            if id(part) not in shared:
                shared[id(part)] = encode(part)[1:-1]
        inside = (encode(own)[1:-1], shared[id(fixed)], encode(volumes)[1:-1], shared[id(field)])
        yield "{" + ", ".join(inside) + "}"


def _lines(items: Iterable[str]) -> Iterator[str]:
    """A list with an item per line."""
    before = "[\n  "
    for item in items:
        yield before
        yield item
        before = ",\n  "
    yield "[]" if before[0] == "[" else "\n ]"
