"""What the value of a key may be: how it is read, described, and written as JSON Schema."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any, Generic, TypeVar

from archcalc.archfile.tree import (
    Mapping,
    Node,
    Scalar,
    Sequence,
    Unknown,
    Value,
    Word,
    shown,
    value_of,
)
from archcalc.diagnostics import Fault
from archcalc.wording import decimal, did_you_mean, nearest, quoted

T = TypeVar("T", covariant=True)
Schema = dict[str, Any]

INTEGER_LIMIT = 10**9
NAME_LIMIT = 64
TEXT_LIMIT = 2000

EXPRESSION: Schema = {"$ref": "#/$defs/expression"}


class Kind(Generic[T]):
    """A kind of value. ``text`` completes the sentence "it takes ..."."""

    text: str

    def read(self, node: Node) -> T:
        """The value of a node.

        Raises:
            Fault: with the place and a message that starts with a verb, its subject being the key.
        """
        raise NotImplementedError

    def schema(self) -> Schema:
        raise NotImplementedError

    def wrong(self, node: Node, suggestions: Iterable[str] = ()) -> Fault:
        fact = f"takes {self.text}, not {pictured(node)}"
        return Fault("wrong-value", fact, span=node.span, suggestions=suggestions)


def pictured(node: Node) -> str:
    if isinstance(node, Sequence):
        return "a list"
    if isinstance(node, Mapping):
        return "a mapping"
    if node.value is not None and not isinstance(node.value, Unknown):
        return quoted(shown(node.value))
    return quoted(node.text) if node.text else "nothing"


def scalar(kind: Kind[Any], node: Node) -> Scalar:
    """The node as a scalar whose value is known.

    Raises:
        Fault: for a list or mapping; the silent one for a value that is not known.
    """
    if not isinstance(node, Scalar):
        if isinstance(node, Sequence) and any(is_unknown(item) for item in node.items):
            raise Fault.together([])
        raise kind.wrong(node)
    if is_unknown(node):
        raise Fault.together([])
    return node


def known(kind: Kind[Any], node: Node) -> Value:
    """The value of a scalar, with what is wrong with it said of the key."""
    written = scalar(kind, node)
    try:
        return value_of(written)
    except Fault as fault:
        raise Fault(fault.rule, f"is {fault.message}", span=node.span) from None


def is_unknown(node: Node) -> bool:
    """Whether a mistake that was reported hides the value."""
    return isinstance(node, Scalar) and isinstance(node.value, Unknown)


def items(kind: Kind[Any], node: Node) -> list[Node]:
    """The items of a list, be it written or the value of an expression."""
    if isinstance(node, Sequence):
        return node.items
    value = scalar(kind, node).value
    if not isinstance(value, tuple):
        raise kind.wrong(node)
    return [Scalar(shown(part), node.span, part) for part in value]


def is_list(node: Node) -> bool:
    return isinstance(node, Sequence) or (
        isinstance(node, Scalar) and isinstance(node.value, tuple)
    )


def every(read: Callable[[Node], T], nodes: Iterable[Node]) -> tuple[T, ...]:
    """Reads all nodes; the faults of all that fail are raised together."""
    values, faults = [], []
    for node in nodes:
        try:
            values.append(read(node))
        except Fault as fault:
            faults.append(fault)
    if faults:
        raise Fault.together(faults)
    return tuple(values)


class Integer(Kind[int]):
    def __init__(self, minimum: int | None = None) -> None:
        self.minimum = minimum
        self.text = "an integer" if minimum is None else f"an integer of at least {minimum}"

    def read(self, node: Node) -> int:
        value = known(self, node)
        if isinstance(value, Fraction):
            raise Fault(
                "not-an-integer",
                f"is {_fraction(value)}, and an integer is needed",
                span=node.span,
                suggestions=_whole_numbers(node, value),
            )
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.wrong(node)
        if self.minimum is not None and value < self.minimum:
            rule = "size-below-one" if self.minimum == 1 else "wrong-value"
            raise Fault(rule, f"is {value}; it must be at least {self.minimum}", span=node.span)
        if abs(value) > INTEGER_LIMIT:
            raise Fault(
                "limit-exceeded",
                f"is {value:,}; numbers up to {INTEGER_LIMIT:,} are calculated with",
                span=node.span,
            )
        return value

    def schema(self) -> Schema:
        bounds = {} if self.minimum is None else {"minimum": self.minimum}
        return {"anyOf": [{"type": "integer", **bounds}, EXPRESSION]}


def _fraction(value: Fraction) -> str:
    about = decimal(value)
    if value.denominator == 1 or Fraction(about) == value:
        return about if value.denominator > 1 else f"{about}.0"
    return f"{value} = {about}"


def _whole_numbers(node: Node, value: Fraction) -> tuple[str, ...]:
    if isinstance(node, Scalar) and node.value is not None and node.text.startswith("$("):
        inner = node.text[2:-1]
        return (f"`$(floor({inner}))` is {value // 1}, `$(ceil({inner}))` is {-(-value // 1)}",)
    return ()


TRUTHS = {"true": "true", "yes": "true", "on": "true",
          "false": "false", "no": "false", "off": "false"}  # fmt: skip


class Truth(Kind[bool]):
    text = "true or false"

    def read(self, node: Node) -> bool:
        value = known(self, node)
        if not isinstance(value, bool):
            word = value.text.lower() if isinstance(value, Word) else ""
            raise self.wrong(node, did_you_mean(TRUTHS.get(word)))
        return value

    def schema(self) -> Schema:
        return {"anyOf": [{"type": "boolean"}, EXPRESSION]}


class Rate(Kind[Fraction]):
    text = "a number from 0 to 1"

    def read(self, node: Node) -> Fraction:
        value = known(self, node)
        if isinstance(value, bool) or not isinstance(value, int | Fraction) or not 0 <= value <= 1:
            raise self.wrong(node)
        return Fraction(value)

    def schema(self) -> Schema:
        return {"anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, EXPRESSION]}


class Choice(Kind[str]):
    """One of several words, nearest named where none is meant."""

    def __init__(
        self,
        words: Iterable[str],
        noun: str = "",
        meant: Callable[[str], tuple[str, ...]] | None = None,
    ) -> None:
        """``meant`` gives the suggestion for another word; without it, the nearest word is."""
        self.words = tuple(words)
        self.meant = meant
        self.text = noun or f"one of {', '.join(self.words)}"

    def read(self, node: Node) -> str:
        value = known(self, node)
        word = value.text if isinstance(value, Word) else shown(value)
        if word not in self.words:
            meant = self.meant(word) if self.meant else nearest(word, self.words)
            raise self.wrong(node, meant)
        return word

    def schema(self) -> Schema:
        return {"anyOf": [{"enum": list(self.words)}, EXPRESSION]}


class Text(Kind[str]):
    """Free text, taken as it is written; ``$`` has no meaning in it."""

    text = "text"

    def __init__(self, limit: int = TEXT_LIMIT) -> None:
        self.limit = limit

    def read(self, node: Node) -> str:
        if is_unknown(node):
            raise Fault.together([])
        if not isinstance(node, Scalar) or not node.text.strip():
            raise self.wrong(node)
        if len(node.text) > self.limit:
            raise Fault(
                "limit-exceeded",
                f"has {len(node.text):,} characters; at most {self.limit:,} are read",
                span=node.span,
            )
        return node.text

    def schema(self) -> Schema:
        return {"type": ["string", "number", "boolean"]}
