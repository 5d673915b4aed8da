"""Rows that one entry stands for: the parts of a split, and layers that a file writes as one."""

from __future__ import annotations

from typing import Any

from archcalc.diagnostics import Fault
from archcalc.importers.graph import Graph, Operation
from archcalc.importers.outline import Wires
from archcalc.network.layers import LAYERS, Layer
from archcalc.network.layers.axes import along, place_of
from archcalc.network.layers.base import Volumes
from archcalc.network.network import Network


def composite(graph: Graph, network: Network, wires: Wires, index: int) -> tuple[Layer, int] | None:
    """The entry that stands for several rows from this one on, and for how many."""
    rows = graph.operations[index - 1 : index + 3]
    kinds = [type(row.layer).__name__ for row in rows]
    if kinds[0] == "Piece":
        return _split(graph, network, index)
    if kinds[:2] == ["Linear", "PackedAttention"]:
        candidates = _attention(rows[0].layer, rows[1].layer)
    elif [row.layer.type for row in rows] == ["global_avgpool", "conv", "conv", "multiply"]:
        candidates = _excite(rows)
    else:
        return None
    shape = network.nodes[index].shape
    assert shape is not None
    for candidate in candidates:
        count = _rows_of(candidate, shape.inputs, rows, index)
        if count and all(
            set(wires.readers[at]) <= set(range(index, index + count))
            for at in range(index, index + count - 1)
        ):
            return candidate, count
    return None


def _split(graph: Graph, network: Network, index: int) -> tuple[Layer, int] | None:
    """The split whose parts begin at a row."""
    first = graph.operations[index - 1]
    shape, piece = network.nodes[index].shape, first.layer
    assert shape is not None
    sizes, at = list[int](), 0
    for row in graph.operations[index - 1 :]:
        part: Any = row.layer
        same = type(part) is type(piece) and row.inputs == first.inputs
        if not same or row.activation or row.frozen:
            break
        if part != type(piece)(start=at, stop=part.stop, axis=part.axis, place=len(sizes)):
            break
        sizes.append(part.stop - at)
        at = part.stop
    axis: str = piece.axis  # type: ignore[attr-defined]
    if at != along(shape.inputs[0], place_of(axis, shape.inputs[0])):
        return None
    is_even = len(set(sizes)) == 1
    keys = {"parts": len(sizes)} if is_even else {"sizes": tuple(sizes)}
    return LAYERS["split"](axis=axis, **keys), len(sizes)


def _attention(linear: Any, attend: Any) -> list[Layer]:
    keys = attend.keys()
    given = {key: getattr(attend, key) for key in keys}
    given["bias"] = linear.bias
    heads = given["heads"] + 2 * (given["kv_heads"] or given["heads"])
    return [
        LAYERS["self_attention"].of_checked({**given, "out_proj": projects, "head_dim": size})
        for projects in (True, False)
        for size in (None, linear.units // heads)
    ]


def _excite(rows: tuple[Operation, ...]) -> list[Layer]:
    between, gate = rows[1].activation, rows[2].activation
    if not between or not gate:
        return []
    reduce: Any = rows[1].layer
    return [LAYERS["squeeze_excite"](filters=reduce.filters, activation=between, gate=gate)]


def _rows_of(candidate: Layer, inputs: Volumes, rows: tuple[Operation, ...], index: int) -> int:
    """How many rows an entry becomes, if they are just these; else 0.

    The activation of the last one may be stated with the entry.
    """
    try:
        parts = candidate.rows(inputs)
    except Fault:
        return 0
    if len(parts) > len(rows):
        return 0
    feed = rows[0].inputs[0]
    for at, (part, row) in enumerate(zip(parts, rows, strict=False), 1):
        reads = tuple([feed if read >= 0 else index + ~read for read in part.reads])
        same = (row.layer, row.inputs) == (part.layer, reads)
        active = row.activation == part.activation or (at == len(parts) and not part.activation)
        if not same or not active or row.shares is not None or row.frozen:
            return 0
    return len(parts)
