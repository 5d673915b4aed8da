"""Where YAML's events stand in a text."""

from __future__ import annotations

from typing import Any

from archcalc.archfile.nodes import MappingNode, SequenceNode, YamlNode
from archcalc.diagnostics import Span


def place(mark: Any) -> Span:
    return Span(mark.line + 1, mark.column + 1)


def within(start: Any, end: Any) -> Span:
    return Span(start.line + 1, start.column + 1, end.line + 1, end.column + 1)


def whole(node: MappingNode | SequenceNode, bracket: Any) -> Span:
    """The span of a list or mapping: up to its bracket or, without one, to its last value.

    Parsers place the end of a block behind the blank lines and comments that follow it.
    """
    if bracket is not None:
        return Span(*node.span.start, bracket.line + 1, bracket.column + 1)
    below = node.items if isinstance(node, SequenceNode) else node.pairs.values()
    last: YamlNode = next(reversed(below), node)
    return Span(*node.span.start, *last.span.end)
