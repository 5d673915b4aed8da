"""A network as nested bodies: in each, layers and instances of blocks in order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archcalc.exporters.instances import Instance, nested
from archcalc.network.network import Network, Node, Origin, RegionKind


class SourcePiece:
    """A layer, an instance of a block, or the copies of one; under its path within the body.

    ``inputs`` and ``outputs`` are nodes of the network.
    """

    def __init__(self, path: str, inputs: list[int], outputs: list[int]) -> None:
        self.path = path
        self.inputs = inputs
        self.outputs = outputs
        self.node: int | None = None
        self.units: list[Unit] = []
        self.is_repeated = False


class Unit:
    """A body: of the network, or of an instance of a block.

    ``outputs`` are the nodes that what stands around it reads; the first is its own output.
    ``height`` is that of what it holds. It is the ``copy`` of so many ``copies``. ``given`` is what
    it was called with, ``values`` is what it sees, ``roles`` are the nodes that it reads under the
    names that they have inside.
    """

    def __init__(
        self, name: str, path: str, start: int, stop: int, origin: Origin | None = None
    ) -> None:
        self.name = name
        self.path = path
        self.start = start
        self.stop = stop
        self.origin = origin
        self.copy = 0
        self.copies = 1
        self.given: dict[str, Any] = {}
        self.values: dict[str, Any] = {}
        self.roles: dict[str, int] = {}
        self.pieces: list[SourcePiece] = []
        self.inputs: list[int] = []
        self.outputs: list[int] = []
        self.height = 0

    @property
    def prefix(self) -> str:
        return f"{self.path}." if self.path else ""

    def every(self) -> Iterator[Unit]:
        """It and all inside it."""
        yield self
        for piece in self.pieces:
            for unit in piece.units:
                yield from unit.every()


class PieceReading:
    """Who reads what in a network."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.last = [-1] * len(network.nodes)
        self.sharing: dict[int, int] = {}
        for index, node in enumerate(network.nodes):
            for feed in reads(node):
                self.last[feed] = index
            if node.shares is not None:
                self.sharing[node.shares] = index
        for _, index in network.outputs:
            self.last[index] = len(network.nodes)

    def stands_alone(self, start: int, stop: int) -> bool:
        """Whether no layer outside shares the weights of one inside, or the other way round."""
        return all(
            (node.shares is None or node.shares >= start) and self.sharing.get(index, 0) < stop
            for index, node in enumerate(self.network.nodes[start:stop], start)
        )

    def into(self, start: int, stop: int) -> list[int]:
        """What the nodes from start on read from outside, in order."""
        feeds = [feed for node in self.network.nodes[start:stop] for feed in reads(node)]
        return list(dict.fromkeys(feed for feed in feeds if not start <= feed < stop))

    def out_of(self, start: int, stop: int, output: int) -> list[int]:
        """What is read from outside of the nodes; the output comes first."""
        read = [index for index in range(start, stop) if self.last[index] >= stop]
        return list(dict.fromkeys([output, *read]))


def reads(node: Node) -> tuple[int, ...]:
    """The nodes that a layer reads in PyTorch: also one of which it takes the size."""
    return (*node.inputs, *(like for like in node.likes if like not in node.inputs))


def whole(network: Network, *, flat: bool = False) -> Unit:
    """The body of a network; ``flat``: without instances of blocks."""
    reading = PieceReading(network)
    unit = Unit(network.name, "", network.first_layer, len(network.nodes))
    names = network.inputs if network.names_inputs else ["x"]
    unit.roles = {name: index for index, name in enumerate(names)}
    unit.inputs = list(unit.roles.values())
    unit.outputs = list(dict.fromkeys(index for _, index in network.outputs))
    _fill(unit, reading, [] if flat else nested(network))
    return unit


def _fill(unit: Unit, reading: PieceReading, instances: list[Instance]) -> None:
    at = unit.start
    waiting = list(instances)
    while waiting:
        copies = _copies(waiting)
        units = [made for made in (_unit(copy, reading) for copy in copies) if made]
        if len(units) < len(copies):  # it is more than a function of what it reads
            first = waiting.pop(0)
            waiting[:0] = first.inside
            continue
        del waiting[: len(copies)]
        _layers(unit, reading, at, units[0].start)
        for copy, inner in enumerate(units):
            inner.copy, inner.copies = copy, len(units)
        name = copies[0].region.path
        is_repeated = copies[0].region.kind is RegionKind.COPY
        path = (name.rpartition(".")[0] if is_repeated else name).removeprefix(unit.prefix)
        piece = SourcePiece(path, units[0].inputs, units[-1].outputs)
        piece.units, piece.is_repeated = units, is_repeated
        unit.pieces.append(piece)
        unit.height = max(unit.height, *(inner.height + 1 for inner in units))
        at = units[-1].stop
    _layers(unit, reading, at, unit.stop)


def _copies(waiting: list[Instance]) -> list[Instance]:
    """The first instance, and the further copies of the same entry."""
    first = waiting[0].region
    if first.kind is not RegionKind.COPY:
        return waiting[:1]
    around = first.path.rpartition(".")[0]
    copies = []
    for instance in waiting:
        if instance.region.path.rpartition(".")[0] != around:
            break
        copies.append(instance)
    return copies


def _unit(instance: Instance, reading: PieceReading) -> Unit | None:
    region = instance.region
    if not region.start <= region.output < region.stop:
        return None
    unit = Unit(instance.name, region.path, region.start, region.stop, region.origin)
    unit.inputs = reading.into(region.start, region.stop)
    unit.outputs = reading.out_of(region.start, region.stop, region.output)
    if region.kind is RegionKind.COPY and len(unit.outputs) > 1:
        return None
    if not reading.stands_alone(region.start, region.stop):
        return None
    _fill(unit, reading, instance.inside)
    return unit


def _layers(unit: Unit, reading: PieceReading, start: int, stop: int) -> None:
    for index in range(start, stop):
        node = reading.network.nodes[index]
        piece = SourcePiece(node.path.removeprefix(unit.prefix), list(reads(node)), [index])
        piece.node = index
        unit.pieces.append(piece)


class SourceRow:
    """A layer or an instance at the same place of all instances that have it."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.pieces: dict[int, SourcePiece] = {}
        self.make = ""
        self.call = "{module}({0})"
        self.activation: str | None = None
        self.type = ""
        self.condition = ""
        self.attribute = ""
        self.is_chain = False
