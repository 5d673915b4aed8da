"""Steps from one flat graph to another, the same for every front end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from archcalc.importers.graph import Graph, Operation
from archcalc.network.layers import ACTIVATIONS
from archcalc.network.layers.base import Memory

VIEWS = ("slice", "reshape", "flatten", "transpose", "identity", "scale", "parameter")


def tidied(graph: Graph) -> Graph:
    """Without rows that nothing reads, and with activations at the rows that they follow."""
    return activated(pruned(graph))


def pruned(graph: Graph) -> Graph:
    """Without views that nothing reads, as are left where several steps became one layer."""
    wanted = set(graph.outputs)
    for index in range(len(graph.operations), 0, -1):
        operation = graph.operations[index - 1]
        if index in wanted or not _is_spare(operation):
            wanted.add(index)
            wanted.update(operation.inputs)
    return _kept(graph, wanted)


def _is_spare(operation: Operation) -> bool:
    layer = operation.layer
    if layer.type in ("sigmoid", "hardsigmoid"):
        return True
    return layer.type in VIEWS and (layer.type != "scale" or getattr(layer, "by", None) is not None)


def activated(graph: Graph) -> Graph:
    """An activation that alone reads a row is that row's, where it is no view."""
    readers = Counter(index for operation in graph.operations for index in operation.inputs)
    readers.update(graph.outputs)
    operations = list(graph.operations)
    gone: dict[int, int] = {}
    for index, operation in enumerate(graph.operations, 1):
        layer = operation.layer
        if layer.type not in ACTIVATIONS or layer != type(layer)():
            continue
        (fed,) = operation.inputs
        before = operations[fed - 1] if fed else None
        if before is None or readers[fed] != 1 or before.activation or not _may_have(before):
            continue
        operations[fed - 1] = before._replace(activation=layer.type)
        gone[index] = fed
    return _kept(
        graph._replace(operations=tuple(operations)),
        set(range(len(operations) + 1)) - gone.keys(),
        gone,
    )


def _may_have(operation: Operation) -> bool:
    layer = operation.layer
    if layer.type in ACTIVATIONS or layer.splits:
        return False
    return layer.memory is Memory.OWN


def _kept(graph: Graph, wanted: Collection[int], gone: dict[int, int] | None = None) -> Graph:
    """The graph with these nodes alone; readers of those that are ``gone`` read others."""
    places = {0: 0}
    operations = []
    for index, operation in enumerate(graph.operations, 1):
        if index in wanted:
            inputs = tuple(places[feed] for feed in operation.inputs)
            shares = None if operation.shares is None else places[operation.shares]
            operations.append(operation._replace(inputs=inputs, shares=shares))
            places[index] = len(operations)
        elif gone and index in gone:
            places[index] = places[gone[index]]
    outputs = tuple(dict.fromkeys(places[index] for index in graph.outputs))
    return graph._replace(operations=tuple(operations), outputs=outputs)
