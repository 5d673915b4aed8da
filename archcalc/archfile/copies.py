"""Copies of a group or block: one is expanded, and those after it are made from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from archcalc.archfile.budget import Budget
from archcalc.archfile.placement import Placement
from archcalc.archfile.scope import Target
from archcalc.network.network import Network, Node, Region
from archcalc.record import Record


class Series:
    """The copies of one entry, in order: each is made from one before it, or expanded."""

    def __init__(self, placement: Placement, budget: Budget) -> None:
        self.placement = placement
        self.budget = budget
        self.first = placement.stop
        self._start = self._mark()
        self._pattern: Pattern | None = None

    def repeated(self, prefix: str, feed: int) -> Target | None:
        """Makes a copy from another and pays for it, or None where it must be expanded."""
        pattern, placement = self._pattern, self.placement
        if not pattern or len(prefix) != len(pattern.prefix):  # longer paths cost more
            return None
        if placement.volume(feed) != placement.volume(pattern.feed):
            return None
        if not self.budget.afforded(pattern.work, placement.stop - 1 + pattern.layers):
            return None
        return pattern.repeated(placement.network, prefix, feed)

    def starts(self) -> None:
        """A copy is going to be expanded."""
        self._start = self._mark()

    def stops(self, prefix: str, feed: int, target: Target, *, is_other: bool) -> None:
        """The copy is expanded; ``is_other``: those after it may not be like it."""
        start, stop = self._start, self._mark()
        nodes = self.placement.network.nodes[start.nodes :]
        is_pattern = not is_other and feed >= self.first and all(node.shape for node in nodes)
        self._pattern = Pattern(prefix, start, stop, feed, *target[:2]) if is_pattern else None

    def _mark(self) -> Mark:
        network = self.placement.network
        return Mark(len(network.nodes), len(network.regions), self.budget.work)


class Mark(Record):
    """How far a network and its budget are before a copy is expanded."""

    nodes: int
    regions: int
    work: int


class Pattern(Record):
    """A copy that was expanded between two marks. Further ones differ in paths and feed alone.

    They see the same arguments and a feed of the same volume, and no name leads from one copy into
    another: what a layer of one reads is inside it, or its ``feed``, or before all copies and the
    same for each.
    """

    prefix: str
    start: Mark
    stop: Mark
    feed: int
    output: int
    names: Mapping[str, Target]

    @property
    def work(self) -> int:
        return self.stop.work - self.start.work

    @property
    def layers(self) -> int:
        return self.stop.nodes - self.start.nodes

    def repeated(self, network: Network, prefix: str, feed: int) -> Target:
        """Adds one more copy to the network; its output and names."""
        (first, regions, _), stop, cut = self.start, self.stop, len(self.prefix)
        before, by = self.feed, len(network.nodes) - first
        move = Move(first, by, before, feed)
        add = network.nodes.append
        for path, layer, activation, inputs, likes, shape, origin, shares, frozen in network.nodes[
            first : stop.nodes
        ]:
            if len(inputs) == 1:  # of most
                at = inputs[0]
                inputs = (at + by,) if at >= first else (feed,) if at == before else inputs
            else:
                inputs = tuple([move.moved(at) for at in inputs])
            if likes:
                likes = tuple([move.moved(at) for at in likes])
            if shares is not None and shares >= first:
                shares += by
            path = prefix + path[cut:]
            add(Node(path, layer, activation, inputs, likes, shape, origin, shares, frozen))
        for region in network.regions[regions : stop.regions]:
            network.regions.append(move.region(region, prefix, cut))
        return Target(move.moved(self.output), Moved(self.names, move))


class Move(Record):
    """Nodes from ``first`` on are ``by`` further, and ``feed`` stands for what fed the pattern."""

    first: int
    by: int
    before: int
    feed: int

    def moved(self, index: int) -> int:
        if index >= self.first:
            return index + self.by
        return self.feed if index == self.before else index

    def region(self, region: Region, prefix: str, cut: int) -> Region:
        path, start, stop, output, kind, block, origin = region
        return Region(
            prefix + path[cut:],
            start + self.by,
            stop + self.by,
            self.moved(output),
            kind,
            block,
            origin,
        )


class Moved(Mapping[str, Target]):
    """The names inside a copy, found when they are asked for: few ever are."""

    def __init__(self, names: Mapping[str, Target], move: Move) -> None:
        self._names = names
        self._move = move

    def __getitem__(self, name: str) -> Target:
        output, inner, (start, stop) = self._names[name]
        move = self._move
        by = move.by if start >= move.first else 0
        return Target(
            move.moved(output), Moved(inner, move) if inner else inner, (start + by, stop + by)
        )

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)
