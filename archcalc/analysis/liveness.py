"""Which volumes a network holds, and how many are alive at once.

A view stands on its input's volume; an element-wise layer overwrites its input's where nobody else
reads it. Both prolong the life of the volume that they stand on. A learned tensor is no volume.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from archcalc.network.layers import Memory
from archcalc.network.network import INPUT, NOWHERE, Node
from archcalc.record import Record


class Life(Record):
    """A volume of so many elements that is alive while the nodes ``node`` to ``last`` run."""

    node: int
    last: int
    elements: int


class Allocation(Record):
    """Per node the elements of the volume that it allocates (0 for none), and the peak.

    ``peak`` is the largest sum of volumes alive at once, in elements; ``peak_node`` the first node
    that runs at the peak. Volumes are there until their ``last_use``, those of the ``interim`` only
    while their node runs.
    """

    volumes: list[int]
    total: int
    peak: int
    peak_node: int
    last_use: list[int]
    interim: Mapping[int, int]

    @property
    def lives(self) -> Iterator[Life]:
        """The volumes in the order in which they are made; those of a network's outputs live on."""
        for node, (volume, last) in enumerate(zip(self.volumes, self.last_use, strict=True)):
            made = self.interim.get(node, 0)
            if volume > made:
                yield Life(node, last, volume - made)
            if made:
                yield Life(node, node, made)


def allocate(nodes: list[Node], outputs: list[int], first: int = INPUT + 1) -> Allocation:
    """The volumes of a network that runs in the order of its nodes.

    The inputs, which are there before the ``first`` layer runs, are among them.
    """
    storage, volumes = _held(nodes, outputs)
    last_use = [NOWHERE] * len(nodes)
    for index, node in enumerate(nodes):
        for feed in node.inputs:
            last_use[storage[feed]] = index
        last_use[storage[index]] = index
    for output in outputs:
        last_use[storage[output]] = len(nodes)
    interim = {
        index: made.value
        for index, node in enumerate(nodes)
        if node.layer and node.shape and (made := node.layer.interim(node.shape))
    }
    return _sweep(volumes, last_use, interim, first)


def peak_with_running_sum(nodes: list[Node], outputs: list[int], index: int) -> int:
    """The peak where one sum of many inputs adds each as soon as it is there.

    The running sum takes its volume when the second input is there, and every input is let go of
    once it is added, unless another layer still reads it.
    """
    storage, volumes = _held(nodes, outputs)
    last_use = [NOWHERE] * len(nodes)
    for reader, node in enumerate(nodes):
        for feed in node.inputs if reader != index else ():
            last_use[storage[feed]] = reader
        last_use[storage[reader]] = reader
    feeds = sorted(set(nodes[index].inputs))
    for feed in feeds:
        last_use[storage[feed]] = max(last_use[storage[feed]], feed, feeds[1])
    for output in outputs:
        last_use[storage[output]] = len(nodes)
    started = list(volumes)
    started[index] = 0
    started[feeds[1]] += volumes[index]
    ends = [0] * (len(nodes) + 1)
    for last, volume in zip(last_use, volumes, strict=True):
        ends[last] += volume
    alive, peak = 0, 0
    for start, end in zip(started, ends, strict=False):
        alive += start
        peak = max(peak, alive)
        alive -= end
    return peak


def _held(nodes: list[Node], outputs: list[int]) -> tuple[list[int], list[int]]:
    elements = [node.shape.output.elements if node.shape else 0 for node in nodes]
    memories = [_memory(node) for node in nodes]
    return _storage(nodes, memories, elements, _values(nodes, memories, outputs))


class _Values(Record):
    """Which outputs are the same value through views, and how many layers read each value."""

    of: list[int]
    readers: list[int]
    kept: set[int]


def _memory(node: Node) -> Memory:
    """Where an output lives; a view with an activation is written over, as the activation alone.

    Weights are not written over.
    """
    memory = node.layer.memory_on(len(node.inputs)) if node.layer else Memory.OWN
    if node.activation is None or node.activation == "identity":
        return memory
    if memory is Memory.STORED:
        return Memory.OWN
    return Memory.IN_PLACE if memory is Memory.VIEW else memory


def _values(nodes: list[Node], memories: list[Memory], outputs: list[int]) -> _Values:
    of = [*range(len(nodes))]
    readers = [0] * len(of)
    read = {feed for node in nodes for feed in node.inputs}
    kept = {INPUT}
    for index, (node, memory) in enumerate(zip(nodes, memories, strict=True)):
        pure = memory is Memory.VIEW
        if pure:
            of[index] = of[node.inputs[0]]
        elif not node.inputs:
            kept.add(index)
        if not pure or index not in read:
            for feed in node.inputs:
                readers[of[feed]] += 1
    return _Values(of, readers, {of[output] for output in outputs} | kept)


def _storage(
    nodes: list[Node], memories: list[Memory], elements: list[int], values: _Values
) -> tuple[list[int], list[int]]:
    """Per output the node on whose volume it stands, and per node the elements it allocates."""
    storage, volumes = [*range(len(nodes))], list(elements)
    for index, memory in enumerate(memories):
        if memory is Memory.OWN:
            continue
        if memory is Memory.STORED:
            volumes[index] = 0
            continue
        feed = nodes[index].inputs[0]
        value = values.of[feed]
        if memory is Memory.VIEW or (values.readers[value] == 1 and value not in values.kept):
            storage[index] = storage[feed]
            volumes[index] = 0
    return storage, volumes


def _sweep(
    volumes: list[int], last_use: list[int], interim: dict[int, int], first: int
) -> Allocation:
    """``interim`` are volumes that are there while a node runs."""
    ends = [0] * (len(volumes) + 1)
    for last, held in zip(last_use, volumes, strict=True):
        ends[last] += held
    for index, made in interim.items():
        ends[index] += made
        volumes[index] += made
    alive, peak, peak_node = 0, 0, INPUT
    for index, (volume, end) in enumerate(zip(volumes, ends, strict=False)):
        alive += volume
        if index < first:
            continue
        if alive > peak:
            peak, peak_node = alive, index
        alive -= end
    return Allocation(volumes, sum(volumes), peak or alive, peak_node, last_use, interim)
