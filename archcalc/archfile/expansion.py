"""From the declaration to the network, in the order of the file: every layer meets its inputs."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from functools import partial
from typing import Any

from archcalc.archfile.budget import Budget, Stop
from archcalc.archfile.building import Bindings, Building
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
    Unknown,
    Word,
    YamlNode,
)
from archcalc.archfile.recursion import Recursion
from archcalc.archfile.references import References
from archcalc.archfile.scope import Hidden, Scope, Target
from archcalc.archfile.sharing import Sharing
from archcalc.archfile.values import read
from archcalc.diagnostics import Fault, Findings, Span
from archcalc.limits import LAYER_LIMIT
from archcalc.network.builder import Wiring
from archcalc.network.layers import Layer
from archcalc.network.layers.base import Part
from archcalc.network.network import (
    INPUT,
    LEFT_OUT,
    NOWHERE,
    SPLIT,
    Changes,
    Network,
    Region,
    RegionKind,
)
from archcalc.network.values import NATURAL, TRUTH, VOLUME
from archcalc.network.volume import Volume


def expand(
    architecture: Architecture,
    findings: Findings,
    variables: Mapping[str, Any] | None = None,
    input: Volume | None = None,
    changes: Changes | None = None,
    limit: int = LAYER_LIMIT,
) -> Network:
    """The network of an architecture; mistakes go to the findings, what they hide stays unknown.

    ``variables`` go before those of the file, and ``input`` before its input. ``changes`` are other
    values of keys, by the place of an entry.
    """
    own = architecture.input or calculated_input(architecture, findings, variables, limit)
    expansion = _Expansion(architecture, findings, limit, own, input, changes)
    try:
        expansion.whole(variables or {})
    except Stop as stop:
        expansion.begin(None)
        expansion.network.is_partial = True
        findings.once(stop.fault, stop.fault.span or Span(1, 1))
    network = expansion.network
    network.is_varied = bool(variables or changes)
    network.steps = expansion.budget.work
    network.rebuilt = partial(_rebuilt, architecture, variables or {}, input, limit)
    return network


def _rebuilt(
    architecture: Architecture,
    values: Mapping[str, Any],
    size: Volume | None,
    limit: int,
    findings: Findings,
    *,
    variables: Mapping[str, Any] | None = None,
    input: Volume | None = None,
    changes: Changes | None = None,
) -> Network:
    """A network of a file, built again (`Rebuild`)."""
    given = values if variables is None else variables
    return expand(architecture, findings, given, input or size, changes, limit)


def calculated_input(
    architecture: Architecture,
    findings: Findings,
    variables: Mapping[str, Any] | None = None,
    limit: int = LAYER_LIMIT,
) -> Volume | None:
    """The input whose sizes are expressions over variables; None where there are none."""
    node = architecture.input_node
    if node is None:
        return None
    wiring, budget = Wiring(Network(), None), Budget(limit)
    building = Building(findings, budget, wiring.interned)
    top = Scope("", [], building.top, input=INPUT, volume=wiring.volume)
    value: Volume | Unknown = UNKNOWN
    try:
        building.variables(architecture, variables or {}, top)
        value = read(VOLUME, building.substituted(node, top))
        if isinstance(value, Unknown) and not findings:
            raise Fault("wrong-value", "depends on its own size")
    except Fault as fault:
        findings.once(fault, node.span, "input ")
    except Stop as stop:
        findings.once(stop.fault, stop.fault.span or node.span)
    return None if isinstance(value, Unknown) else value


class _Expansion:
    def __init__(
        self,
        architecture: Architecture,
        findings: Findings,
        limit: int,
        own: Volume | None,
        input: Volume | None,
        changes: Changes | None,
    ) -> None:
        self.architecture = architecture
        self.findings = findings
        self.budget = Budget(limit)
        self.instantiated: set[str] = set()
        self.split: LayerEntry | None = None  # the last one
        self.recursion = Recursion(findings)
        self.own = own
        self.begin(input or own)
        self.building = Building(findings, self.budget, self.wiring.interned, changes)
        self.references = References(findings, self.budget, self.building)
        self.sharing = Sharing(findings, self.budget, self.building, self.references)

    def begin(self, input: Volume | None) -> None:
        """Starts an empty network with what the file says of it as a whole."""
        net, file = Network(self.architecture.name), self.architecture
        net.description, net.year, net.reference = file.description, file.year, file.reference
        net.source = file.source
        net.input_span = file.input_span
        if self.own:
            net.written_input = self.own
        net.expect, net.budget = file.expect, file.budget
        net.allow, net.published = file.allow, file.published
        net.train, net.train_spans = file.train, file.train_spans
        self.network, self.wiring = net, Wiring(net, input)

    def whole(self, variables: Mapping[str, Any]) -> None:
        file, values = self.architecture, self.building.top
        top = Scope("", file.layers, values, input=INPUT, volume=self._volume)
        self.network.variables = self.building.variables(file, variables, top)
        if file.code:
            pairs = file.code_arguments.items()
            given = {name: self.building.value(node, top, None) for name, (_, node) in pairs}
            self.network.code = file.code._replace(arguments=given)
        self.network.unused_variables = file.unused_variables()
        self.network.unused_blocks = file.unused_blocks()
        last = self.sequence(self.architecture.layers, top, INPUT)
        if not file.outputs and file.layers:
            last = self._whole(last, file.layers[-1], "outputs")
        self.outputs(self.architecture.outputs, top, last)
        if not self.building.changes:  # which are of layers that are used
            self.unused()

    def sequence(self, entries: list[AnyEntry], scope: Scope, feed: int) -> int:
        """Expands entries one after the other; the node of the last output."""
        for entry in entries:
            feed = self.entry(entry, scope, feed)
        return feed

    def entry(self, entry: AnyEntry, scope: Scope, before: int) -> int:
        self.budget.spend(1, entry.span)
        is_in = entry.when is None or self._when(entry.when, scope)
        copies: int | None = 1 if is_in is not False else 0
        if copies and entry.repeat is not None:
            copies = self._repeat(entry.repeat, scope)
        if copies == 0:
            self.references.leave_out(entry, scope)
            return before
        is_known = is_in is not None and copies is not None
        self.recursion.unsure += not is_known
        feeds = self.references.feeds(entry, scope, before)
        if isinstance(entry, LayerEntry) and entry.repeat is None:
            target = self._layer(entry, scope, scope.prefix + entry.name, feeds)
        else:
            target = self._inner(entry, scope, feeds[0], copies)
        self.recursion.unsure -= not is_known
        if not is_known:
            target = Target(NOWHERE, Hidden() if copies is None else target.inner, target.rows)
        if entry.share is not None or entry.frozen is not None:
            self.sharing.apply(entry, scope, self.network, target)
        if entry.named:
            scope.names[entry.name] = target
        return target.output

    def _when(self, node: YamlNode, scope: Scope) -> bool | None:
        """Whether a condition holds; None where a mistake hides that."""
        try:
            value = read(TRUTH, self.building.substituted(node, scope))
        except Fault as fault:
            self.findings.once(fault, node.span, "when ")
            return None
        return None if isinstance(value, Unknown) else value

    def _layer(self, entry: LayerEntry, scope: Scope, path: str, feeds: tuple[int, ...]) -> Target:
        start, inner = len(self.network.nodes), {}
        if entry.branches is not None:
            inner = self._branches(entry, scope, feeds[0], path)
            outputs = [target.output for target in inner.values()]
            feeds = tuple([output for output in outputs if output != LEFT_OUT]) or (NOWHERE,)
            if outputs and feeds == (NOWHERE,) and NOWHERE not in outputs:
                fact = "the `when` of every branch is false: nothing is left to merge"
                self.findings.once(Fault("wrong-value", fact), entry.span_of("branches"))
        layer, activation, words = self.building.layer(entry, scope)
        if layer and layer.is_source:
            feeds = ()
        likes = tuple(self.references.find(word, scope, entry.span) for word in words)
        feeds = tuple([self._whole(feed, entry, "from") for feed in feeds])
        parts = self._rows(entry, path, layer, feeds) if layer else ()
        if not parts:
            self._node(entry, path, layer, activation, feeds, likes)
        rows: list[int] = []
        for part in parts:
            last = activation if part is parts[-1] and activation else part.activation
            row = self.wiring.interned(part.layer) if part.layer else None
            reads = tuple([feeds[read] if read >= 0 else rows[~read] for read in part.reads])
            rows.append(self._node(entry, f"{path}.{part.name}", row, last, reads, likes))
            inner[part.name] = Target(rows[-1], {}, (rows[-1], rows[-1] + 1))
        stop = len(self.network.nodes)
        if inner:
            kind = RegionKind.PARTS if entry.branches is None else RegionKind.MERGE
            self._region(path, start, stop - 1, kind, entry)
        if layer is None and not inner:
            return Target(stop - 1, Hidden(), (start, stop))
        if layer and layer.splits:
            self.split = entry
            return Target(SPLIT, inner, (start, stop))
        return Target(stop - 1, inner, (start, stop))

    def _rows(
        self, entry: LayerEntry, path: str, layer: Layer, feeds: tuple[int, ...]
    ) -> tuple[Part, ...]:
        try:
            return layer.rows(self.wiring.volumes(feeds))
        except Fault as fault:
            self.findings.fault(fault, entry.span_of(fault.key), layer=path)
            return layer.rows(None)

    def _whole(self, index: int, entry: AnyEntry, key: str) -> int:
        """A node, which a split is none: what follows it, or ends with it, must name a part."""
        if index != SPLIT:
            return index
        assert self.split is not None
        fact = "a split has an output for each of its parts, and none of its own"
        part = f"{self.split.name}.0"
        hint = {
            "from": f"name the part that is read, such as `from: {part}`",
            "outputs": f"name what is read of it, such as `outputs: [{part}]`",
            "end": f"end with one of its parts, such as `{{type: identity, from: {part}}}`",
        }[key]
        if not self.split.named:
            hint = "give the split a `name`, under which its parts are read"
        self.findings.once(Fault("missing-key", fact, suggestions=(hint,)), entry.span)
        return NOWHERE

    def _sequence(self, entries: list[AnyEntry], scope: Scope, feed: int) -> int:
        """The entries of a group, a block or a branch, which has one output."""
        output = self.sequence(entries, scope, feed)
        return self._whole(output, entries[-1], "end") if entries else output

    def _branches(self, entry: LayerEntry, scope: Scope, feed: int, path: str) -> dict[str, Target]:
        found = {}
        for branch in entry.branches or ():
            at, start = f"{path}.{branch.name}", len(self.network.nodes)
            is_in = branch.when is None or self._when(branch.when, scope)
            if is_in is False:
                prefix = f"{at[len(scope.prefix) :]}."
                found[branch.name] = self.references.left_out(entry, scope, prefix, branch.layers)
                continue
            feed = self._whole(feed, entry, "from")
            inside = self._below(entry, scope, f"{at}.", branch.layers)
            self.recursion.unsure += is_in is None
            output = self._sequence(branch.layers, inside, feed)
            self.recursion.unsure -= is_in is None
            self._region(at, start, output, RegionKind.BRANCH, entry)
            rows = start, len(self.network.nodes)
            found[branch.name] = Target(output if is_in else NOWHERE, inside.names, rows)
        return found

    def _below(self, entry: Entry, scope: Scope, prefix: str, entries: list[AnyEntry]) -> Scope:
        self.budget.enter(scope.depth, prefix, entry.span)
        return scope.below(prefix, entries)

    def _volume(self, index: int) -> Volume | None:
        return self.wiring.volume(index)

    def _node(
        self,
        entry: LayerEntry,
        path: str,
        layer: Layer | None,
        activation: str | None,
        feeds: tuple[int, ...],
        likes: tuple[int, ...],
    ) -> int:
        nodes, index = self.network.nodes, len(self.network.nodes)
        try:
            self.wiring.add(path, layer, activation, feeds, likes, entry.origin)
        except Fault as fault:
            self.findings.fault(fault, entry.span_of(fault.key), layer=path)
        names = len(path) + sum([len(nodes[feed].path) for feed in feeds if feed > INPUT])
        self.budget.spend_text(names, entry.span)
        self.budget.check_layers(index, entry.span)
        return index

    def _inner(self, entry: AnyEntry, scope: Scope, feed: int, copies: int | None) -> Target:
        """Expands what has a region of its own: a group, an instance, or copies."""
        path, start = scope.prefix + entry.name, len(self.network.nodes)
        feed = self._whole(feed, entry, "from")
        if entry.repeat is None:
            target = self._copy(entry, scope, path, feed, {}, True, True)
        else:
            target = self._copies(entry, scope, path, feed, copies)
        block = self._block(entry, scope, UNKNOWN)
        self._region(path, start, target.output, RegionKind.GROUP, entry, block)
        return Target(target.output, target.inner, (start, len(self.network.nodes)))

    def _copies(
        self, entry: AnyEntry, scope: Scope, path: str, feed: int, copies: int | None
    ) -> Target:
        start, inner = len(self.network.nodes), dict[str, Target]()
        values: dict[Hashable, Bindings] = {}
        is_layer, other_last = isinstance(entry, LayerEntry), getattr(entry, "last", None)
        pattern: Pattern | None = None
        for copy in range(1 if copies is None else copies):
            at, begin, last = f"{path}.{copy}", len(self.network.nodes), copy + 1 == copies
            prefix = at if is_layer else f"{at}."
            is_other = entry.uses_copy or (last and other_last)
            if pattern and not is_other and self._repeats(pattern, prefix, feed):
                target = pattern.repeated(self.network, prefix, feed)
            else:
                mark = Mark.of(self.network, self.budget.work)
                inside = scope.at_copy(UNKNOWN if copies is None else copy)
                target = self._copy(entry, inside, at, feed, values, copy == 0, last)
                stop = Mark.of(self.network, self.budget.work)
                is_known = all(node.shape for node in self.network.nodes[begin:])
                is_like_others = copy > 0 and not is_other and feed >= start and is_known
                pattern = Pattern(prefix, mark, stop, feed, *target[:2]) if is_like_others else None
            if not is_layer:
                block = self._block(entry, scope, UNKNOWN if copies is None else copy)
                self._region(at, begin, target.output, RegionKind.COPY, entry, block)
            rows = begin, len(self.network.nodes)
            inner[str(copy)] = Target(target.output, target.inner, rows)
            feed = target.output
        return Target(feed, Hidden() if copies is None else inner)

    def _copy(
        self,
        entry: AnyEntry,
        scope: Scope,
        path: str,
        feed: int,
        values: dict[Hashable, Bindings],
        first: bool,
        last: bool,
    ) -> Target:
        """Expands one copy. ``values`` holds what the copies of a block see that see the same."""
        if isinstance(entry, LayerEntry):
            self.budget.spend(1, entry.span)
            layer_type = self.building.layer_type(entry, scope)
            reads_nothing = layer_type is not None and layer_type.is_source
            return self._layer(entry, scope, path, () if reads_nothing else (feed,))
        prefix = f"{path}."
        if isinstance(entry, GroupEntry):
            inside = self._below(entry, scope, prefix, entry.layers)
        else:
            block = self.building.block(entry, scope, self.architecture.blocks)
            if block is None:
                self.network.is_partial = True
                return Target(NOWHERE, Hidden())
            first, last = first and bool(entry.first), last and bool(entry.last)
            self.instantiated.add(block.name)
            if not self.recursion.enters(block, scope.depth, entry.span_of("block")):
                self.network.is_partial = True
                return Target(NOWHERE, Hidden())
            self.budget.enter(scope.depth, prefix, entry.span)
            inside = scope.body(prefix, block.layers, self.building.top, feed)
            known = (first, last, self._volume(feed) if block.reads_sizes else None)
            if entry.uses_copy or known not in values:
                values[known] = self.building.arguments(
                    entry, block, scope, inside, first=first, last=last
                )
            inside.values = values[known]
        target = Target(self._sequence(inside.entries, inside, feed), inside.names)
        if isinstance(entry, BlockEntry):
            self.recursion.leave()
        return target

    def _repeats(self, pattern: Pattern, prefix: str, feed: int) -> bool:
        """Whether a copy can be made from another, and is paid for."""
        if len(prefix) != len(pattern.prefix):  # longer paths cost more
            return False
        if self.wiring.volume(feed) != self.wiring.volume(pattern.feed):
            return False
        return self.budget.afforded(pattern.work, len(self.network.nodes) - 1 + pattern.layers)

    def _block(self, entry: AnyEntry, scope: Scope, copy: int | Unknown) -> str | None:
        """The name of the block that an entry, or one of its copies, is an instance of."""
        if not isinstance(entry, BlockEntry):
            return None
        if entry.choice is None:
            return entry.block
        inside = scope if entry.repeat is None else scope.at_copy(copy)
        block = self.building.block(entry, inside, self.architecture.blocks)
        return block.name if block else None

    def _region(
        self,
        path: str,
        start: int,
        output: int,
        kind: RegionKind,
        entry: Entry,
        block: str | None = None,
    ) -> None:
        stop = len(self.network.nodes)
        self.network.regions.append(Region(path, start, stop, output, kind, block, entry.origin))

    def _repeat(self, node: YamlNode, scope: Scope) -> int | None:
        """The number of copies; None where a mistake hides it."""
        try:
            copies = read(NATURAL, self.building.substituted(node, scope))
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
                self.network.outputs.append(
                    (
                        node.text,
                        self.references.find(Word(node.text, span=node.span), top, node.span),
                    )
                )
        if not names:
            name = self.network.nodes[last].path if last >= 0 else "input"
            self.network.outputs.append((name, last))

    def unused(self) -> None:
        """Expands blocks that nothing instantiates for their mistakes; the nodes are dropped."""
        for name, block in self.architecture.blocks.items():
            if name not in self.instantiated:
                kept = self.network, self.wiring
                self.begin(None)
                top, prefix = self.building.top, f"{name}."
                inside = Scope(
                    prefix, block.layers, top, None, 1, input=NOWHERE, volume=self._volume
                )
                self.building.body(block, {}, inside)
                self.recursion.enters(block, 0, block.span)
                self._sequence(block.layers, inside, NOWHERE)
                self.recursion.leave()
                self.network, self.wiring = kept
