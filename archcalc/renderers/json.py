"""The JSON document as text: a line per key, and a line per layer, group, output and finding."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from archcalc.analysis.analysis import Analysis, LayerAnalysis
from archcalc.views.document import about, common, field, own, summary, volumes, whole

AT_ONCE = 500

# Keys are made anew for every layer, never in a circle; lines keep the fast encoder in use.
encode = json.JSONEncoder(check_circular=False, ensure_ascii=True).encode
encode_lines = json.JSONEncoder(
    check_circular=False, ensure_ascii=True, separators=(",\n", ": ")
).encode


def indented(data: Any) -> str:
    """JSON as every other document has it: a line per key and per item."""
    return json.dumps(data, indent=1, ensure_ascii=True) + "\n"


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
        if isinstance(value, list):
            yield from _lines(f"{{{inside}}}" for inside in _insides(value))
        else:
            yield encode(value)
    yield "\n}\n"


def _layers(analysis: Analysis) -> Iterator[str]:
    """Every layer as text; what equal layers share is encoded once."""
    everything = whole(analysis.input)
    fixed: dict[int, str] = {}
    held: dict[int, str] = {}
    fields: dict[int, str] = {}
    for start in range(0, len(analysis.layers), AT_ONCE):
        rows = analysis.layers[start : start + AT_ONCE]
        _encode(fixed, {id(row.costs): row for row in rows}, common)
        _encode(held, {row.activation_elements: row for row in rows}, volumes)
        _encode(fields, {id(row.field): row for row in rows}, lambda row: field(row, everything))
        for row, inside in zip(rows, _insides(map(own, rows)), strict=True):
            size = held[row.activation_elements]
            yield f"{{{inside}, {fixed[id(row.costs)]}, {size}, {fields[id(row.field)]}}}"


def _encode(
    texts: dict[int, str],
    rows: Mapping[int, LayerAnalysis],
    make: Callable[[LayerAnalysis], dict[str, Any]],
) -> None:
    """Adds the text of what a row says where it is not there yet."""
    new = {at: row for at, row in rows.items() if at not in texts}
    texts.update(zip(new, _insides(map(make, new.values())), strict=True))


def _insides(mappings: Iterable[Mapping[str, Any]]) -> list[str]:
    """The text of each mapping without its braces; one call encodes all, since calls are dear.

    A line break never stands inside a string of JSON, and a mapping and a number are never
    neighbours in a list here: together they tell where a mapping ends.
    """
    mixed = [part for mapping in mappings for part in (mapping, 0)]
    text = encode_lines(mixed).replace("},\n0,\n{", "\0").replace("\n", " ")
    return text[len("[{") : -len("}, 0]")].split("\0") if mixed else []


def _lines(items: Iterable[str]) -> Iterator[str]:
    """A list with an item per line."""
    before = "[\n  "
    for item in items:
        yield before
        yield item
        before = ",\n  "
    yield "[]" if before[0] == "[" else "\n ]"
