"""The names of a file as they nest: what an entry is called, and what is found inside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from archcalc.archfile.nodes import MappingNode, ScalarNode, SequenceNode, YamlNode
from archcalc.diagnostics import Span
from archcalc.record import Record

ANY = "*"


class Symbol(Record):
    """What is named: a layer, group or branch; a block; an argument of a block; a variable.

    ``span`` is where its name is written first, ``whole`` all that it names.
    """

    kind: str
    name: str
    span: Span
    whole: Span


class ScopeUnit:
    """An entry or branch that a path may lead through; ``symbol`` is None where it has no name."""

    def __init__(self, node: YamlNode, symbol: Symbol | None) -> None:
        self.node = node
        self.symbol = symbol
        self.has_copies = isinstance(node, MappingNode) and "repeat" in node.pairs
        self.inner: NameScope | None = None
        self.block: str | None = None


class NameScope:
    """The units of a list of entries, or the branches of a merge, by name.

    In the body of a block, ``arguments`` are its own; the scopes in it lead there by ``parent``.
    """

    def __init__(self, parent: NameScope | None = None, block: str | None = None) -> None:
        self.parent = parent
        self.block: str | None = block if parent is None else parent.block
        self.units: dict[str, ScopeUnit] = {}

    def find(self, name: str) -> ScopeUnit | None:
        scope: NameScope | None = self
        while scope is not None:
            if name in scope.units:
                return scope.units[name]
            scope = scope.parent
        return None

    def visible(self) -> Iterator[str]:
        scope: NameScope | None = self
        while scope is not None:
            yield from scope.units
            scope = scope.parent


Bodies = Mapping[str, NameScope]


def inside(unit: ScopeUnit, bodies: Bodies) -> NameScope | None:
    """The scope in which the next part of a path is looked up."""
    return bodies.get(unit.block) if unit.block is not None else unit.inner


def led(first: ScopeUnit, parts: list[str], bodies: Bodies) -> list[ScopeUnit | None]:
    """What each part of a path stands for, from a unit on; None for indices and what is not found.

    ``parts`` begin with the one that led to the unit.
    """
    found: list[ScopeUnit | None] = [first]
    unit: ScopeUnit | None = first
    may_index = first.has_copies
    for part in parts[1:]:
        if unit is None:
            found.append(None)
        elif may_index and part.isdigit():
            may_index = False
            found.append(None)
        else:
            scope = inside(unit, bodies)
            unit = scope.units.get(part) if scope else None
            may_index = unit is not None and unit.has_copies
            found.append(unit)
    return found


def matched(
    top: NameScope, parts: list[str], bodies: Bodies, steps: int = 20_000
) -> list[dict[int, ScopeUnit]]:
    """For each part of a path from the top, in which ``*`` is any, the units that it may mean."""
    states: dict[tuple[int, bool], tuple[ScopeUnit | None, NameScope | None, bool]]
    states = {(0, False): (None, top, False)}
    found = list[dict[int, ScopeUnit]]()
    for part in parts:
        after: dict[tuple[int, bool], tuple[ScopeUnit | None, NameScope | None, bool]] = {}
        units: dict[int, ScopeUnit] = {}
        for unit, scope, may_index in states.values():
            if may_index and (part == ANY or part.isdigit()):
                after[id(unit), True] = (unit, scope, False)
                continue
            names = scope.units if scope else {}
            steps -= len(names) if part == ANY else 1
            if steps < 0:
                return [{} for _ in parts]
            hits = names.values() if part == ANY else [names[part]] if part in names else []
            for hit in hits:
                if part != ANY:
                    units[id(hit)] = hit
                after[id(hit), False] = (hit, inside(hit, bodies), hit.has_copies)
        states = after
        found.append(units)
    return found


def entries(node: YamlNode | None) -> list[MappingNode]:
    items = node.items if isinstance(node, SequenceNode) else []
    return [item for item in items if isinstance(item, MappingNode)]


def word(node: YamlNode | None) -> str | None:
    """The text of a scalar that holds no expression."""
    text = node.text if isinstance(node, ScalarNode) else ""
    return text if text and "$" not in text else None
