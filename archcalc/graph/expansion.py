"""From the declaration to the graph. Needs no shapes: blocks know what their arguments say."""

from __future__ import annotations

from archcalc.diagnostics import Fault, Findings, Place, quoted
from archcalc.graph import INPUT, NOWHERE, Graph, Group, Node, Region
from archcalc.graph.budget import LAYER_LIMIT, WORK_PER_NAME, Budget, Stop
from archcalc.graph.building import Building, Values
from archcalc.graph.scope import Scope, Target
from archcalc.kinds import POSITIVE, TRUTH
from archcalc.spec.declaration import (
    AnyEntry,
    Architecture,
    Block,
    BlockEntry,
    Entry,
    GroupEntry,
    LayerEntry,
)
from archcalc.tree import UNKNOWN, Scalar, Sequence, Unknown, Value, Word, shown, value_of
from archcalc.tree import Node as Tree


def expand(
    architecture: Architecture,
    findings: Findings,
    variables: Values | None = None,
    limit: int = LAYER_LIMIT,
) -> Graph:
    """The graph of an architecture; mistakes go to the findings, what they hide stays unknown."""
    expansion = _Expansion(architecture, findings, limit)
    try:
        expansion.variables(variables or {})
        expansion.graph.variables = expansion.top
        top = Scope("", architecture.layers, expansion.top)
        last = expansion.sequence(architecture.layers, top, INPUT)
        expansion.outputs(architecture.outputs, top, last)
        expansion.unused()
    except Stop as stop:
        expansion.graph = Graph()
        expansion.graph.partial = True
        findings.once(stop.fault, stop.fault.place or Place(1, 1))
    return expansion.graph


# CPython 3.11 and 3.12 map and unmap memory at every call that crosses the end of a 16 KiB piece of
# their stack, which makes some nested files ten times slower. A frame with room to spare gets a
# piece of its own, in which the whole expansion then runs.
expand.__code__ = expand.__code__.replace(co_stacksize=2**16)


