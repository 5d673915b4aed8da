"""What is written as plain values, and as values of the types that keys take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from archcalc.archfile.nodes import (
    UNKNOWN,
    MappingNode,
    ScalarNode,
    SequenceNode,
    Unknown,
    Value,
    Word,
    YamlNode,
)
from archcalc.diagnostics import Fault, Span
from archcalc.network.layers import Layer
from archcalc.network.values import ValueType, WrongValue, literal
from archcalc.wording import quoted, shown

T = TypeVar("T")


def value_of(node: ScalarNode) -> Value:
    """What a scalar is where nothing is known of its key: a number, a truth value or a word.

    Raises:
        Fault: ``limit-exceeded`` for a number of too many digits.
    """
    if node.value is not None:
        return node.value
    try:
        value = literal(node.text)
    except Fault as fault:
        fault.span = node.span
        raise
    return Word(node.text, span=node.span) if value is None else value


def plain(node: YamlNode, verbatim: bool = False) -> Any:
    """A node as a number, a truth value, text, a list or a dictionary; ``verbatim``, as text.

    UNKNOWN, which no type takes, stands for what a mistake hides and for a number too long to read.
    """
    if isinstance(node, SequenceNode):
        return [plain(item) for item in node.items]
    if isinstance(node, MappingNode):
        return {key: plain(value) for key, value in node.pairs.items()}
    if node.value is not None:
        return node.value
    try:
        value = None if verbatim else literal(node.text)
    except Fault:
        return UNKNOWN
    return node.text if value is None else value


def pictured(node: YamlNode) -> str:
    """A node inside a message: as it is written, or the value of its expression."""
    if isinstance(node, SequenceNode):
        return "a list"
    if isinstance(node, MappingNode):
        return "a mapping"
    if node.value is not None and not isinstance(node.value, Unknown):
        return quoted(shown(node.value))
    return quoted(node.text) if node.text else "nothing"


def is_unknown(node: YamlNode) -> bool:
    """Whether a mistake that was reported hides the value."""
    return isinstance(node, ScalarNode) and isinstance(node.value, Unknown)


def _hides(node: YamlNode) -> bool:
    """Whether an item of a list is not known, or any part of the list that an expression gave."""
    if isinstance(node, ScalarNode):
        return any(is_unknown(item) or _hides(item) for item in _items(node))
    return any(map(is_unknown, _items(node)))


def read(value_type: ValueType[T], node: YamlNode) -> T | Unknown:
    """The value of a node; UNKNOWN where nothing is wrong but what a reported mistake hides.

    Raises:
        Fault: as the type does, each part with the place of the item that it is about.
    """
    verbatim = value_type.verbatim
    try:
        return value_type.check(plain(node, verbatim))
    except Fault as fault:
        placed = [_placed(part, node, verbatim) for part in fault.parts]
    faults = [fault for fault in placed if fault]
    if not faults:
        return UNKNOWN
    raise Fault.together(faults)


def _placed(fault: Fault, node: YamlNode, verbatim: bool) -> Fault | None:
    """A fault with the place and the text of what it is about; None where that is not known."""
    span, whole = node.span, True
    for step in fault.at:
        if isinstance(node, MappingNode):
            node = node.pairs[str(step)]
            if fault.rule == "unknown-key":
                return _at(fault, node.key_span)
            span = node.span
            continue
        below = _items(node)
        if not below or not isinstance(step, int):
            whole = False  # it is about a part of a text
            break
        node = below[step]
        span = node.span
    if is_unknown(node):
        return None
    if isinstance(node, ScalarNode) and not verbatim:
        try:
            value = value_of(node)
        except Fault as too_long:
            return Fault(too_long.rule, f"is {too_long.message}", span=span)
        if fault.rule == "not-an-integer":
            fault.suggestions = _whole_numbers(node, value)
    if isinstance(fault, WrongValue) and whole:
        if _hides(node):
            return None
        message = f"takes {fault.wanted}, not {pictured(node)}"
        return Fault(fault.rule, message, span=span, suggestions=fault.suggestions)
    return _at(fault, span)


def _at(fault: Fault, span: Span) -> Fault:
    fault.span = span
    return fault


def _items(node: YamlNode) -> list[YamlNode]:
    """The items of a list, be it written or the value of an expression."""
    if isinstance(node, SequenceNode):
        return node.items
    if isinstance(node, ScalarNode) and isinstance(node.value, tuple):
        return [ScalarNode(shown(item), node.place, value=item) for item in node.value]
    return []


def _whole_numbers(node: ScalarNode, value: Any) -> tuple[str, ...]:
    """The whole numbers on both sides of an expression's value."""
    if node.value is None or not node.text.startswith("$("):
        return ()
    inside = node.text[2:-1]
    return (f"`$(floor({inside}))` is {value // 1}, `$(ceil({inside}))` is {-(-value // 1)}",)


def likes(layer: Layer, nodes: Mapping[str, YamlNode]) -> tuple[Word, ...]:
    """The words behind the names of layers whose sizes a layer takes."""
    written = [node.get("like") for node in nodes.values() if isinstance(node, MappingNode)]
    words = [value_of(node) for node in written if isinstance(node, ScalarNode)]
    named: dict[str, Word] = {word: word for word in words if isinstance(word, Word)}
    return tuple(named[name] for name in layer.likes())


class ValueReader:
    """Reads the same text as the same type once, however often it stands in a file."""

    def __init__(self) -> None:
        self._of_texts: dict[tuple[ValueType[Any], str], Any] = {}

    def read(self, value_type: ValueType[T], node: YamlNode) -> T | Unknown:
        """The value of a node, as the function `read` gives it."""
        if not isinstance(node, ScalarNode) or node.value is not None:
            return read(value_type, node)
        at = (value_type, node.text)
        if at not in self._of_texts:
            self._of_texts[at] = read(value_type, node)
        return self._of_texts[at]  # type: ignore[no-any-return]
