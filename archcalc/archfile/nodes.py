"""A file as it was written: scalars, sequences and mappings, each with its place.

A scalar keeps its raw text; what it means is decided by the key that reads it.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from archcalc.diagnostics import Span


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


class ScalarNode:
    """A scalar's text and place. ``value`` is set where an expression gave it."""

    __slots__ = ("span", "text", "value")

    def __init__(self, text: str, span: Span, value: Value | None = None) -> None:
        self.text = text
        self.span = span
        self.value = value


class SequenceNode:
    __slots__ = ("items", "span")

    def __init__(self, items: list[YamlNode], span: Span) -> None:
        self.items = items
        self.span = span


class MappingNode:
    """The pairs in the order written; a key that stands twice was reported and is kept once.

    ``in_flow``: it is written in braces.
    """

    __slots__ = ("in_flow", "pairs", "span")

    def __init__(
        self, pairs: dict[str, tuple[Span, YamlNode]], span: Span, in_flow: bool = False
    ) -> None:
        self.pairs = pairs
        self.span = span
        self.in_flow = in_flow

    def get(self, key: str) -> YamlNode | None:
        pair = self.pairs.get(key)
        return pair[1] if pair else None


YamlNode = ScalarNode | SequenceNode | MappingNode


def mappings(node: YamlNode) -> Iterator[MappingNode]:
    """The mapping that a node is, or those in a list."""
    if isinstance(node, MappingNode):
        yield node
    elif isinstance(node, SequenceNode):
        for item in node.items:
            yield from mappings(item)
