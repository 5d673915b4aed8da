"""The statements of a network as a tree: what each folding step takes, and what it gives.

A statement stands for the rows from ``start`` up to, not including, ``stop``: they are indices
into the nodes of the flat graph, in whose order they stay. What follows a statement reads its last
row, unless it says otherwise. ``path`` are the names of the modules on the way to it, from the
sequence that it stands in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from archcalc.importers.graph import Graph
from archcalc.network.layers.base import Layer
from archcalc.record import Record

if TYPE_CHECKING:
    from archcalc.importers.blocks import BlockTemplate

Path = tuple[str, ...]
CONTAINERS = ("", "Sequential", "ModuleList", "ModuleDict")
"""Classes that say nothing of what is in them."""
CHANNELS = ("filters", "units", "channels")
"""Keys that say how many channels a layer gives."""
WINDOWS = ("kernel", "padding", "dilation", "groups", "repeat")
"""Keys in which a layer is another one than those before it."""


class EntryItem(Record):
    """One layer: a row, a row for each copy, or the rows of a split.

    It ``is_met`` where others than the next row read it or use its weights.
    """

    path: Path
    start: int
    stop: int
    layer: Layer
    inputs: tuple[int, ...]
    activation: str | None = None
    shares: int | None = None
    frozen: bool = False
    is_met: bool = False
    repeat: int = 1

    @property
    def feed(self) -> int | None:
        return self.inputs[0] if self.inputs else None


class BranchItem(Record):
    """A sequence from the feed of a merge to one of its inputs."""

    name: str | None
    items: tuple[Item, ...]


class MergeItem(Record):
    """A merge with its branches; the last row of a copy is the merge itself."""

    path: Path
    start: int
    stop: int
    entry: EntryItem
    feed: int
    branches: tuple[BranchItem, ...]
    repeat: int = 1


class Group(Record):
    """What one call of a module runs; ``items`` are those of its first copy.

    Its weights are those of the rows in ``share``, or it ``is_owner`` of those of others. Groups of
    one ``level`` are looked at together.
    """

    path: Path
    start: int
    stop: int
    kind: str
    feed: int | None
    items: tuple[Item, ...]
    repeat: int = 1
    share: tuple[int, int] | None = None
    is_owner: bool = False
    level: int = 0


class CallItem(Record):
    """Instances of a block, one after the other: their places among those of the block."""

    path: Path
    start: int
    stop: int
    block: BlockTemplate
    copies: tuple[int, ...]
    feed: int | None
    share: tuple[int, int] | None = None
    is_owner: bool = False

    @property
    def repeat(self) -> int:
        return len(self.copies)


Item = EntryItem | MergeItem | Group | CallItem


def output(item: Item) -> int | None:
    """The row that what follows reads; a split has none."""
    if isinstance(item, EntryItem) and item.layer.splits:
        return None
    return item.stop - 1


def sequences(item: Item) -> Iterator[tuple[Item, ...]]:
    """The sequences inside a statement."""
    if isinstance(item, Group):
        yield item.items
    elif isinstance(item, MergeItem):
        for branch in item.branches:
            yield branch.items


def with_sequences(item: Item, made: Iterable[tuple[Item, ...]]) -> Item:
    """A statement with other sequences inside."""
    if isinstance(item, Group):
        (items,) = made
        return item._replace(items=items)
    if isinstance(item, MergeItem):
        pairs = zip(item.branches, made, strict=True)
        return item._replace(branches=tuple([branch._replace(items=new) for branch, new in pairs]))
    return item


def opened(group: Group) -> list[Item]:
    """What is in a group, with its name before theirs; one alone has its name."""
    if len(group.items) > 1:
        return [item._replace(path=(*group.path, *(item.path or ("0",)))) for item in group.items]
    (item,) = group.items
    path = item.path
    while path and path[-1].isdigit():
        path = path[:-1]
    return [item._replace(path=(*group.path, *path))]


def stem(paths: list[Path]) -> Path:
    """The path of several statements in one: ``conv`` for ``conv1`` and ``conv2``.

    It is empty where numbers alone tell them apart, or nothing is the same.
    """
    if len(set(paths)) == 1:
        return paths[0]
    if not all(paths) or len({path[:-1] for path in paths}) > 1:
        return ()
    word, *words = [path[-1] for path in paths]
    while not all(other.startswith(word) for other in words):
        word = word[:-1]
    word = word.rstrip("_-.")
    return (*paths[0][:-1], word) if any(map(str.isalpha, word)) else ()


class Wires:
    """Who reads what in a graph."""

    def __init__(self, graph: Graph) -> None:
        self.inputs: list[tuple[int, ...]] = [()]
        self.readers: list[list[int]] = [[] for _ in range(len(graph.operations) + 1)]
        for index, operation in enumerate(graph.operations, 1):
            self.inputs.append(operation.inputs)
            for feed in operation.inputs:
                self.readers[feed].append(index)
        self.end = len(self.inputs)
        for index in graph.outputs:
            self.readers[index].append(self.end)

    def external(self, start: int, stop: int) -> list[int]:
        """What rows read of what is not among them, each once, in their order."""
        found = dict[int, None]()
        for index in range(start, stop):
            for feed in self.inputs[index]:
                if feed < start:
                    found[feed] = None
        return list(found)

    def is_private(self, start: int, stop: int, reader: int) -> bool:
        """Whether nothing but each other and, the last of them, one reader reads these rows."""
        for index in range(start, stop):
            for at in self.readers[index]:
                if not (start <= at < stop or (at == reader and index == stop - 1)):
                    return False
        return True
