"""``PATH.key=VALUE``: other values for the keys of layers and the arguments of blocks.

A value is put in the place of the one written before the entry is looked at, so that it is read as
the file's would be, in the scope of the entry.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from copy import copy as copied
from fractions import Fraction
from functools import lru_cache
from typing import Any

from archcalc.archfile import expressions
from archcalc.archfile import parse as document
from archcalc.archfile.checks import is_dynamic, scalars, unknown_argument, unknown_key
from archcalc.archfile.declaration import (
    ANY,
    AnyEntry,
    Block,
    BlockEntry,
    LayerEntry,
    Setting,
    VariableError,
    fits,
)
from archcalc.archfile.expressions import COPY
from archcalc.archfile.keys import LAYER
from archcalc.archfile.layer_values import keys_of
from archcalc.archfile.nodes import MappingNode, ScalarNode, SequenceNode, YamlNode
from archcalc.archfile.values import read
from archcalc.diagnostics import Enough, Fault, Findings, Span
from archcalc.network.network import Network
from archcalc.network.values import NATURAL, ValueType
from archcalc.wording import nearest, quoted, shown

REPEAT = "repeat"
_NOWHERE = Span(1, 1)


def setting(name: str, value: Any) -> Setting:
    """``layer3.0.stride`` and its value.

    Raises:
        ValueError: for a value that cannot stand in a file, or a path with an empty part.
    """
    *parts, key = name.split(".")
    if not key or not all(parts):
        raise ValueError("a path and a key are joined by single dots, as in conv1.stride")
    node = _written(value) if isinstance(value, str) else _node(value)
    return Setting(name, tuple(parts), key, node, value)


def _written(text: str) -> YamlNode:
    findings, node = Findings(), None
    with suppress(Enough):
        root = document.parse(f"value: {text.strip()}\n", findings)
        node = root.get("value") if root and len(root.pairs) == 1 else None
    if node is None or findings or (isinstance(node, ScalarNode) and not node.text):
        raise ValueError("that is no value as one stands in a file")
    return node


def _node(value: Any) -> YamlNode:
    if isinstance(value, Mapping):
        return MappingNode({str(key): _node(item) for key, item in value.items()}, _NOWHERE)
    if isinstance(value, list | tuple):
        return SequenceNode([_node(item) for item in value], _NOWHERE)
    if isinstance(value, bool | int | Fraction):
        return ScalarNode(shown(value), _NOWHERE, value=value)
    return ScalarNode(str(value), _NOWHERE)


def _placed(node: YamlNode, span: Span) -> YamlNode:
    """The node as if it stood at that place."""
    if isinstance(node, ScalarNode):
        return ScalarNode(node.text, span, value=node.value)
    if isinstance(node, SequenceNode):
        return SequenceNode([_placed(item, span) for item in node.items], span)
    return MappingNode({key: _placed(value, span) for key, value in node.pairs.items()}, span)


class KeySettings:
    """The values that were given for keys, and which of them have met an entry."""

    def __init__(
        self, given: Mapping[str, Any], blocks: Mapping[str, Block], findings: Findings
    ) -> None:
        self._all = [value for value in given.values() if isinstance(value, Setting)]
        self._parts = tuple(one.parts for one in self._all)
        self._blocks = blocks
        self._findings = findings
        self.met: set[str] = set()
        self._left_out: dict[str, str] = {}

    def __bool__(self) -> bool:
        return bool(self._all)

    def of(self, entry: AnyEntry, path: str, *, is_in: bool = True) -> AnyEntry:
        """An entry with the values that were given for it; of one that is left out it is noted."""
        for one in self._all if not is_in else ():
            if fits(one.parts, path.split(".")) and ANY not in one.parts:
                self._left_out[one.name] = path
        return self._changed(entry, path, is_copy=False) if is_in else entry

    def of_copy(self, entry: AnyEntry, path: str) -> AnyEntry:
        """One copy of a repeated entry with the values that were given for it."""
        return self._changed(entry, path, is_copy=True)

    def _changed(self, entry: AnyEntry, path: str, *, is_copy: bool) -> AnyEntry:
        for index in _fitting(self._parts, path)[0]:
            entry = self._with(entry, self._all[index], path, is_copy=is_copy) or entry
        return entry

    def inside(self, path: str) -> bool:
        """Whether something below a path has another value, so that copies may differ."""
        return bool(_fitting(self._parts, path)[1])

    def touching(self, path: str) -> tuple[tuple[str, YamlNode], ...]:
        """Which values are of an entry at a path or of what is inside it, with their names."""
        at, below = _fitting(self._parts, path)
        touching = [self._all[index] for index in (*at, *below)]
        return tuple([(one.name, one.value) for one in touching])

    def check(self, network: Network) -> None:
        """Refuse a path that names nothing.

        Raises:
            VariableError: for the first one, with the nearest path.
        """
        for one in self._all:
            if one.name not in self.met:
                raise VariableError(one.name, one.given, self._unmet(one, network))

    def _unmet(self, one: Setting, network: Network) -> str:
        path = ".".join(one.parts)
        if one.name in self._left_out:
            return f"{quoted(self._left_out[one.name])} is left out by its `when`"
        known = network.named()
        if ANY in one.parts:
            count = sum(
                len(one.parts) == name.count(".") + 1 and fits(one.parts, name.split("."))
                for name in known
            )
            return f"{count:,} layers and instances have such a path, and none of them that key"
        if path in known:
            inside = path.rpartition(".")[0]
            return f"{quoted(path)} is no entry of the file, but a part of {quoted(inside)}"
        inner = next((name for name in known if _leads_to(one.parts, name)), None)
        if inner:
            hint = f"; did you mean `{_any_copy(inner)}.{one.key}`?"
        else:
            hint = "".join(f"; {line}" for line in nearest(path, known))
        return f"there is no layer, group or instance {quoted(path)}{hint}"

    def _with(self, entry: AnyEntry, one: Setting, path: str, *, is_copy: bool) -> AnyEntry | None:
        """The entry with another value; None where it has no such key, which may be a mistake."""
        fault = self._unfit(entry, one, path, is_copy)
        span = entry.span_of(one.key)
        if fault:
            if ANY not in one.parts:
                self.met.add(one.name)
                self._findings.once(fault, span, f"{one.name}={shown(one.given)}: ")
            return None
        self.met.add(one.name)
        value, changed = _placed(one.value, span), copied(entry)
        if one.key == REPEAT:
            changed.repeat = value if self._is_right(one, value, NATURAL) else None
            return changed
        uses_copy = _uses_copy(value)
        changed.uses_copy = entry.uses_copy or uses_copy
        if isinstance(changed, BlockEntry):
            changed.arguments = {**changed.arguments, one.key: value}
            changed.first = {name: v for name, v in changed.first.items() if name != one.key}
            changed.last = {name: v for name, v in changed.last.items() if name != one.key}
        elif isinstance(changed, LayerEntry):
            self._set_key(changed, one, value)
        return changed

    def _set_key(self, entry: LayerEntry, one: Setting, value: YamlNode) -> None:
        entry.values = {**entry.values, one.key: value}
        entry.layer, entry.varies = None, True
        if entry.choice:
            keys = {**entry.choice.keys, one.key: value.span}
            entry.choice = entry.choice._replace(keys=keys)
        takes = keys_of(entry.layer_type.type)[0].get(one.key) if entry.layer_type else None
        entry.broken = entry.broken or not (takes is None or self._is_right(one, value, takes))

    def _is_right(self, one: Setting, value: YamlNode, takes: ValueType[Any]) -> bool:
        """Whether a key takes a value, as far as that is known without its scope."""
        if is_dynamic(value):
            return True
        try:
            read(takes, value)
        except Fault as fault:
            about = f"{one.name}={shown(one.given)}: {one.key} "
            self._findings.once(fault, value.span, about)
            return False
        return True

    def _unfit(self, entry: AnyEntry, one: Setting, path: str, is_copy: bool) -> Fault | None:
        """Why a key of an entry cannot be set."""
        if one.key == REPEAT:
            if not is_copy:
                return None
            whole = path.rpartition(".")[0]
            return Fault("unknown-key", f"{quoted(path)} is one copy; set `{whole}.{REPEAT}`")
        if isinstance(entry, LayerEntry):
            if entry.layer_type is None:
                return None  # what keys it has is said where its type is known
            settable = settable_keys(entry.layer_type.type)
            if one.key in settable:
                return None
            if one.key in LAYER:
                return Fault("unknown-key", f"{one.key} cannot be set; change the file")
            return unknown_key(one.key, (), settable, entry.layer_type.type)[0]
        if isinstance(entry, BlockEntry):
            block = self._blocks.get(entry.block)
            if block is None or one.key in block.arguments:
                return None
            return unknown_argument(block, one.key)
        return Fault("unknown-key", f"a group has no key {quoted(one.key)} to set, only {REPEAT}")


_OF_ENTRIES = LAYER.keys() - {"activation"}


def settable_keys(layer_type: str) -> list[str]:
    """The keys of a layer type for which a value may be given."""
    known = keys_of(layer_type)[0]
    return [name for name, takes in known.items() if takes and name not in _OF_ENTRIES]


@lru_cache(maxsize=10_000)
def _fitting(
    patterns: tuple[tuple[str, ...], ...], path: str
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Which patterns fit a path, and which fit what may be inside it."""
    parts = path.split(".")
    begun = [at for at, pattern in enumerate(patterns) if fits(pattern, parts)]
    exactly = tuple(at for at in begun if len(patterns[at]) == len(parts))
    return exactly, tuple(at for at in begun if len(patterns[at]) > len(parts))


def _uses_copy(node: YamlNode) -> bool:
    texts = [scalar.text for scalar in scalars(node) if "$" in scalar.text]
    with suppress(Fault):
        return any(COPY in expressions.parse(text).names for text in texts)
    return False


def _leads_to(parts: Sequence[str], path: str) -> bool:
    """Whether a path has these parts in this order, with others between them."""
    rest = iter(path.split("."))
    return all(part in rest for part in parts)


def _any_copy(path: str) -> str:
    return ".".join(ANY if part.isdigit() else part for part in path.split("."))
