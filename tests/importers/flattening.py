"""Flat graphs from networks that are there: a network's rows with its regions as modules."""

from __future__ import annotations

from typing import Any

from archcalc.importers.graph import Graph, Module, Operation
from archcalc.network.layers import LAYERS
from archcalc.network.network import Network, RegionKind


def flattened(network: Network) -> Graph:
    """The graph of a network, as a front end would make it: blocks are classes."""
    modules: list[list[Module]] = [[] for _ in network.nodes]
    spans = [r for r in network.regions if r.kind is not RegionKind.MERGE]
    for region in sorted(spans, key=lambda r: (r.path.count("."), r.path)):
        name = region.path.rpartition(".")[2]
        kind = region.block or ""
        has_copies = any(
            r.kind is RegionKind.COPY and r.path.startswith(f"{region.path}.")
            for r in network.regions
        )
        kind = "Sequential" if has_copies and region.kind is RegionKind.GROUP else kind
        if region.kind in (RegionKind.BRANCH, RegionKind.PARTS):
            kind = "Sequential"
        for index in range(region.start, region.stop):
            modules[index].append(Module(name, kind))
    operations = []
    for index, node in enumerate(network.nodes[1:], 1):
        own = Module(node.path.rpartition(".")[2], type(node.layer).__name__)
        operations.append(
            Operation(
                _absolute(network, index),
                node.inputs,
                (*modules[index], own),
                node.activation,
                node.path,
                node.shares,
                node.frozen,
            )
        )
    outputs = tuple(index for _, index in network.outputs)
    return Graph(network.name, network.input, tuple(operations), outputs)


def _absolute(network: Network, index: int) -> Any:
    """The layer with numbers in the place of another layer's size."""
    node = network.nodes[index]
    layer, shape = node.layer, node.shape
    assert layer is not None
    assert shape is not None
    if not node.likes:
        return layer
    if layer.type == "upsample":
        return LAYERS["upsample"](size=shape.output.spatial, mode=layer.mode)  # type: ignore[attr-defined]
    rest = [a - b for a, b in zip(shape.inputs[0].spatial, shape.output.spatial, strict=True)]
    return LAYERS["crop"](crop=[[r // 2, r - r // 2] for r in rest])
