"""A sequence as it is written once for several bodies: what stands in each, one below the other."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

from archcalc.importers.outline import CallItem, EntryItem, Group, Item, MergeItem, output
from archcalc.record import Record

PREVIOUS = "previous"
INPUT = "input"
OUTER = "outer"
Way = tuple[Any, ...]
"""How a row is named: one of the words above, or a slot and the steps that lead inside it."""


class Incompatible(Exception):
    """Bodies that cannot be written as one."""


class TemplateBody(Record):
    """What a block stands for in one place, or the whole network."""

    items: tuple[Item, ...]
    feed: int | None
    start: int
    stop: int


class Slot:
    """One statement: the items that it stands for, by the index of their bodies."""

    def __init__(self, items: dict[int, Item], around: Lines) -> None:
        self.items = items
        self.around = around
        self.inside: list[Lines] = []
        self.name: str | None = None
        self.is_named = False
        self.sources: list[Way] | None = None
        self.words: dict[str, Way] = {}
        self.values: dict[Any, Any] = {}
        self.when: str | None = None
        self.share: Way | None = None

    @property
    def any(self) -> Item:
        return next(iter(self.items.values()))

    @property
    def is_repeated(self) -> bool:
        return any(item.repeat > 1 for item in self.items.values())


class Lines:
    """The slots of a body, a group or a branch, in order."""

    def __init__(self, slot: Slot | None, name: str | None = None) -> None:
        self.slot = slot
        self.name = name
        self.slots: list[Slot] = []

    def around(self) -> Iterator[Lines]:
        """This one and those around it."""
        lines: Lines | None = self
        while lines is not None:
            yield lines
            lines = lines.slot.around if lines.slot else None

    def all(self) -> Iterator[Slot]:
        """The slots here and inside them, in order."""
        for slot in self.slots:
            yield slot
            for lines in slot.inside:
                yield from lines.all()


def head(item: Item) -> Hashable:
    """What items have in common that one statement can stand for."""
    if isinstance(item, CallItem):
        return "block", item.block.number, item.share is None
    if isinstance(item, Group):
        return "group", item.kind, item.share is None
    entry = item.entry if isinstance(item, MergeItem) else item
    layer = entry.layer
    keys = layer.keys()
    unset = [name for name in keys if getattr(layer, name) is None]
    several = len(entry.inputs) > 1 if layer.merges else None
    branches = len(item.branches) if isinstance(item, MergeItem) else 0
    return (
        layer.type,
        entry.activation is None,
        several,
        branches,
        entry.shares is None,
        entry.frozen,
        *unset,
    )


def heads(items: Sequence[Item]) -> tuple[Hashable, ...]:
    """The heads of items and of all that is inside them, in order."""
    found: list[Hashable] = []
    for item in items:
        found.append(head(item))
        if isinstance(item, Group):
            found += [*heads(item.items), "end"]
        elif isinstance(item, MergeItem):
            for branch in item.branches:
                found += [*heads(branch.items), "end"]
    return tuple(found)


class SlotColumn(Record):
    """Items of several bodies that one statement can stand for."""

    head: Hashable
    items: dict[int, Item]


def aligned(sequences: dict[int, tuple[Item, ...]], lines: Lines) -> Lines:
    """Fills lines with slots for the items of several bodies, by the index of their bodies."""
    columns: list[SlotColumn] = []
    known: dict[tuple[Hashable, ...], list[SlotColumn]] = {}
    for index, items in sequences.items():
        own = tuple([head(item) for item in items])
        if own not in known:
            known[own] = _columns(columns, own)
        for column, item in zip(known[own], items, strict=True):
            column.items[index] = item
    for column in columns:
        slot = Slot(column.items, lines)
        lines.slots.append(slot)
        _align_inside(slot)
    return lines


def _columns(columns: list[SlotColumn], own: tuple[Hashable, ...]) -> list[SlotColumn]:
    """The column for each of these heads, with new ones where there was none."""
    there = [column.head for column in columns]
    matching = SequenceMatcher(None, there, own, autojunk=False).get_matching_blocks()
    found, merged, at, mine = list[SlotColumn](), list[SlotColumn](), 0, 0
    for a, b, size in matching:
        merged += columns[at:a]
        new = [SlotColumn(one, {}) for one in own[mine:b]]
        same = columns[a : a + size]
        merged += new + same
        found += new + same
        at, mine = a + size, b + size
    columns[:] = merged
    return found


def _align_inside(slot: Slot) -> None:
    if isinstance(slot.any, Group):
        groups = {i: item.items for i, item in slot.items.items() if isinstance(item, Group)}
        slot.inside = [aligned(groups, Lines(slot))]
    elif isinstance(slot.any, MergeItem):
        merges = {i: item for i, item in slot.items.items() if isinstance(item, MergeItem)}
        for place in range(len(slot.any.branches)):
            branches = {i: merge.branches[place] for i, merge in merges.items()}
            name = next((branch.name for branch in branches.values() if branch.name), None)
            sequences = {i: branch.items for i, branch in branches.items()}
            slot.inside.append(aligned(sequences, Lines(slot, name)))


class Template:
    """Bodies that are written as one: their slots, and where each of their rows is."""

    def __init__(self, bodies: list[TemplateBody]) -> None:
        self.bodies = bodies
        self.lines = aligned({i: body.items for i, body in enumerate(bodies)}, Lines(None))
        self._owners: dict[int, dict[int, Slot]] = {}

    def owner(self, index: int, node: int) -> Slot | None:
        """The innermost slot that a row of a body belongs to; of copies the first has slots."""
        if index not in self._owners:
            owners: dict[int, Slot] = {}
            for slot in self.lines.all():
                item = slot.items.get(index)
                if item is not None:  # what is inside comes later, and goes before
                    owners.update(dict.fromkeys(range(item.start, item.stop), slot))
            self._owners[index] = owners
        return self._owners[index].get(node)

    def way(self, index: int, node: int, reader: Slot | None = None) -> Way | None:
        """How a slot, or what is outside, names a row of a body; None where it is not in it."""
        slot = self.owner(index, node)
        if slot is None:
            return None
        sights = set(reader.around.around()) if reader else {self.lines}
        while slot.around not in sights:
            assert slot.around.slot is not None
            slot = slot.around.slot
        return (slot, *self.steps(slot, index, node))

    def way_to(self, index: int, span: tuple[int, int], reader: Slot) -> Way:
        """How a slot names the statement of these rows.

        Raises:
            Incompatible: where no statement has just these.
        """
        slot = self.owner(index, span[1] - 1)
        while slot and (slot.items[index].start, slot.items[index].stop) != span:
            slot = slot.around.slot
        if slot is None:
            raise Incompatible
        sights, way = set(reader.around.around()), [slot]
        while way[0].around not in sights:
            assert way[0].around.slot is not None
            if isinstance(way[0].around.slot.any, MergeItem):
                raise Incompatible
            way.insert(0, way[0].around.slot)
        return tuple(way)

    def steps(self, slot: Slot, index: int, node: int) -> Way:
        """The steps from a slot to a row inside it: copies and parts, branches, slots."""
        item = slot.items[index]
        if node == output(item):
            return ()
        if isinstance(item, EntryItem):
            return _steps_of_entry(item, slot.is_repeated, node)
        if isinstance(item, CallItem):
            return self._steps_of_call(item, slot.is_repeated, node)
        length = (item.stop - item.start) // item.repeat
        copy, place = divmod(node - item.start, length)
        before: Way = (copy,) if slot.is_repeated else ()
        if place == length - 1:
            return before
        inner = self.owner(index, item.start + place)
        while inner is not None and inner.around.slot is not slot:
            inner = inner.around.slot
        assert inner is not None
        branch: Way = (inner.around,) if isinstance(item, MergeItem) else ()
        return (*before, *branch, inner, *self.steps(inner, index, item.start + place))

    def _steps_of_call(self, item: CallItem, is_repeated: bool, node: int) -> Way:
        for copy, index in enumerate(item.copies):
            body = item.block.bodies[index]
            if node < body.stop:
                before: Way = (copy,) if is_repeated else ()
                if node == body.stop - 1:
                    return before
                return (*before, *(item.block.way(index, node) or ()))
        raise Incompatible


def _steps_of_entry(item: EntryItem, is_repeated: bool, node: int) -> Way:
    """A copy, and in it a part."""
    length = (item.stop - item.start) // item.repeat
    copy, place = divmod(node - item.start, length)
    before: Way = (copy,) if is_repeated else ()
    if item.layer.splits:
        return (*before, place)
    if length == 1 or place == length - 1:
        return before
    names = {"self_attention": ("qkv", "attend"), "squeeze_excite": ("pool", "reduce", "expand")}
    return (*before, names[item.layer.type][place])


def takes_list(entry: EntryItem) -> bool:
    """Whether an entry names what it reads in a list."""
    layer = entry.layer
    return layer.merges and (len(entry.inputs) > 1 or not layer.takes_one_for_all)
