"""Values under the arguments of an instance, and the layers that entries become with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from archcalc.archfile.budget import Budget
from archcalc.archfile.checks import is_dynamic, unknown_argument, unknown_block
from archcalc.archfile.declaration import Architecture, Block, BlockEntry, LayerEntry
from archcalc.archfile.layer_values import ACTIVATION, key_faults, unknown_type
from archcalc.archfile.nodes import UNKNOWN, ScalarNode, Unknown, Value, Word, YamlNode
from archcalc.archfile.scope import Scope
from archcalc.archfile.substitution import is_literal, substituted, value_of_argument
from archcalc.archfile.values import likes, read
from archcalc.diagnostics import Fault, Findings
from archcalc.network.layers import LAYERS, Layer
from archcalc.network.network import Changes
from archcalc.network.values import ValueType
from archcalc.record import Record
from archcalc.wording import quoted, shown

Values = Mapping[str, Value]


class Bindings(dict[str, Value]):
    """The arguments and variables that a body sees, and the layers that its entries become."""

    __slots__ = ("built",)

    def __init__(self, values: Values) -> None:
        super().__init__(values)
        self.built: dict[LayerEntry, Built] = {}


class Built(Record):
    """A layer with what its entry says beside it; ``likes`` name layers whose sizes it takes."""

    layer: Layer | None = None
    activation: str | None = None
    likes: tuple[Word, ...] = ()


BROKEN = Built()


class Building:
    """Evaluates within a budget; mistakes go to the findings, and their values are unknown."""

    def __init__(
        self,
        findings: Findings,
        budget: Budget,
        intern: Callable[[Layer], Layer],
        changes: Changes | None = None,
    ) -> None:
        """``intern`` gives one object for equal layers; ``changes`` are values tried for keys."""
        self.findings = findings
        self.budget = budget
        self.intern = intern
        self.changes = changes or {}
        self.top = Bindings({})
        self.literals: dict[str | YamlNode, Value] = {}
        self._written: dict[tuple[type[Layer], int], tuple[YamlNode, Any]] = {}

    def variables(self, architecture: Architecture, given: Values, top: Scope) -> Bindings:
        """The values of the top-level variables; ``given`` ones go before those written."""
        for name, node in architecture.variables.items():
            self.top[name] = given[name] if name in given else self.value(node, top, None)
        return self.top

    def arguments(
        self,
        entry: BlockEntry,
        block: Block,
        scope: Scope,
        inside: Scope,
        *,
        first: bool,
        last: bool,
    ) -> Bindings:
        """The values that the body of a block sees, in the first or last copy or in the others.

        What is given is read in the scope of the call, defaults ``inside``.
        """
        given = {
            **entry.arguments,
            **(entry.first if first else {}),
            **(entry.last if last else {}),
        }
        missing = [
            name
            for name, default in block.arguments.items()
            if default is None and name not in given
        ]
        if missing:
            after = [" after the first copy"] if entry.first and not first else []
            before = [" before the last copy"] if entry.last and not last else []
            where = " and".join(after + before)
            fact = f"{quoted(block.name)} needs {', '.join(map(quoted, missing))}{where}"
            self.findings.once(Fault("missing-argument", fact), entry.span_of("block"))
        values = {name: self.value(node, scope, scope) for name, node in given.items()}
        return self.body(block, values, inside)

    def body(self, block: Block, given: Values, inside: Scope) -> Bindings:
        inside.values = values = Bindings(self.top)
        known = self.literals
        for name, default in block.arguments.items():
            if name in given:
                values[name] = given[name]
            elif default is None:
                values[name] = UNKNOWN
            elif isinstance(default, ScalarNode) and default.text in known:
                values[name] = known[default.text]
            else:
                values[name] = self.value(default, inside, None)
        self.budget.spend(len(values), block.span)
        return values

    def value(self, node: YamlNode, scope: Scope, words: Scope | None) -> Value:
        """The value of a node in a scope; its words may name layers of the scope ``words``."""
        written = node.text if isinstance(node, ScalarNode) else node
        if written in self.literals:
            return self.literals[written]
        try:
            value = value_of_argument(self.substituted(node, scope), words)
        except Fault as fault:
            self.findings.once(fault, node.span)
            return UNKNOWN
        if is_literal(value) and not is_dynamic(node):
            self.literals[written] = value
        return value

    def substituted(self, node: YamlNode, scope: Scope) -> YamlNode:
        return substituted(node, scope, self.findings, self.budget.spend)

    def layer(self, entry: LayerEntry, scope: Scope) -> Built:
        """The layer of an entry under the values of its scope; equal layers are one object."""
        is_changed = bool(self.changes) and entry.span.start in self.changes
        if entry.layer is not None and not is_changed:
            layer = self.intern(entry.layer)
            words = likes(layer, entry.values) if layer.likes() else ()
            return Built(layer, entry.activation, words)
        if entry.broken:
            return BROKEN
        if entry.varies:
            return self._build(entry, scope)
        built = scope.values.built
        if entry not in built:
            built[entry] = self._build(entry, scope)
        return built[entry]  # type: ignore[no-any-return]

    def layer_type(self, entry: LayerEntry, scope: Scope) -> type[Layer] | None:
        """The type that is written, or that an expression gives; None where that is a mistake."""
        if entry.choice is None:
            return entry.layer_type
        text = self.word(entry.choice.type, scope)
        if text is not None and text not in LAYERS:
            self.findings.once(unknown_type(text, ()), entry.choice.type.span)
        return LAYERS.get(text or "")

    def block(self, entry: BlockEntry, scope: Scope, blocks: Mapping[str, Block]) -> Block | None:
        """The block that is written, or that an expression gives; None where that is a mistake."""
        if entry.broken or entry.choice is None:
            return None if entry.broken else blocks.get(entry.block)
        name = self.word(entry.choice, scope)
        block = blocks.get(name or "")
        if name is not None and block is None:
            self.findings.once(unknown_block(name, blocks), entry.choice.span)
        for given in (entry.arguments, entry.first, entry.last) if block else ():
            for argument, value in given.items():
                if block and argument not in block.arguments:
                    self.findings.once(unknown_argument(block, argument), value.key_span)
        return block

    def word(self, node: YamlNode, scope: Scope) -> str | None:
        """The text that an expression gives; None where a mistake hides it."""
        value = self.value(node, scope, None)
        return None if isinstance(value, Unknown) else shown(value)

    def _build(self, entry: LayerEntry, scope: Scope) -> Built:
        layer_type = self.layer_type(entry, scope)
        if layer_type is None:
            return BROKEN
        keys, broken = layer_type.keys(), False
        for fault in key_faults(entry, layer_type) if entry.choice else ():
            self.findings.once(fault, entry.span)
            broken = True
        changes = self.changes.get(entry.span.start, {})
        checked: dict[str, Any] = {}
        nodes = dict[str, YamlNode]()
        for name, written in entry.values.items():
            if name in changes or not (name in keys or name == "activation"):
                continue
            at = layer_type, id(written)
            if at in self._written:
                nodes[name], checked[name] = self._written[at]
                continue
            nodes[name] = node = self.substituted(written, scope)
            takes: ValueType[Any] = keys[name].takes if name in keys else ACTIVATION
            try:
                checked[name] = read(takes, node)
            except Fault as fault:
                self.findings.once(fault, node.span, f"{name} ")
                broken = True
                continue
            broken = broken or checked[name] is UNKNOWN
            if node is written:  # it holds no expression
                self._written[at] = written, checked[name]
        if broken:
            return BROKEN
        activation = None if "activation" in keys else checked.pop("activation", None)
        try:
            tried = {name: keys[name].check(value) for name, value in changes.items()}
            layer = layer_type.of_checked({**checked, **tried})
        except Fault as fault:
            self.findings.once(fault, entry.span_of(fault.key))
            return BROKEN
        words = likes(layer, nodes) if layer.likes() else ()
        return Built(self.intern(layer), activation, words)
