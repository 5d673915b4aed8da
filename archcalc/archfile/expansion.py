"""From the declaration to the graph. Needs no shapes: blocks know what their arguments say."""

from __future__ import annotations

from archcalc.archfile.budget import WORK_PER_NAME, Budget, Stop
from archcalc.archfile.building import Building, Values
from archcalc.archfile.copies import Mark, Pattern
from archcalc.archfile.declaration import (
    AnyEntry,
    Architecture,
    BlockEntry,
    Entry,
    GroupEntry,
    LayerEntry,
)
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
from archcalc.archfile.values import read, value_of
from archcalc.diagnostics import Fault, Findings, Span
from archcalc.limits import LAYER_LIMIT
from archcalc.network.network import INPUT, LEFT_OUT, NOWHERE, Graph, Group, Node, Region
from archcalc.network.values import POSITIVE, TRUTH
from archcalc.wording import quoted, shown


def expand(
    architecture: Architecture,
    findings: Findings,
    variables: Values | None = None,
    limit: int = LAYER_LIMIT,
) -> Graph:
    """The graph of an architecture; mistakes go to the findings, what they hide stays unknown."""
    expansion = _Expansion(architecture, findings, limit)
    try:
        values = expansion.building.variables(architecture, variables or {})
        expansion.graph.variables = values
        top = Scope("", architecture.layers, values)
        last = expansion.sequence(architecture.layers, top, INPUT)
        expansion.outputs(architecture.outputs, top, last)
        expansion.unused()
    except Stop as stop:
        expansion.graph = Graph()
        expansion.graph.partial = True
        findings.once(stop.fault, stop.fault.span or Span(1, 1))
    return expansion.graph


