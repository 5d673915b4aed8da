"""A network as wired nodes in the order of the file: blocks, repeats and branches expanded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archcalc.archfile.declaration import LayerEntry
from archcalc.diagnostics import Span
from archcalc.network.layers import Layer
from archcalc.record import Record

INPUT = -1
NOWHERE = -2
LEFT_OUT = -3


class Node(Record):
    """One row: a layer under its path, and the indices of the nodes that feed it.

    `INPUT` is the network's input, `NOWHERE` a feed that a mistake hides. ``likes`` are nodes of
    which only the size is read. ``layer`` is None where the entry could not be read.
    """

    path: str
    layer: Layer | None
    activation: str | None
    inputs: tuple[int, ...]
    entry: LayerEntry
    likes: tuple[int, ...] = ()

    @property
    def span(self) -> Span:
        return self.entry.span


class Region(Record):
    """The nodes start .. stop - 1 that one path covers, and the node that is its output."""

    path: str
    start: int
    stop: int
    output: int


class Group(Record):
    """A group or an instance of a block, or one copy of it, with the nodes that it covers."""

    region: Region
    block: str | None
    span: Span


class Graph:
    """Nodes in topological order, the groups around them, and the network's outputs.

    ``merges`` holds the regions of layers that are more than a row: with branches or in parts. The
    graph is ``partial`` where a mistake hides layers whose names are not known. ``variables`` are
    the values of the top-level variables that it was expanded with.
    """

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.groups: list[Group] = []
        self.merges: list[Region] = []
        self.outputs: list[tuple[str, int]] = []
        self.partial = False
        self.variables: Mapping[str, Any] = {}

    def regions(self) -> dict[str, Region]:
        """Every path and what it covers."""
        found = {
            node.path: Region(node.path, index, index + 1, index)
            for index, node in enumerate(self.nodes)
        }
        found.update((group.region.path, group.region) for group in self.groups)
        found.update((region.path, region) for region in self.merges)
        return found
