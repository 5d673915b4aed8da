"""Modules that are alike as instances of one block, inner classes first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from archcalc.importers.arguments import ArgumentInference
from archcalc.importers.calls import joined
from archcalc.importers.clusters import clusters, named
from archcalc.importers.outline import (
    CONTAINERS,
    CallItem,
    EntryItem,
    Group,
    Item,
    MergeItem,
    opened,
    sequences,
    with_sequences,
)
from archcalc.importers.parameters import BlockParameter
from archcalc.importers.repeats import all_repeated, repeated
from archcalc.importers.slots import OUTER, Incompatible, Slot, Template, TemplateBody, heads
from archcalc.importers.wiring import wire
from archcalc.network.network import Network
from archcalc.record import Record

Place = tuple[int, int, str]


class Outer(Record):
    """A place in a block where a row outside is read, with what it is in each body."""

    slot: Slot
    at: int | str
    nodes: list[int | None]


class BlockTemplate(Template):
    """A template with a name and arguments; ``words`` are those that name a layer.

    Raises:
        Incompatible: where the bodies cannot be written as one.
    """

    def __init__(self, number: int, groups: list[Group], network: Network) -> None:
        bodies = [TemplateBody(g.items, g.feed, g.start, g.stop) for g in groups]
        super().__init__(bodies)
        self.number = number
        self.groups = groups
        self.kind = groups[0].kind
        self.name = ""
        self.words: dict[str, list[Any]] = {}
        wire(self)
        self._name_words()
        inference = ArgumentInference(self.lines, bodies, network)
        inference.run()
        self.parameters: list[BlockParameter] = inference.parameters
        self.defaults = {p.name: p.default for p in self.parameters if p.default is not None}

    @property
    def size(self) -> int:
        """How much there is to read."""
        return sum(1 for _ in self.lines.all()) + 2 * len(self.parameters)

    def arguments(self, index: int) -> Mapping[str, Any]:
        """The values of the arguments in one body."""
        return {parameter.name: parameter.values[index] for parameter in self.parameters}

    def _name_words(self) -> None:
        """Arguments for the rows outside that the bodies read.

        Raises:
            Incompatible: where one is read by what is not in all bodies.
        """
        for reads in self.outer():
            if len(reads.nodes) < len(self.bodies) or None in reads.nodes:
                raise Incompatible
            word = next((w for w, nodes in self.words.items() if nodes == reads.nodes), None)
            if word is None:
                word = "other" if not self.words else f"other{len(self.words) + 1}"
                self.words[word] = reads.nodes
            ways: Any = reads.slot.words if isinstance(reads.at, str) else reads.slot.sources
            ways[reads.at] = (OUTER, word)

    def outer(self) -> Iterator[Outer]:
        """The places where a row outside is read."""
        for slot in self.lines.all():
            if slot.share == (OUTER,):
                raise Incompatible
            items = list(slot.items.values())
            for place, way in enumerate(slot.sources or ()):
                if way == (OUTER,):
                    yield Outer(slot, place, [read_at(item, place) for item in items])
            for word, way in slot.words.items():
                if way == (OUTER,):
                    calls = [item for item in items if isinstance(item, CallItem)]
                    yield Outer(slot, word, [c.block.words[word][c.copies[0]] for c in calls])


def read_at(item: Item, place: int) -> int | None:
    """A row that a statement reads; the only one, or one of several."""
    if isinstance(item, EntryItem) and len(item.inputs) > 1:
        return item.inputs[place]
    return item.feed


def levels(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """The items with a level for each group: classes that stand inside others have lower ones."""
    heights: dict[tuple[Any, ...], list[int]] = {}

    def measure(item: Item, start: int = 0) -> tuple[int, dict[str, int]]:
        height, nested = 0, dict[str, int]()
        for sequence in sequences(item):
            for inner in sequence:
                h, kinds = measure(inner)
                height = max(height, h)
                for kind, depth in kinds.items():
                    nested[kind] = max(nested.get(kind, 0), depth)
        if isinstance(item, Group):
            height += 1
            own = nested.get(item.kind, 0) + 1
            nested[item.kind] = own
            key = _key(item, height, own)
            heights.setdefault(key, [0, item.start])
            heights[key][0] = max(heights[key][0], height)
            keys[(item.start, item.stop, id(item))] = key
        return height, nested

    keys: dict[Any, tuple[Any, ...]] = {}
    for item in items:
        measure(item)
    order = sorted(heights, key=lambda key: (*heights[key], str(key)))
    ranks = {key: rank for rank, key in enumerate(order, 1)}

    def marked(item: Item) -> Item:
        made = with_sequences(item, [tuple(map(marked, s)) for s in sequences(item)])
        if isinstance(made, Group):
            return made._replace(level=ranks[keys[(item.start, item.stop, id(item))]])
        return made

    return tuple(map(marked, items))


def _key(group: Group, height: int, own: int) -> tuple[Any, ...]:
    if group.kind in CONTAINERS:
        return ("", height)
    return (group.kind, own)


def groups(items: Iterable[Item]) -> Iterator[Group]:
    """All groups, outer ones first."""
    for item in items:
        if isinstance(item, Group):
            yield item
        for sequence in sequences(item):
            yield from groups(sequence)


class BlockFinder:
    """Puts calls in the place of groups, level by level."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.blocks: list[BlockTemplate] = []

    def fold(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        items = self.tidy(levels(items), {}, 0)
        for level in sorted({group.level for group in groups(items) if group.level}):
            found = [group for group in groups(items) if group.level == level]
            calls: dict[Place, CallItem] = {}
            for cluster in clusters(found):
                self._convert(cluster, calls)
            items = self.tidy(items, calls, level)
        return items

    def tidy(
        self,
        items: tuple[Item, ...],
        calls: Mapping[Place, CallItem],
        level: int,
        is_waiting: bool = False,
    ) -> tuple[Item, ...]:
        """The items with calls for groups, and copies put together.

        Groups up to a level that no block stands for, and that say nothing, are opened. Inside of
        others, which are ``waiting``, nothing is put together: whether that helps is seen then.
        """
        made: list[Item] = []
        for item in items:
            if isinstance(item, Group) and item.level == level and _place(item) in calls:
                made.append(calls[_place(item)])
                continue
            waits = is_waiting or (isinstance(item, Group) and item.level > level)
            inside = [self.tidy(s, calls, level, waits) for s in sequences(item)]
            whole = with_sequences(item, inside)
            if isinstance(whole, Group) and whole.level <= level:
                made += opened(whole) if _is_plain(whole) else [whole._replace(level=0)]
            else:
                made.append(whole)
        return tuple(made) if is_waiting else repeated(joined(tuple(made)))

    def _convert(self, cluster: list[Group], calls: dict[Place, CallItem]) -> None:
        """Makes a block of a cluster, or of the parts of it that are quite the same."""
        if len(cluster) < 2:
            return
        block = self._block(cluster)
        if block is None:
            parts: dict[Any, list[Group]] = {}
            for group in cluster:
                parts.setdefault(heads(group.items), []).append(group)
            if len(parts) > 1:
                for part in parts.values():
                    self._convert(part, calls)
            return
        if sum(1 for _ in block.lines.all()) < 2:
            return
        self.blocks.append(block)
        for index, group in enumerate(cluster):
            calls[_place(group)] = CallItem(
                group.path,
                group.start,
                group.stop,
                block,
                (index,),
                group.feed,
                group.share,
                group.is_owner,
            )

    def _block(self, cluster: list[Group]) -> BlockTemplate | None:
        """The block for a cluster, with or without runs in it put together, whichever is less."""
        outer = not any(map(_has_two, cluster))
        made: list[BlockTemplate] = []
        plain = [group._replace(items=named(group.items, outer)) for group in cluster]
        runs = [all_repeated(group.items) for group in cluster]
        copied = [g._replace(items=named(run, outer)) for g, run in zip(cluster, runs, strict=True)]
        sizes = [sum(len(group.items) for group in groups) for groups in (plain, copied)]
        for groups in (plain, copied) if sizes[0] <= 4 * sizes[1] else (copied,):
            with suppress(Incompatible):
                made.append(BlockTemplate(len(self.blocks), groups, self.network))
        return min(made, key=lambda block: block.size, default=None)


def _has_two(group: Group) -> bool:
    """Whether a merge in a group has several branches, one of which may be empty elsewhere."""
    return any(
        isinstance(item, MergeItem)
        and item.entry.layer.type != "concat"
        and sum(bool(branch.items) for branch in item.branches) > 1
        for item in group.items
    )


def _place(group: Group) -> Place:
    return group.start, group.stop, group.kind


def _is_plain(group: Group) -> bool:
    """Whether a group says no more than what is in it."""
    if group.repeat > 1 or group.share or group.is_owner:
        return False
    has_name = any(not word.isdigit() for word in group.path)
    return group.kind in CONTAINERS or len(group.items) < 3 or not has_name
