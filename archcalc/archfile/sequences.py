"""Lists of entries: each becomes layers, a group, an instance of a block, or copies of these."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

from archcalc.archfile.budget import Budget
from archcalc.archfile.building import Bindings, Building
from archcalc.archfile.copies import Series
from archcalc.archfile.declaration import (
    AnyEntry,
    Architecture,
    Block,
    BlockEntry,
    Entry,
    GroupEntry,
    LayerEntry,
)
from archcalc.archfile.nodes import UNKNOWN, Unknown, YamlNode
from archcalc.archfile.placement import Placement
from archcalc.archfile.recursion import Recursion
from archcalc.archfile.references import References
from archcalc.archfile.scope import Hidden, Scope, Target
from archcalc.archfile.sharing import Sharing
from archcalc.archfile.values import read
from archcalc.diagnostics import Fault, Findings
from archcalc.network.network import INPUT, LEFT_OUT, NOWHERE, SEVERAL, SPLIT, RegionKind
from archcalc.network.values import NATURAL, TRUTH

if TYPE_CHECKING:
    from archcalc.archfile.settings import KeySettings


class Sequences:
    """Expands entries one after the other; ``instantiated`` are the blocks that were.

    ``settings`` are other values of their keys.
    """

    def __init__(
        self,
        architecture: Architecture,
        findings: Findings,
        budget: Budget,
        building: Building,
        placement: Placement,
    ) -> None:
        self.architecture = architecture
        self.findings = findings
        self.budget = budget
        self.building = building
        self.placement = placement
        self.references = References(findings, budget, building)
        self.sharing = Sharing(findings, budget, building, self.references)
        self.recursion = Recursion(findings)
        self.instantiated: set[str] = set()
        self.settings: KeySettings | None = None

    def expand(self, entries: list[AnyEntry], scope: Scope, feed: int) -> int:
        """Expands a list of entries; the node of the last output."""
        for entry in entries:
            feed = self._entry(entry, scope, feed)
        return feed

    def of_block(self, block: Block, inside: Scope, feed: int) -> None:
        """Expands the body of a block without an instance."""
        self.building.body(block, {}, inside)
        self.recursion.enters(block, 0, block.span)
        self._inside(block.layers, inside, feed)
        self.recursion.leave()

    def _entry(self, entry: AnyEntry, scope: Scope, before: int) -> int:
        self.budget.spend(1, entry.span)
        is_in = entry.when is None or self._when(entry.when, scope)
        if self.settings:
            entry = self.settings.of(entry, scope.prefix + entry.name, is_in=is_in is not False)
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
            self.sharing.apply(entry, scope, self.placement.network, target)
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
        start, inner = self.placement.stop, dict[str, Target]()
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
        likes = tuple([self.references.find(word, scope, entry.span) for word in words])
        if min(feeds, default=INPUT) < LEFT_OUT:
            feeds = tuple([self.placement.whole(feed, entry, "from") for feed in feeds])
        inner |= self.placement.layer(entry, path, layer, activation, feeds, likes)
        stop = self.placement.stop
        if inner:
            kind = RegionKind.PARTS if entry.branches is None else RegionKind.MERGE
            self.placement.region(path, start, stop - 1, kind, entry)
        if layer is None and not inner:
            return Target(stop - 1, Hidden(), (start, stop))
        if layer and layer.splits:
            self.placement.split = entry
            return Target(SPLIT, inner, (start, stop))
        return Target(stop - 1, inner, (start, stop))

    def _inside(self, entries: list[AnyEntry], scope: Scope, feed: int) -> int:
        """The entries of a group, a block or a branch, which has one output."""
        output = self.expand(entries, scope, feed)
        return self.placement.whole(output, entries[-1], "end") if entries else output

    def _branches(self, entry: LayerEntry, scope: Scope, feed: int, path: str) -> dict[str, Target]:
        found = {}
        for branch in entry.branches or ():
            at, start = f"{path}.{branch.name}", self.placement.stop
            is_in = branch.when is None or self._when(branch.when, scope)
            if is_in is False:
                prefix = f"{at[len(scope.prefix) :]}."
                found[branch.name] = self.references.left_out(entry, scope, prefix, branch.layers)
                continue
            if feed != SEVERAL:
                feed = self.placement.whole(feed, entry, "from")
            inside = self._below(entry, scope, f"{at}.", branch.layers)
            self.recursion.unsure += is_in is None
            output = self._inside(branch.layers, inside, feed)
            self.recursion.unsure -= is_in is None
            self.placement.region(at, start, output, RegionKind.BRANCH, entry)
            rows = start, self.placement.stop
            found[branch.name] = Target(output if is_in else NOWHERE, inside.names, rows)
        return found

    def _below(self, entry: Entry, scope: Scope, prefix: str, entries: list[AnyEntry]) -> Scope:
        self.budget.enter(scope.depth, prefix, entry.span)
        return scope.below(prefix, entries)

    def _inner(self, entry: AnyEntry, scope: Scope, feed: int, copies: int | None) -> Target:
        """Expands what has a region of its own: a group, an instance, or copies."""
        path, start = scope.prefix + entry.name, self.placement.stop
        if feed != SEVERAL or not isinstance(entry, GroupEntry):
            feed = self.placement.whole(feed, entry, "from")
        if entry.repeat is None:
            target = self._copy(entry, scope, path, feed, {}, True, True)
        else:
            target = self._copies(entry, scope, path, feed, copies)
        block = self._block(entry, scope, UNKNOWN)
        self.placement.region(path, start, target.output, RegionKind.GROUP, entry, block)
        return Target(target.output, target.inner, (start, self.placement.stop))

    def _copies(
        self, entry: AnyEntry, scope: Scope, path: str, feed: int, copies: int | None
    ) -> Target:
        inner = dict[str, Target]()
        values: dict[Hashable, Bindings] = {}
        is_layer, other_last = isinstance(entry, LayerEntry), getattr(entry, "last", None)
        series = Series(self.placement, self.budget)
        differ = self.settings is not None and self.settings.inside(path)
        for copy in range(1 if copies is None else copies):
            at, start, last = f"{path}.{copy}", self.placement.stop, copy + 1 == copies
            prefix = at if is_layer else f"{at}."
            is_other = entry.uses_copy or differ or (last and bool(other_last))
            target = None if is_other else series.repeated(prefix, feed)
            if target is None:
                series.starts()
                inside = scope.at_copy(UNKNOWN if copies is None else copy)
                own = self.settings.of_copy(entry, at) if self.settings else entry
                known = values if own is entry else {}
                target = self._copy(own, inside, at, feed, known, copy == 0, last)
                series.stops(prefix, feed, target, is_other=is_other or copy == 0)
            if not is_layer:
                block = self._block(entry, scope, UNKNOWN if copies is None else copy)
                self.placement.region(at, start, target.output, RegionKind.COPY, entry, block)
            inner[str(copy)] = Target(target.output, target.inner, (start, self.placement.stop))
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
                self.placement.network.is_partial = True
                return Target(NOWHERE, Hidden())
            first, last = first and bool(entry.first), last and bool(entry.last)
            self.instantiated.add(block.name)
            if not self.recursion.enters(block, scope.depth, entry.span_of("block")):
                self.placement.network.is_partial = True
                return Target(NOWHERE, Hidden())
            self.budget.enter(scope.depth, prefix, entry.span)
            inside = scope.body(prefix, block.layers, self.building.top, feed)
            known = (first, last, self.placement.volume(feed) if block.reads_sizes else None)
            if entry.uses_copy or known not in values:
                values[known] = self.building.arguments(
                    entry, block, scope, inside, first=first, last=last
                )
            inside.values = values[known]
            output = self._body(entry, inside, feed)
            self.recursion.leave()
            return Target(output, inside.names)
        return Target(self._inside(inside.entries, inside, feed), inside.names)

    def _body(self, entry: BlockEntry, inside: Scope, feed: int) -> int:
        return self._inside(inside.entries, inside, feed)

    def _block(self, entry: AnyEntry, scope: Scope, copy: int | Unknown) -> str | None:
        """The name of the block that an entry, or one of its copies, is an instance of."""
        if not isinstance(entry, BlockEntry):
            return None
        if entry.choice is None:
            return entry.block
        inside = scope if entry.repeat is None else scope.at_copy(copy)
        block = self.building.block(entry, inside, self.architecture.blocks)
        return block.name if block else None

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
