"""Which volumes a network holds, and how many are alive at once.

A view stands on its input's volume; an element-wise layer overwrites its input's where nobody else
reads it. Both prolong the life of the volume that they stand on.
"""

from __future__ import annotations

from typing import NamedTuple

from archcalc.graph import INPUT, Node
from archcalc.layers import Memory


class Allocation(NamedTuple):
    """Per node the elements of the volume that it allocates (0 for none), and the peak.

    ``peak`` is the largest sum of volumes alive at once, in elements; ``peak_node`` the first node
    that runs at the peak, or `INPUT`.
    """

    volumes: list[int]
    total: int
    peak: int
    peak_node: int


def allocate(
    nodes: list[Node], elements: list[int], input_elements: int, outputs: list[int]
) -> Allocation:
    """The volumes of a network that runs in the order of its nodes, the input among them."""
    values = _values(nodes, outputs)
    storage, volumes = _storage(nodes, values, elements)
    last_use = dict.fromkeys(storage, INPUT)
    last_use[INPUT] = INPUT
    for index, node in enumerate(nodes):
        for feed in (*node.inputs, index):
            last_use[storage[feed]] = index
    for output in outputs:
        last_use[storage[output]] = len(nodes)
    return _sweep(volumes, input_elements, last_use)


class _Values(NamedTuple):
    """Which outputs are the same value through views, and how many layers read each value."""

    of: dict[int, int]
    readers: dict[int, int]
    kept: set[int]


def is_view(node: Node) -> bool:
    return node.layer is not None and node.layer.memory is Memory.VIEW


def overwrites(node: Node) -> bool:
    """Whether a layer computes element by element on its input: alone, or after a view."""
    if is_view(node):
        return node.activation is not None and node.activation != "identity"
    return node.layer is not None and node.layer.memory is Memory.IN_PLACE


def _values(nodes: list[Node], outputs: list[int]) -> _Values:
    of, readers = {INPUT: INPUT}, dict.fromkeys(range(INPUT, len(nodes)), 0)
    read = {feed for node in nodes for feed in node.inputs}
    for index, node in enumerate(nodes):
        pure = is_view(node) and not overwrites(node)
        of[index] = of[node.inputs[0]] if pure else index
        for feed in () if pure and index in read else node.inputs:
            readers[of[feed]] += 1
    return _Values(of, readers, {of[output] for output in outputs} | {INPUT})


def _storage(
    nodes: list[Node], values: _Values, elements: list[int]
) -> tuple[dict[int, int], list[int]]:
    """Per output the node on whose volume it stands, and per node the elements it allocates."""
    storage, volumes = {INPUT: INPUT}, []
    for index, node in enumerate(nodes):
        feed = node.inputs[0]
        value = values.of[feed]
        if overwrites(node):
            shares = values.readers[value] == 1 and value not in values.kept
        else:
            shares = is_view(node)
        storage[index] = storage[feed] if shares else index
        volumes.append(0 if shares else elements[index])
    return storage, volumes


def _sweep(volumes: list[int], input_elements: int, last_use: dict[int, int]) -> Allocation:
    ends: list[list[int]] = [[] for _ in volumes]
    alive, peak, peak_node = input_elements, 0, INPUT
    for owner, last in last_use.items():
        if 0 <= last < len(volumes):
            ends[last].append(input_elements if owner == INPUT else volumes[owner])
    for index, volume in enumerate(volumes):
        alive += volume
        if alive > peak:
            peak, peak_node = alive, index
        alive -= sum(ends[index])
    return Allocation(volumes, input_elements + sum(volumes), peak or alive, peak_node)
