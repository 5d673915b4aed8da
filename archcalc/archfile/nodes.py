"""A file as it was written: scalars, sequences and mappings, each with its place.

A scalar keeps its raw text; what it means is decided by the key that reads it.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from archcalc.diagnostics import Span
from archcalc.record import Record


class Word(str):
    """A text that may name a layer: its place, and the scope in which it was written."""

    __slots__ = ("scope", "span")

    scope: Any
    span: Span | None

    def __new__(cls, text: str, scope: Any = None, span: Span | None = None) -> Word:
        word = super().__new__(cls, text)
        word.scope = scope
        word.span = span
        return word


class Unknown:
    """Stands for a value that another mistake keeps from being known."""


UNKNOWN = Unknown()

Value = int | Fraction | bool | str | tuple[Any, ...] | Unknown


# Where something is written. That of a word is one number: files have up to a million, and few of
# their places are asked for. Its line starts at the bit LINE, its column at COLUMN; the length is
# below. There are fewer columns than a file has characters.
Place = Span | int
COLUMN, LINE = 8, 32
LONGEST = 2**COLUMN


def spanned(place: Place) -> Span:
    if isinstance(place, Span):
        return place
    line, column = place >> LINE, (place >> COLUMN) % 2 ** (LINE - COLUMN)
    return Span(line, column, line, column + place % LONGEST)


class ScalarNode(Record):
    """A scalar's text and place. ``value`` is set where an expression gave it."""

    text: str
    place: Place
    key: Place | None = None
    value: Value | None = None

    @property
    def span(self) -> Span:
        return spanned(self.place)

    @property
    def key_span(self) -> Span:
        return self.span if self.key is None else spanned(self.key)


class SequenceNode:
    __slots__ = ("items", "key", "span")

    def __init__(self, items: list[YamlNode], span: Span, key: Place | None = None) -> None:
        self.items = items
        self.span = span
        self.key = key

    @property
    def key_span(self) -> Span:
        return self.span if self.key is None else spanned(self.key)


class MappingNode:
    """The pairs in the order written; a key that stands twice was reported and is kept once.

    ``in_flow``: it is written in braces.
    """

    __slots__ = ("in_flow", "key", "pairs", "span")

    def __init__(
        self,
        pairs: dict[str, YamlNode],
        span: Span,
        in_flow: bool = False,
        key: Place | None = None,
    ) -> None:
        self.pairs = pairs
        self.span = span
        self.in_flow = in_flow
        self.key = key

    @property
    def key_span(self) -> Span:
        return self.span if self.key is None else spanned(self.key)

    def get(self, key: str) -> YamlNode | None:
        return self.pairs.get(key)


YamlNode = ScalarNode | SequenceNode | MappingNode


def mappings(node: YamlNode) -> Iterator[MappingNode]:
    """The mapping that a node is, or those in a list."""
    if isinstance(node, MappingNode):
        yield node
    elif isinstance(node, SequenceNode):
        for item in node.items:
            yield from mappings(item)