class _Expansion:
    def __init__(self, architecture: Architecture, findings: Findings, limit: int) -> None:
        self.architecture = architecture
        self.findings = findings
        self.budget = Budget(limit)
        self.building = Building(findings, self.budget)
        self.graph = Graph()
        self.instantiated: set[str] = set()

    def sequence(self, entries: list[AnyEntry], scope: Scope, feed: int) -> int:
        """Expands entries one after the other; the node of the last output."""
        for entry in entries:
            feed = self.entry(entry, scope, feed)
        return feed

    def entry(self, entry: AnyEntry, scope: Scope, before: int) -> int:
        self.budget.spend(1, entry.span)
        if entry.when is not None and not self._when(entry.when, scope.values):
            scope.names[entry.name] = Target(LEFT_OUT, {})
            return before
        feeds = self._feeds(entry, scope, before)
        if isinstance(entry, LayerEntry):
            target = self._layer(entry, scope, feeds)
        else:
            target = self._inner(entry, scope, feeds[0])
        if entry.named:
            scope.names[entry.name] = target
        return target.output

    def _when(self, node: YamlNode, values: Values) -> bool:
        try:
            value = read(TRUTH, self.building.substituted(node, values))
        except Fault as fault:
            self.findings.once(fault, node.span, "when ")
            return True
        return value is not False

    def _feeds(self, entry: Entry, scope: Scope, before: int) -> tuple[int, ...]:
        if entry.origin is None:
            return (before,)
        node = self.building.substituted(entry.origin, scope.values)
        try:
            words = self._words(node)
        except Fault as fault:
            self.findings.once(fault, node.span)
            return (NOWHERE,)
        merges = isinstance(entry, LayerEntry) and (
            entry.layer_type is None or entry.layer_type.merges
        )
        if len(words) > 1 and not merges:
            what = (
                entry.layer_type.type
                if isinstance(entry, LayerEntry) and entry.layer_type
                else "this entry"
            )
            self.findings.once(
                Fault(
                    "wrong-value",
                    f"from names {len(words)} layers, and {what} takes one input; "
                    "add, multiply and concat take several",
                ),
                node.span,
            )
            return (NOWHERE,)
        return tuple(self._find(word, scope, node.span) for word in words) or (NOWHERE,)

    def _words(self, node: YamlNode) -> list[Value]:
        if isinstance(node, SequenceNode):
            return [word for item in node.items for word in self._words(item)]
        value = value_of(node) if isinstance(node, ScalarNode) and node.text else UNKNOWN
        return list(value) if isinstance(value, tuple) else [value]

    def _find(self, word: Value, scope: Scope, span: Span) -> int:
        if isinstance(word, Unknown):
            return NOWHERE
        self.budget.spend(WORK_PER_NAME, span)
        if not isinstance(word, Word):
            fault = Fault("wrong-value", f"from takes names of layers, not {quoted(shown(word))}")
            self.findings.once(fault, span)
            return NOWHERE
        try:
            return (word.scope or scope).find(word)
        except Fault as fault:
            self.findings.once(fault, word.span or span)
            return NOWHERE

    def _layer(self, entry: LayerEntry, scope: Scope, feeds: tuple[int, ...]) -> Target:
        path = scope.prefix + entry.name
        start, inner = len(self.graph.nodes), {}
        if entry.branches is not None:
            inner = self._branches(entry, scope, feeds[0], path)
            feeds = tuple(target.output for target in inner.values()) or (NOWHERE,)
        layer, activation, words = self.building.layer(entry, scope.values)
        likes = tuple(self._find(word, scope, entry.span) for word in words)
        parts = layer.parts() if layer else (("", None),)
        for number, (suffix, part) in enumerate(parts, 1):
            index = len(self.graph.nodes)
            where = f"{path}.{suffix}" if suffix else path
            last = activation if number == len(parts) else None
            self._node(Node(where, part, last, feeds, entry, likes))
            feeds = (index,)
            if suffix:
                inner[suffix] = Target(index, {})
        stop = len(self.graph.nodes)
        if inner:
            self.graph.merges.append(Region(path, start, stop, stop - 1))
        return Target(stop - 1, inner)

    def _branches(self, entry: LayerEntry, scope: Scope, feed: int, path: str) -> dict[str, Target]:
        found = {}
        for name, entries in entry.branches or ():
            inside = self._inside(entry, scope, f"{path}.{name}.", entries, scope.values, scope)
            found[name] = Target(self.sequence(entries, inside, feed), inside.names)
        return found

    def _inside(
        self,
        entry: Entry,
        scope: Scope,
        prefix: str,
        entries: list[AnyEntry],
        values: Values,
        parent: Scope | None,
    ) -> Scope:
        self.budget.enter(scope.depth, prefix, entry.span)
        return Scope(prefix, entries, values, parent, scope.depth + 1)

    def _node(self, node: Node) -> None:
        self.graph.nodes.append(node)
        names = len(node.path) + sum(len(self.graph.nodes[i].path) for i in node.inputs if i >= 0)
        self.budget.spend_text(names, node.span)
        self.budget.check_layers(len(self.graph.nodes), node.span)

    def _inner(self, entry: GroupEntry | BlockEntry, scope: Scope, feed: int) -> Target:
        if entry.broken or (
            isinstance(entry, BlockEntry) and entry.block not in self.architecture.blocks
        ):
            self.graph.partial = True
            return Target(NOWHERE, {})
        path, start = scope.prefix + entry.name, len(self.graph.nodes)
        if entry.repeat is None:
            target = self._copy(entry, scope, f"{path}.", feed, True, {})
        else:
            copies = self._repeat(entry.repeat, scope.values)
            target = self._copies(entry, scope, path, feed, copies or 1)
            if copies is None:
                target = Target(target.output, Hidden())
        self._group(path, start, target.output, entry)
        return target

    def _copies(
        self, entry: GroupEntry | BlockEntry, scope: Scope, path: str, feed: int, copies: int
    ) -> Target:
        start, inner = len(self.graph.nodes), dict[str, Target]()
        values: dict[bool, Values] = {}
        pattern: Pattern | None = None
        for copy in range(copies):
            prefix, begin = f"{path}.{copy}.", len(self.graph.nodes)
            if pattern and self._repeats(pattern, prefix):
                target = pattern.repeated(self.graph, prefix, feed)
            else:
                mark = Mark.of(self.graph, self.budget.work)
                target = self._copy(entry, scope, prefix, feed, copy == 0, values)
                if copy and feed >= start:
                    stop = Mark.of(self.graph, self.budget.work)
                    pattern = Pattern(prefix, mark, stop, feed, *target)
            self._group(f"{path}.{copy}", begin, target.output, entry)
            inner[str(copy)] = target
            feed = target.output
        return Target(feed, inner)

    def _copy(
        self,
        entry: GroupEntry | BlockEntry,
        scope: Scope,
        prefix: str,
        feed: int,
        first: bool,
        values: dict[bool, Values],
    ) -> Target:
        """Expands one copy. ``values`` holds what the first copy of a block and the others see."""
        if isinstance(entry, GroupEntry):
            inside = self._inside(entry, scope, prefix, entry.layers, scope.values, scope)
        else:
            block, first = self.architecture.blocks[entry.block], first and bool(entry.first)
            if first not in values:
                self.instantiated.add(block.name)
                values[first] = self.building.arguments(entry, block, scope, first=first)
            inside = self._inside(entry, scope, prefix, block.layers, values[first], None)
        return Target(self.sequence(inside.entries, inside, feed), inside.names)

    def _repeats(self, pattern: Pattern, prefix: str) -> bool:
        """Whether a copy can be made from another, and is paid for."""
        if len(prefix) != len(pattern.prefix):  # longer paths cost more
            return False
        return self.budget.afforded(pattern.work, len(self.graph.nodes) + pattern.layers)

    def _group(self, path: str, start: int, output: int, entry: GroupEntry | BlockEntry) -> None:
        block = entry.block if isinstance(entry, BlockEntry) else None
        region = Region(path, start, len(self.graph.nodes), output)
        self.graph.groups.append(Group(region, block, entry.span))

    def _repeat(self, node: YamlNode, values: Values) -> int | None:
        """The number of copies; None where a mistake hides it."""
        try:
            copies = read(POSITIVE, self.building.substituted(node, values))
        except Fault as fault:
            self.findings.once(fault, node.span, "repeat ")
            return None
        if isinstance(copies, Unknown):
            return None
        self.budget.check_copies(copies, node.span)
        return copies

    def outputs(self, names: list[YamlNode], top: Scope, last: int) -> None:
        for node in names:
            if isinstance(node, ScalarNode):
                self.graph.outputs.append(
                    (node.text, self._find(Word(node.text, span=node.span), top, node.span))
                )
        if not names:
            name = self.graph.nodes[last].path if last >= 0 else "input"
            self.graph.outputs.append((name, last))

    def unused(self) -> None:
        """Expands blocks that nothing instantiates for their mistakes; the nodes are dropped."""
        for name, block in self.architecture.blocks.items():
            if name not in self.instantiated:
                kept, self.graph = self.graph, Graph()
                values = self.building.body(block, {})
                inside = Scope(f"{name}.", block.layers, values, None, 1)
                self.sequence(block.layers, inside, NOWHERE)
                self.graph = kept
