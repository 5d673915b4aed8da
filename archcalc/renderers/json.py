"""The JSON document as text, with a line for each key, layer, group, output and finding."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from archcalc.analysis.analysis import Analysis
from archcalc.views.document import about, common, field, own, summary

_LETTERS = {"\b": "b", "\f": "f", "\n": "n", "\r": "r", "\t": "t", '"': '"', "\\": "\\"}


def encode(data: Any) -> str:
    """JSON on one line, in ASCII. To import Python's own takes 2 % of the time of a command."""
    return _WRITERS[type(data)](data)


def quoted(text: str) -> str:
    """A string of JSON."""
    if text.isascii() and text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(sign: str) -> str:
    if sign in _LETTERS:
        return f"\\{_LETTERS[sign]}"
    if " " <= sign <= "~":
        return sign
    units = sign.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


def _mapping(data: Mapping[str, Any]) -> str:
    pairs = [_key(key) + _WRITERS[type(value)](value) for key, value in data.items()]
    return f"{{{', '.join(pairs)}}}"


@lru_cache(1_000)
def _key(name: str) -> str:
    return f"{quoted(name)}: "


def _list(data: Sequence[Any]) -> str:
    return f"[{', '.join([_WRITERS[type(value)](value) for value in data])}]"


_WRITERS: Mapping[type, Callable[[Any], str]] = {
    str: quoted,
    int: str,
    bool: {True: "true", False: "false"}.__getitem__,
    type(None): {None: "null"}.__getitem__,
    dict: _mapping,
    list: _list,
    tuple: _list,
}


def indented(data: Any) -> str:
    """JSON as every other document is written, with a line for each key and item.

    A list may be an iterator of its items, each of which is written on one line, so that those of a
    large document are not held at once.
    """
    return _indented(data, "\n") + "\n"


def _indented(data: Any, end: str) -> str:
    """As `json.dumps` with an indent, in half of its time; ``end`` is the end of a line."""
    inside = f"{end} "
    if isinstance(data, dict):
        pairs = [f"{quoted(key)}: {_indented(value, inside)}" for key, value in data.items()]
        return f"{{{inside}{f',{inside}'.join(pairs)}{end}}}" if pairs else "{}"
    if isinstance(data, list | tuple | Iterator):
        one = encode if isinstance(data, Iterator) else lambda value: _indented(value, inside)
        items = [one(value) for value in data]
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
    shared: dict[tuple[int, int], str] = {}
    fields: dict[int, str] = {}
    for row in analysis.layers:
        costs, seen = (id(row.costs), row.activation_elements), id(row.field)
        if costs not in shared:
            shared[costs] = encode(common(row))[1:-1]
        if seen not in fields:
            fields[seen] = encode(field(analysis, row))[1:-1]
        yield f"{encode(own(row))[:-1]}, {shared[costs]}, {fields[seen]}}}"


def _lines(items: Iterable[str]) -> Iterator[str]:
    """A list with one item on each line."""
    before = "[\n  "
    for item in items:
        yield before
        yield item
        before = ",\n  "
    yield "[]" if before[0] == "[" else "\n ]"
