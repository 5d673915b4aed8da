"""The names that entries write: what feeds them, looked up also where `when` leaves them out."""

from __future__ import annotations

from collections.abc import Mapping

from archcalc.archfile.budget import WORK_PER_NAME, Budget
from archcalc.archfile.building import Building
from archcalc.archfile.declaration import AnyEntry, BlockEntry, Entry, GroupEntry, LayerEntry
from archcalc.archfile.nodes import (
    UNKNOWN,
    ScalarNode,
    SequenceNode,
    Unknown,
    Value,
    Word,
    YamlNode,
)
from archcalc.archfile.scope import Hidden, Scope, Target
from archcalc.archfile.values import value_of
from archcalc.diagnostics import Fault, Findings, Span
from archcalc.network.network import LEFT_OUT, NOWHERE
from archcalc.wording import quoted, shown


class References:
    """Looks names up within a budget; of a name that leads nowhere the mistake is reported."""

    def __init__(self, findings: Findings, budget: Budget, building: Building) -> None:
        self.findings = findings
        self.budget = budget
        self.building = building

    def feeds(self, entry: Entry, scope: Scope, before: int) -> tuple[int, ...]:
        if isinstance(entry, LayerEntry) and entry.repeat is None:
            layer_type = self.building.layer_type(entry, scope)
            if layer_type and layer_type.is_source:
                return self._none(entry, layer_type.type)
        if entry.feeds is None:
            return (before,)
        node = self.building.substituted(entry.feeds, scope)
        try:
            words = self._words(node)
        except Fault as fault:
            self.findings.once(fault, node.span)
            return (NOWHERE,)
        if len(words) > 1 and entry.repeat is not None:
            fact = f"from names {len(words)} layers, and each copy reads the one before it alone"
            self.findings.once(Fault("wrong-value", fact), node.span)
            return (NOWHERE,)
        if len(words) > 1 and (what := self._taking_one(entry, scope)):
            self.findings.once(
                Fault(
                    "wrong-value",
                    f"from names {len(words)} layers, and {what} takes one input; "
                    "add, multiply and concat take several",
                ),
                node.span,
            )
            return (NOWHERE,)
        return tuple(self.find(word, scope, node.span) for word in words) or (NOWHERE,)

    def _taking_one(self, entry: Entry, scope: Scope) -> str | None:
        """What an entry is, if it takes one input."""
        if not isinstance(entry, LayerEntry):
            return "this entry"
        layer_type = self.building.layer_type(entry, scope)
        return None if layer_type is None or layer_type.merges else layer_type.type

    def _none(self, entry: Entry, word: str) -> tuple[int, ...]:
        if entry.feeds is not None:
            fact = f"{word} reads nothing: others name it in from"
            self.findings.once(Fault("wrong-value", fact), entry.span_of("from"))
        return ()

    def _words(self, node: YamlNode) -> list[Value]:
        if isinstance(node, SequenceNode):
            return [word for item in node.items for word in self._words(item)]
        value = value_of(node) if isinstance(node, ScalarNode) and node.text else UNKNOWN
        return list(value) if isinstance(value, tuple) else [value]

    def find(self, word: Value, scope: Scope, span: Span, *, left_out: bool = False) -> int:
        if isinstance(word, Unknown):
            return NOWHERE
        self.budget.spend(WORK_PER_NAME, span)
        if not isinstance(word, Word):
            fault = Fault("wrong-value", f"from takes names of layers, not {quoted(shown(word))}")
            self.findings.once(fault, span)
            return NOWHERE
        index = (word.scope or scope).find(word, left_out=left_out)
        if isinstance(index, int):
            return index
        at = word.span or span
        if not self.findings.has("unknown-name", at):
            self.findings.fault(index(), at)
        return NOWHERE

    def shared(self, node: YamlNode, word: Value, scope: Scope) -> Target | None:
        """What the name in a `share` stands for; None where it leads nowhere."""
        if isinstance(word, Unknown):
            return None
        self.budget.spend(WORK_PER_NAME, node.span)
        if not isinstance(word, Word):
            fault = Fault("wrong-value", f"share takes a name or true, not {quoted(shown(word))}")
            self.findings.once(fault, node.span)
            return None
        found = (word.scope or scope).target(word)
        if isinstance(found, Target):
            return found
        self.findings.once(found(), node.span)
        return None

    def leave_out(self, entry: AnyEntry, scope: Scope) -> None:
        """Resolves the names of what ``when`` leaves out, so that it is not wrong when it is in."""
        if entry.feeds is not None:
            node = self.building.substituted(entry.feeds, scope)
            try:
                for word in self._words(node):
                    self.find(word, scope, node.span, left_out=True)
            except Fault as fault:
                self.findings.once(fault, node.span)
        if isinstance(entry.share, ScalarNode):
            word = self.building.value(entry.share, scope, None)
            if isinstance(word, Word):
                self.find(word, scope, entry.share.span, left_out=True)
        inside = scope if entry.repeat is None else scope.at_copy(UNKNOWN)
        inner: Mapping[str, Target] = {}
        if isinstance(entry, LayerEntry):
            inner = {
                branch.name: self.left_out(
                    entry, inside, f"{entry.name}.{branch.name}.", branch.layers
                )
                for branch in entry.branches or ()
            }
        elif isinstance(entry, GroupEntry):
            inner = self.left_out(entry, inside, f"{entry.name}.", entry.layers).inner
        layer_type = entry.layer_type if isinstance(entry, LayerEntry) else None
        has_parts = layer_type is not None and layer_type.splits
        if has_parts or entry.repeat is not None or isinstance(entry, BlockEntry):
            inner = Hidden()  # which copies and layers there would be is not looked at
        scope.names[entry.name] = Target(LEFT_OUT, inner)

    def left_out(self, entry: Entry, scope: Scope, prefix: str, entries: list[AnyEntry]) -> Target:
        """Resolves the names of entries inside one, which `when` leaves out."""
        prefix = scope.prefix + prefix
        self.budget.enter(scope.depth, prefix, entry.span)
        inside = scope.below(prefix, entries)
        for inner in entries:
            self.budget.spend(1, inner.span)
            self.leave_out(inner, inside)
        return Target(LEFT_OUT, inside.names)
