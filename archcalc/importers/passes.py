"""Steps from one flat graph to another, the same for every front end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Any

from archcalc.importers.graph import Graph, Operation, flat_network
from archcalc.importers.turning import turned
from archcalc.network.layers import ACTIVATIONS
from archcalc.network.layers.attention import PackedAttention
from archcalc.network.layers.base import Memory
from archcalc.network.layers.linear import Linear
from archcalc.network.layers.reshape import Slice
from archcalc.network.layers.resize import Crop

VIEWS = (
    "slice", "reshape", "flatten", "transpose", "identity", "scale", "parameter", "pad", "crop",
    "rearrange", "roll", "gather", "constant",
)  # fmt: skip


def tidied(graph: Graph) -> Graph:
    """Without rows that nothing reads, and with activations at the rows that they follow."""
    return activated(turned(cropped(pruned(packed(graph)))))


def packed(graph: Graph) -> Graph:
    """Attention to three slices of one product attends to the product: no slice is needed."""
    operations = list(graph.operations)
    readers = Counter(index for operation in operations for index in operation.inputs)
    for index, operation in enumerate(graph.operations, 1):
        if operation.layer.type != "attention" or len(operation.inputs) != 3:
            continue
        slices = [operations[feed - 1] for feed in operation.inputs if feed]
        source = _of_one(operations, slices, operation.layer)
        if source is None or readers[source] != len(slices) or set(graph.outputs) & {source}:
            continue
        if any(readers[feed] != 1 for feed in operation.inputs):
            continue
        keys = {key: getattr(operation.layer, key) for key in operation.layer.keys()}  # noqa: SIM118
        layer = PackedAttention.of_checked(keys)
        operations[index - 1] = operation._replace(layer=layer, inputs=(source,))
    return graph._replace(operations=tuple(operations))


def _of_one(operations: list[Operation], slices: list[Operation], attend: Any) -> int | None:
    """The product whose channels are query, key and value side by side; None if there is none."""
    sources = {operation.inputs for operation in slices}
    if len(slices) != 3 or len(sources) != 1 or sources == {(0,)}:
        return None
    (source,) = sources.pop()
    product = operations[source - 1]
    if type(product.layer) is not Linear or product.layer.flatten or product.activation:
        return None
    heads: int = attend.heads
    groups: int = attend.kv_heads or heads
    size, start = product.layer.units // (heads + 2 * groups), 0
    for operation, count in zip(slices, (heads, groups, groups), strict=True):
        layer = operation.layer
        is_slice = type(layer) is Slice and layer.axis == "channels" and layer.groups == 1
        if not is_slice or layer.start != start or layer.step > 1:  # type: ignore[attr-defined]
            return None
        start += count * size
        if layer.stop != start:  # type: ignore[attr-defined]
            return None
    return source if start == product.layer.units else None


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
    if layer.type in ("sigmoid", "hardsigmoid", "concat"):
        return True
    if layer.type == "multiply":  # a square
        return len(set(operation.inputs)) == 1
    return layer.type in VIEWS and (layer.type != "scale" or getattr(layer, "by", None) is not None)


def cropped(graph: Graph) -> Graph:
    """Slices of every axis in turn, of which each alone reads the one before, are one crop."""
    volumes = [node.shape.output for node in flat_network(graph).nodes if node.shape]
    readers = Counter(index for operation in graph.operations for index in operation.inputs)
    readers.update(graph.outputs)
    operations, gone = list(graph.operations), dict[int, int]()
    for last, operation in enumerate(graph.operations, 1):
        axes = volumes[last].axis_names
        if len(axes) < 2 or _axis_of(operation) != axes[-1]:
            continue
        chain = [last]
        while len(chain) < len(axes):
            (feed,) = operations[chain[0] - 1].inputs
            wanted = axes[-1 - len(chain)]
            if not feed or readers[feed] != 1 or _axis_of(operations[feed - 1]) != wanted:
                break
            chain.insert(0, feed)
        else:
            source = operations[chain[0] - 1].inputs
            slices: list[Any] = [operations[at - 1].layer for at in chain]
            sizes = volumes[source[0]].spatial
            pairs = [(s.start, n - s.stop) for s, n in zip(slices, sizes, strict=True)]
            layer = Crop.of_checked({"crop": _shortest(pairs)})
            operations[last - 1] = operation._replace(layer=layer, inputs=source)
            gone.update(dict.fromkeys(chain[:-1], source[0]))
    kept = set(range(len(operations) + 1)) - gone.keys()
    return _kept(graph._replace(operations=tuple(operations)), kept, gone)


def _axis_of(operation: Operation) -> str:
    """The axis of positions that a row slices; empty for any other."""
    layer = operation.layer
    if type(layer) is not Slice or layer.axis == "channels" or layer.step > 1:
        return ""
    return "" if operation.activation or min(layer.start, layer.stop) < 0 else layer.axis


def _shortest(pairs: list[tuple[int, int]]) -> Any:
    if any(before != after for before, after in pairs):
        return tuple(pairs)
    cut = tuple(before for before, _ in pairs)
    return cut[0] if len(set(cut)) == 1 else cut


def activated(graph: Graph) -> Graph:
    """An activation that alone reads a row is that row's, where it is no view.

    Softmax stays a row: it is read as the step that makes probabilities of a network's numbers.
    """
    readers = Counter(index for operation in graph.operations for index in operation.inputs)
    readers.update(graph.outputs)
    operations = list(graph.operations)
    gone: dict[int, int] = {}
    for index, operation in enumerate(graph.operations, 1):
        layer = operation.layer
        if layer.type not in ACTIVATIONS or layer.type == "softmax" or layer != type(layer)():
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
