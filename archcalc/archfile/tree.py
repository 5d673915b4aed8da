"""A file as it was written: scalars, sequences and mappings, each with its place.

A scalar keeps its raw text; what it means is decided by the key that reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from archcalc.diagnostics import Fault, Span
from archcalc.wording import decimal

DIGITS_LIMIT = 18

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)\Z", re.ASCII)
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+\Z", re.ASCII)


class Word:
    """Text that is neither a number nor a truth value, and the scope that it was written in."""

    __slots__ = ("scope", "span", "text")

    def __init__(self, text: str, scope: Any = None, span: Span | None = None) -> None:
        self.text = text
        self.scope = scope
        self.span = span


class Unknown:
    """Stands for a value that another mistake keeps from being known."""


UNKNOWN = Unknown()

Value = int | Fraction | bool | Word | tuple[Any, ...] | Unknown


class Scalar:
    """A scalar's text and place. ``value`` is set where an expression gave it."""

    __slots__ = ("span", "text", "value")

    def __init__(self, text: str, span: Span, value: Value | None = None) -> None:
        self.text = text
        self.span = span
        self.value = value

    @property
    def is_expression(self) -> bool:
        return self.text[:1] == "$" and self.value is None


class Sequence:
    __slots__ = ("items", "span")

    def __init__(self, items: list[Node], span: Span) -> None:
        self.items = items
        self.span = span


class Mapping:
    """The pairs in the order written; a key that stands twice was reported and is kept once."""

    __slots__ = ("pairs", "span")

    def __init__(self, pairs: dict[str, tuple[Span, Node]], span: Span) -> None:
        self.pairs = pairs
        self.span = span

    def get(self, key: str) -> Node | None:
        pair = self.pairs.get(key)
        return pair[1] if pair else None


Node = Scalar | Sequence | Mapping


def literal(text: str) -> int | Fraction | bool | None:
    """The number or truth value that a text is; None where it is a word.

    Raises:
        Fault: ``limit-exceeded`` for a number of more than 18 digits.
    """
    if text == "true" or text == "false":
        return text == "true"
    whole = _INTEGER.match(text)
    if whole or _DECIMAL.match(text):
        if len(text) > DIGITS_LIMIT:
            raise Fault(
                "limit-exceeded",
                f"a number of {len(text):,} characters; at most {DIGITS_LIMIT} are read",
            )
        return int(text) if whole else Fraction(text)
    return None


def value_of(node: Scalar) -> Value:
    """What a scalar is where nothing is known of its key: a number, a truth value or a word."""
    if node.value is not None:
        return node.value
    try:
        known = literal(node.text)
    except Fault as fault:
        fault.span = node.span
        raise
    return Word(node.text, span=node.span) if known is None else known


def expressions(node: Node) -> Iterator[Scalar]:
    """Every scalar below a node that starts with ``$``."""
    if isinstance(node, Scalar):
        if node.is_expression:
            yield node
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from expressions(item)
    else:
        for _, value in node.pairs.values():
            yield from expressions(value)


def shown(value: Value) -> str:
    """A value as its author would write it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Word):
        return value.text
    if isinstance(value, Fraction) and value.denominator > 1:
        return decimal(value)
    if isinstance(value, tuple):
        return f"[{', '.join(map(shown, value))}]"
    return str(value)
