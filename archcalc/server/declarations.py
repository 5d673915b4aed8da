"""The names that a file gives: of blocks, arguments, variables, inputs, layers and branches."""

from __future__ import annotations

from collections.abc import Iterator

from archcalc.archfile.nodes import MappingNode, ScalarNode, SequenceNode, YamlNode
from archcalc.diagnostics import Span
from archcalc.record import Record
from archcalc.server.scopes import NameScope, ScopeUnit, Symbol, entries, word
from archcalc.server.text import EditedText

Values = dict[str, Symbol]


class Occurrence(Record):
    """A place where a symbol is written."""

    span: Span
    symbol: Symbol
    is_definition: bool = False


class Declarations:
    """What is named where; `found` grows by the places where names are used."""

    def __init__(self, text: EditedText) -> None:
        self.text = text
        self.found: dict[tuple[Span, Span], Occurrence] = {}
        self.bodies: dict[str, NameScope] = {}
        self.blocks: dict[str, Symbol] = {}
        self.variables: Values = {}
        self.inputs: Values = {}
        self.arguments: dict[str, Values] = {}
        self.top = NameScope()

    def declare(self, tree: MappingNode) -> None:
        """Takes the names that a file gives."""
        for name, node in pairs(tree.get("inputs")):
            self.inputs[name] = self._define("input", name, node.key_span, node.key_span)
            self.top.units[name] = ScopeUnit(node, self.inputs[name])
        for name, node in pairs(tree.get("variables")):
            self.variables[name] = self._define("variable", name, node.key_span, node.key_span)
        for name, node in pairs(tree.get("blocks")):
            whole = Span(*node.key_span.start, *node.span.end)
            self.blocks[name] = self._define("block", name, node.key_span, whole)
            self.bodies[name] = NameScope(None, name)
            declared = node.get("arguments") if isinstance(node, MappingNode) else None
            self.arguments[name] = {
                argument: self._define("argument", argument, given.key_span, given.key_span)
                for argument, given in pairs(declared)
            }
        for name, node in pairs(tree.get("blocks")):
            if isinstance(node, MappingNode):
                self._declare(node.get("layers"), self.bodies[name])
        self._declare(tree.get("layers"), self.top)

    def _define(self, kind: str, name: str, span: Span, whole: Span) -> Symbol:
        symbol = Symbol(kind, name, self.bare(span), whole)
        self.add(symbol.span, symbol, is_definition=True)
        return symbol

    def _declare(self, node: YamlNode | None, scope: NameScope) -> None:
        for entry in entries(node):
            unit, name = ScopeUnit(entry, None), entry.get("name")
            if isinstance(name, ScalarNode) and name.text:
                unit.symbol = self._define("layer", name.text, name.span, entry.span)
                scope.units.setdefault(name.text, unit)
            unit.block = word(entry.get("block"))
            if "layers" in entry.pairs:
                unit.inner = NameScope(scope)
                self._declare(entry.get("layers"), unit.inner)
            elif "branches" in entry.pairs:
                unit.inner = self._branches(entry.pairs["branches"], scope)
            scope.units.setdefault(f" {id(entry)}", unit)

    def _branches(self, node: YamlNode, scope: NameScope) -> NameScope:
        """A scope of branches. What is in one sees what is around the merge, and no branch."""
        inner = NameScope(scope)
        named = pairs(node)
        if isinstance(node, SequenceNode):
            named = [(str(index), item) for index, item in enumerate(node.items)]
        for name, branch in named:
            unit = ScopeUnit(branch, None)
            if isinstance(node, MappingNode):
                whole = Span(*branch.key_span.start, *branch.span.end)
                unit.symbol = self._define("branch", name, branch.key_span, whole)
            unit.has_copies = False
            unit.inner = NameScope(scope)
            layers = branch.get("layers") if isinstance(branch, MappingNode) else branch
            self._declare(layers, unit.inner)
            inner.units.setdefault(name, unit)
        return inner

    def bare(self, span: Span) -> Span:
        """A span without the quotes around what it holds."""
        raw = self.text.raw(span)
        if len(raw) > 1 and raw[0] == raw[-1] and raw[0] in "'\"":
            return Span(span.line, span.column + 1, span.end[0], span.end[1] - 1)
        return span

    def add(self, span: Span, symbol: Symbol, *, is_definition: bool = False) -> None:
        self.found.setdefault((span, symbol.span), Occurrence(span, symbol, is_definition))


def pairs(node: YamlNode | None) -> list[tuple[str, YamlNode]]:
    return list(node.pairs.items()) if isinstance(node, MappingNode) else []


def scalars(node: YamlNode | None) -> Iterator[ScalarNode]:
    """The scalars of a value and of the lists and mappings in it."""
    if isinstance(node, ScalarNode):
        yield node
    elif isinstance(node, SequenceNode):
        for item in node.items:
            yield from scalars(item)
    elif isinstance(node, MappingNode):
        for item in node.pairs.values():
            yield from scalars(item)
