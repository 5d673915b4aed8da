"""Where the names of a file are written: once where each is given, and wherever it is used."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archcalc.archfile.expressions import COPY, FUNCTIONS, SIZES
from archcalc.archfile.nodes import MappingNode, ScalarNode, YamlNode
from archcalc.diagnostics import Span
from archcalc.record import Record
from archcalc.server.declarations import Declarations, Occurrence, pairs, scalars
from archcalc.server.scopes import NameScope, ScopeUnit, Symbol, entries, led, matched, word
from archcalc.server.text import EditedText

_WORDS = re.compile(r"''[^']*''|'[^']*'|[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_-]+)*")
_KEYWORDS = {"and", "or", "not", "true", "false", COPY, "input"}
_PATHS_OF_TRAINING = ("blocks", "stages")


class GivenName(Record):
    """A word that is given for an argument, in a scope: a layer's name, if it is used as one."""

    block: str
    argument: str
    node: ScalarNode
    scope: NameScope


class Names(Declarations):
    """All occurrences of a tree's names. Scopes are those of the language; nothing is expanded."""

    def __init__(self, text: EditedText, tree: MappingNode | None) -> None:
        super().__init__(text)
        self._named: set[tuple[str, str]] = set()  # arguments that hold names of layers
        self._passed: list[tuple[tuple[str, str], tuple[str, str]]] = []
        self._given: list[GivenName] = []
        if tree is not None:
            self.declare(tree)
            self._uses(tree)
            self._words()
        self.all = sorted(self.found.values(), key=lambda o: (o.span.start, o.span.end))

    def at(self, place: tuple[int, int]) -> Occurrence | None:
        """The occurrence around a place, its end included: a cursor stands behind a word."""
        around = [o for o in self.all if o.span.start <= place <= o.span.end]
        return max(around, key=lambda o: o.span.start, default=None)

    def of(self, symbol: Symbol) -> list[Occurrence]:
        return [occurrence for occurrence in self.all if occurrence.symbol == symbol]

    def symbols(self) -> Iterator[Symbol]:
        yield from (occurrence.symbol for occurrence in self.all if occurrence.is_definition)

    # Where names are used.

    def _uses(self, tree: MappingNode) -> None:
        for _, node in pairs(tree.get("variables")):
            self._expressions(node, self.top)
        for key in ("input", "inputs"):
            self._expressions(tree.get(key), self.top)
        for name, node in pairs(tree.get("sweep")):
            swept = self.variables.get(name) or self.inputs.get(name)
            if swept:
                self.add(self.bare(node.key_span), swept)
            self._expressions(node, self.top)
        for name, node in pairs(tree.get("blocks")):
            body = self.bodies[name]
            if isinstance(node, MappingNode):
                for argument, default in pairs(node.get("arguments")):
                    self._expressions(default, body)
                    self._hand_over(name, argument, default, body)
                self._entries(body)
        self._entries(self.top)
        for item in scalars(tree.get("outputs")):
            self._path(item, self.top)
        expect, train, code = tree.get("expect"), tree.get("train"), tree.get("code")
        if isinstance(expect, MappingNode):
            for path, figures in pairs(expect.get("layers")):
                self._pattern(path, figures.key_span)
        budget = tree.get("budget")
        if isinstance(budget, MappingNode):
            for path, bounds in pairs(budget.get("groups")):
                self._pattern(path, bounds.key_span)
        for key in ("allow", "published"):
            for entry in entries(tree.get(key)):
                at = entry.get("at")
                if isinstance(at, ScalarNode):
                    self._pattern(at.text, at.span)
        if isinstance(train, MappingNode):
            for item in scalars(train.get("checkpoint")):
                if item.text not in _PATHS_OF_TRAINING:
                    self._pattern(item.text, item.span)
        if isinstance(code, MappingNode):
            self._expressions(code.get("args"), self.top)

    def _entries(self, scope: NameScope) -> None:
        for unit in dict.fromkeys(scope.units.values()):
            if isinstance(unit.node, MappingNode):
                self._entry(unit.node, scope, is_branch="type" not in unit.node.pairs)
            if unit.inner is None:
                continue
            if isinstance(unit.node, MappingNode) and "branches" in unit.node.pairs:
                for branch in unit.inner.units.values():
                    if isinstance(branch.node, MappingNode):
                        self._expressions(branch.node.get("when"), scope)
                    assert branch.inner is not None
                    self._entries(branch.inner)
            else:
                self._entries(unit.inner)

    def _entry(self, node: MappingNode, scope: NameScope, *, is_branch: bool) -> None:
        block = node.get("block")
        if isinstance(block, ScalarNode) and block.text in self.blocks:
            self.add(self.bare(block.span), self.blocks[block.text])
        for key, value in node.pairs.items():
            if key in ("from", "share"):
                for item in scalars(value):
                    self._layer_name(item, scope)
            elif key in ("with", "first", "last") and is_branch:
                self._arguments(node, value, scope)
            elif key not in ("layers", "branches", "name"):
                self._expressions(value, scope)
                like = value.get("like") if isinstance(value, MappingNode) else None
                for item in scalars(like):
                    self._layer_name(item, scope)

    def _arguments(self, node: MappingNode, given: YamlNode, scope: NameScope) -> None:
        block = word(node.get("block"))
        for argument, value in pairs(given):
            self._expressions(value, scope)
            if block is None:
                continue
            symbol = self.arguments.get(block, {}).get(argument)
            if symbol:
                self.add(self.bare(value.key_span), symbol)
            self._hand_over(block, argument, value, scope)

    def _hand_over(self, block: str, argument: str, value: YamlNode, scope: NameScope) -> None:
        """What is given for an argument may be the name of a layer, or an argument that has one."""
        for item in scalars(value):
            if "$" not in item.text:
                self._given.append(GivenName(block, argument, item, scope))
            elif scope.block is not None:
                for name, _ in self._written(item):
                    self._passed.append(((scope.block, name), (block, argument)))

    def _words(self) -> None:
        """The words that are given for arguments which are used as names of layers."""
        grown = True
        while grown:
            more = {giver for giver, taker in self._passed if taker in self._named} - self._named
            more |= {
                taker
                for giver, taker in self._passed
                if giver in self._named and taker[0] == giver[0]
            } - self._named
            self._named |= more
            grown = bool(more)
        for given in self._given:
            if (given.block, given.argument) in self._named:
                self._path(given.node, given.scope)

    def _layer_name(self, node: ScalarNode, scope: NameScope) -> None:
        if "$" not in node.text:
            self._path(node, scope)
            return
        self._expressions(node, scope)
        for name, _ in self._written(node):
            self._holds_a_name(name, scope)

    def _holds_a_name(self, name: str, scope: NameScope) -> None:
        if scope.block is not None and name in self.arguments.get(scope.block, {}):
            self._named.add((scope.block, name))

    def _path(self, node: ScalarNode, scope: NameScope) -> None:
        parts = node.text.split(".")
        first = scope.find(parts[0])
        if first is not None:
            units = led(first, parts, self.bodies)
            self._parts(parts, [[unit] if unit else [] for unit in units], node.span)

    def _pattern(self, path: str, span: Span) -> None:
        parts = path.split(".")
        found = matched(self.top, parts, self.bodies)
        self._parts(parts, [list(units.values()) for units in found], span)

    def _parts(self, parts: list[str], units: list[list[ScopeUnit]], span: Span) -> None:
        """Adds the parts of a path that is written as it is, in quotes or without."""
        bare = self.bare(span)
        if self.text.raw(bare) != ".".join(parts):
            return
        column = bare.column
        for part, meant in zip(parts, units, strict=True):
            at = Span(bare.line, column, bare.line, column + len(part))
            for unit in meant:
                if unit.symbol is not None:
                    self.add(at, unit.symbol)
            column += len(part) + 1

    def _expressions(self, node: YamlNode | None, scope: NameScope) -> None:
        """Adds the arguments, variables and layers whose sizes are read in expressions below."""
        for item in scalars(node):
            if "$" in item.text:
                for name, span in self._written(item):
                    self._value(name, span, scope)

    def _value(self, name: str, span: Span, scope: NameScope) -> None:
        first, *rest = name.split(".")
        at = Span(span.line, span.column, span.line, span.column + len(first))
        own = self.arguments.get(scope.block or "", {}).get(first)
        value = own or self.variables.get(first)
        if value is not None:
            self.add(at, value)
            if rest and own:
                self._holds_a_name(first, scope)
        elif rest and rest[-1] in SIZES:
            unit = scope.find(first)
            if unit is not None:
                parts = [first, *rest[:-1]]
                units = led(unit, parts, self.bodies)
                whole = Span(span.line, span.column, span.line, span.column + len(".".join(parts)))
                self._parts(parts, [[u] if u else [] for u in units], whole)

    def _written(self, node: ScalarNode) -> Iterator[tuple[str, Span]]:
        """The names in an expression, and where they stand; it stands in one line."""
        span = node.span
        if span.line != span.end[0]:
            return
        raw = self.text.raw(span)
        for found in _WORDS.finditer(raw, 1 if raw[:1] in "'\"" else 0):
            name = found.group()
            if name[0] == "'" or name in _KEYWORDS or raw[found.start() - 1 : found.start()] == ".":
                continue
            if name in FUNCTIONS and raw[found.end() :].lstrip().startswith("("):
                continue
            column = span.column + found.start()
            yield name, Span(span.line, column, span.line, column + len(name))
