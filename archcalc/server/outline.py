"""What a file consists of: its symbols as a tree, and the lines that can be folded."""

from __future__ import annotations

from collections.abc import Iterator

from archcalc.archfile.nodes import MappingNode, SequenceNode, YamlNode
from archcalc.diagnostics import Span
from archcalc.record import Record
from archcalc.server.document import Document
from archcalc.server.names import Names
from archcalc.server.scopes import Symbol
from archcalc.wording import visible


class Item(Record):
    """A symbol with those inside it; ``span`` is its name, ``whole`` what it covers."""

    kind: str
    name: str
    detail: str
    span: Span
    whole: Span
    inside: list[Item]


def symbols(document: Document) -> list[Item]:
    if not document.is_ours:
        return []
    roots = list[Item]()
    open_ = list[Item]()
    for symbol in sorted(document.names.symbols(), key=_place):
        item = _item(document.names, symbol)
        while open_ and not _holds(open_[-1].whole, item.whole):
            open_.pop()
        (open_[-1].inside if open_ else roots).append(item)
        open_.append(item)
    return roots


def _place(symbol: Symbol) -> tuple[tuple[int, int], tuple[int, int]]:
    line, column = symbol.whole.end
    return symbol.whole.start, (-line, -column)


def _holds(outer: Span, inner: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _item(names: Names, symbol: Symbol) -> Item:
    whole = symbol.whole
    if not _holds(whole, symbol.span):  # clients refuse a name outside of what it names
        whole = Span(*min(whole.start, symbol.span.start), *max(whole.end, symbol.span.end))
    return Item(symbol.kind, visible(symbol.name), symbol.kind, symbol.span, whole, [])


def folds(document: Document) -> Iterator[tuple[int, int]]:
    """The first and last line, from 1, of every list, mapping and entry of several lines."""
    if document.is_ours:
        found = set[tuple[int, int]]()
        _fold(document.tree, found)
        yield from sorted(found)


def _fold(node: YamlNode | None, found: set[tuple[int, int]]) -> None:
    if isinstance(node, MappingNode):
        below = list(node.pairs.values())
    elif isinstance(node, SequenceNode):
        below = node.items
    else:
        return
    for inner in below:
        start = inner.key_span.line if isinstance(node, MappingNode) else inner.span.line
        if start < inner.span.end[0]:
            found.add((start, inner.span.end[0]))
        _fold(inner, found)