class _Expansion:
    def __init__(self, architecture: Architecture, findings: Findings, limit: int) -> None:
        self.architecture = architecture
        self.findings = findings
        self.budget = Budget(limit)
        self.building = Building(findings, self.budget)
        self.graph = Graph()
        self.instantiated: set[str] = set()
        self.kept: list[Values] = []
        self.top: dict[str, Value] = {}

    def variables(self, given: Values) -> None:
        """Finds the values of the top-level variables; ``given`` ones go before those written."""
        for name, (_, node) in self.architecture.variables.items():
            self.top[name] = (
                given[name] if name in given else self.building.value(node, self.top, None)
            )

    def sequence(self, entries: list[AnyEntry], scope: Scope, feed: int) -> int:
        """Expands entries one after the other; the node of the last output."""
        for entry in entries:
            feed = self.entry(entry, scope, feed)
        return feed

    def entry(self, entry: AnyEntry, scope: Scope, before: int) -> int:
        self.budget.spend(1, entry.place)
        if entry.when is not None and not self._when(entry.when, scope.values):
            scope.left_out.add(entry.name)
            return before
        feeds = self._feeds(entry, scope, before)
        if isinstance(entry, LayerEntry):
            target = self._layer(entry, scope, feeds)
        else:
            target = self._copies(entry, scope, feeds[0])
        if entry.named:
            scope.names[entry.name] = target
        return target.output

    def _when(self, node: Tree, values: Values) -> bool:
        try:
            return TRUTH.read(self.building.substituted(node, values))
        except Fault as fault:
            self.findings.once(fault, node.place, "when ")
            return True

    def _feeds(self, entry: Entry, scope: Scope, before: int) -> tuple[int, ...]:
        if entry.origin is None:
            return (before,)
        node = self.building.substituted(entry.origin, scope.values)
        try:
            words = self._words(node)
        except Fault as fault:
            self.findings.once(fault, node.place)
            return (NOWHERE,)
        merges = isinstance(entry, LayerEntry) and (entry.kind is None or entry.kind.merges)
        if len(words) > 1 and not merges:
            what = entry.kind.type if isinstance(entry, LayerEntry) and entry.kind else "this entry"
            self.findings.once(
                Fault(
                    "wrong-value",
                    f"from names {len(words)} layers, and {what} takes one input; "
                    "add, multiply and concat take several",
                ),
                node.place,
            )
            return (NOWHERE,)
        return tuple(self._find(word, scope, node.place) for word in words) or (NOWHERE,)

    def _words(self, node: Tree) -> list[Value]:
        if isinstance(node, Sequence):
            return [word for item in node.items for word in self._words(item)]
        value = value_of(node) if isinstance(node, Scalar) and node.text else UNKNOWN
        return list(value) if isinstance(value, tuple) else [value]

    def _find(self, word: Value, scope: Scope, place: Place) -> int:
        if isinstance(word, Unknown):
            return NOWHERE
        self.budget.spend(WORK_PER_NAME, place)
        if not isinstance(word, Word):
            fault = Fault("wrong-value", f"from takes names of layers, not {quoted(shown(word))}")
            self.findings.once(fault, place)
            return NOWHERE
        try:
            return (word.scope or scope).find(word.text)
        except Fault as fault:
            self.findings.once(fault, word.place or place)
            return NOWHERE

    def _layer(self, entry: LayerEntry, scope: Scope, feeds: tuple[int, ...]) -> Target:
        path = scope.prefix + entry.name
        start, inner = len(self.graph.nodes), {}
        if entry.branches is not None:
            inner = self._branches(entry, scope, feeds[0], path)
            feeds = tuple(target.output for target in inner.values()) or (NOWHERE,)
        layer, activation = self.building.layer(entry, scope.values)
        likes = (
            tuple(self._find(word, scope, entry.place) for word in layer.likes()) if layer else ()
        )
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
        self.budget.enter(scope.depth, prefix, entry.place)
        return Scope(prefix, entries, values, parent, scope.depth + 1)

    def _node(self, node: Node) -> None:
        self.graph.nodes.append(node)
        names = len(node.path) + sum(len(self.graph.nodes[i].path) for i in node.inputs if i >= 0)
        self.budget.spend_text(names, node.place)
        self.budget.check_layers(len(self.graph.nodes), node.place)

    def _copies(self, entry: GroupEntry | BlockEntry, scope: Scope, feed: int) -> Target:
        path = scope.prefix + entry.name
        block = self.architecture.blocks.get(entry.block) if isinstance(entry, BlockEntry) else None
        if entry.broken or (isinstance(entry, BlockEntry) and block is None):
            self.graph.partial = True
            return Target(NOWHERE, {})
        copies = self._repeat(entry, scope.values)
        start, inner = len(self.graph.nodes), {}
        later: Values = scope.values
        for copy in range(copies or 1):
            prefix = f"{path}." if copies is None else f"{path}.{copy}."
            begin = len(self.graph.nodes)
            if isinstance(entry, GroupEntry):
                entries, values, parent = entry.layers, scope.values, scope
            else:
                assert block is not None
                if copy == 0 or (copy == 1 and entry.first):
                    later = self._arguments(entry, block, scope, first=copy == 0)
                entries, values, parent = block.layers, later, None
            inside = self._inside(entry, scope, prefix, entries, values, parent)
            feed = self.sequence(entries, inside, feed)
            if copies is None:
                inner = inside.names
            else:
                inner[str(copy)] = Target(feed, inside.names)
                self._group(f"{path}.{copy}", begin, feed, entry)
        self._group(path, start, feed, entry)
        return Target(feed, inner)

    def _group(self, path: str, start: int, output: int, entry: GroupEntry | BlockEntry) -> None:
        block = entry.block if isinstance(entry, BlockEntry) else None
        region = Region(path, start, len(self.graph.nodes), output)
        self.graph.groups.append(Group(region, block, entry.place))

    def _repeat(self, entry: GroupEntry | BlockEntry, values: Values) -> int | None:
        if entry.repeat is None:
            return None
        try:
            copies = POSITIVE.read(self.building.substituted(entry.repeat, values))
        except Fault as fault:
            self.findings.once(fault, entry.repeat.place, "repeat ")
            return 1
        self.budget.check_copies(copies, entry.repeat.place)
        return copies

    def _arguments(
        self, entry: BlockEntry, block: Block, scope: Scope, *, first: bool
    ) -> dict[str, Value]:
        """The values that the body of a block sees in one copy."""
        self.instantiated.add(block.name)
        given = {**entry.arguments, **entry.first} if first else entry.arguments
        missing = [
            name
            for name, (_, default) in block.arguments.items()
            if default is None and name not in given
        ]
        if missing:
            copy = "" if first or not entry.first else " after the first copy"
            fact = f"{quoted(block.name)} needs {', '.join(map(quoted, missing))}{copy}"
            self.findings.once(Fault("missing-argument", fact), entry.places["block"])
        return self._body_values(
            block,
            {n: self.building.value(node, scope.values, scope) for n, (_, node) in given.items()},
        )

    def _body_values(self, block: Block, given: Values) -> dict[str, Value]:
        values = dict(self.top)
        for name, (_, default) in block.arguments.items():
            if name in given:
                values[name] = given[name]
            else:
                values[name] = (
                    UNKNOWN if default is None else self.building.value(default, values, None)
                )
        self.budget.spend(len(values), block.place)
        self.kept.append(values)
        return values

    def outputs(self, names: list[Tree], top: Scope, last: int) -> None:
        for node in names:
            if isinstance(node, Scalar):
                self.graph.outputs.append(
                    (node.text, self._find(Word(node.text, place=node.place), top, node.place))
                )
        if not names:
            name = self.graph.nodes[last].path if last >= 0 else "input"
            self.graph.outputs.append((name, last))

    def unused(self) -> None:
        """Expands blocks that nothing instantiates for their mistakes; the nodes are dropped."""
        for name, block in self.architecture.blocks.items():
            if name not in self.instantiated:
                kept, self.graph = self.graph, Graph()
                values = self._body_values(block, {})
                inside = Scope(f"{name}.", block.layers, values, None, 1)
                self.sequence(block.layers, inside, NOWHERE)
                self.graph = kept
