"""The JSON document as text: a line per key, and a line per layer, group, output and finding."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from archcalc.analysis import Analysis
from archcalc.report.document import about, parts, summary

# Keys are made anew for every layer, never in a circle; lines keep the fast encoder in use.
encode = json.JSONEncoder(check_circular=False, ensure_ascii=True).encode


def render(analysis: Analysis) -> str:
    found = [f'"{key}": {encode(value)}' for key, value in about(analysis).items()]
    found.append(f'"layers": {_lines(_layers(analysis))}')
    for key, value in summary(analysis).items():
        listed = isinstance(value, list)
        found.append(f'"{key}": {_lines(map(encode, value)) if listed else encode(value)}')
    return "{\n " + ",\n ".join(found) + "\n}\n"


def _layers(analysis: Analysis) -> Iterator[str]:
    """Every layer as text; what equal layers share is encoded once."""
    shared: dict[int, str] = {}
    for own, fixed, volumes, field in parts(analysis):
        for part in (fixed, field):
            if id(part) not in shared:
                shared[id(part)] = encode(part)[1:-1]
        inside = (encode(own)[1:-1], shared[id(fixed)], encode(volumes)[1:-1], shared[id(field)])
        yield "{" + ", ".join(inside) + "}"


def _lines(items: Iterable[str]) -> str:
    """A list with an item per line."""
    text = ",\n  ".join(items)
    return f"[\n  {text}\n ]" if text else "[]"
