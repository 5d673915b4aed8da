"""Two activations that are added or multiplied, of which one may be broadcast over the other."""

from __future__ import annotations

from math import prod

from archcalc.importers.pytorch.arranging import aligned
from archcalc.importers.pytorch.layout import (
    CHANNELS,
    with_channels_at,
)
from archcalc.importers.pytorch.lowering import NOTHING, Lowering
from archcalc.importers.pytorch.traced import Call
from archcalc.importers.pytorch.values import (
    Tensor,
    Value,
)
from archcalc.network.network import NOWHERE


def merged(lowering: Lowering, call: Call, type: str, first: Value, second: Value) -> Tensor:
    """Two activations, of which one may be broadcast over the other."""
    rank = len(call.shape)
    ordered = [first, second]
    padded = [_padded(value, rank) for value in ordered]
    lead = next((at for at, value in enumerate(padded) if value.shape == call.shape), None)
    if lead is None and type == "multiply":
        spread = _spread(lowering, call, padded)
        if spread:
            return spread
    if lead is None:
        shapes = " and ".join("x".join(map(str, value.shape)) for value in ordered)
        return lowering.refused(call, f"{type} that broadcasts both {shapes}")
    leader, other = padded[lead], padded[1 - lead]
    if _agree(lowering, type, leader, other):
        layout, rolled = leader.layout, leader.rolled
        nodes = [leader.node, other.node]
    else:
        pair = aligned(lowering, call, leader, other, type in ("multiply", "divide"))
        if pair is None:
            return NOTHING
        nodes = [value.node for value in pair]
        layout, rolled = pair[0].layout, pair[0].rolled
    node = lowering.emit(call, type, nodes if lead == 0 else nodes[::-1])
    if node == NOWHERE:
        return NOTHING
    if lowering.volume(node) != lowering.volume(nodes[0]):
        return lowering.refused(call, f"{type} of views that do not lie alike")
    return Value(node, layout, rolled)


def _spread(lowering: Lowering, call: Call, values: list[Value]) -> Tensor | None:
    """A vector of channels times a map of one channel: both are broadcast."""
    at = next((_place(value) for value in values if value.shape[_place(value)] > 1), 1)
    vector, plane = sorted(values, key=lambda value: prod(value.shape) // value.shape[at])
    if prod(vector.shape) != vector.shape[at] or plane.shape[at] != 1:
        return None
    nodes = [lowering.settled(call, value, at) for value in values]
    node = NOWHERE if NOWHERE in nodes else lowering.emit(call, "multiply", nodes)
    if node == NOWHERE:
        return NOTHING
    return Value(node, with_channels_at(lowering.volume(node), at))


def _padded(value: Value, rank: int) -> Value:
    return value._replace(layout=((),) * (rank - value.rank) + value.layout)


def _agree(lowering: Lowering, type: str, leader: Value, other: Value) -> bool:
    """Whether the nodes are added as they lie, where one dimension of the other is all or 1."""
    pairs = zip(leader.layout, other.layout, strict=True)
    if leader.rolled != other.rolled or any(theirs not in (mine, ()) for mine, theirs in pairs):
        return False
    mine, theirs = lowering.volume(leader.node), lowering.volume(other.node)
    spreads = type in ("multiply", "divide") and theirs.channels == 1
    fits = theirs.channels == mine.channels or spreads
    return fits and (theirs.spatial == mine.spatial or theirs.positions == 1)


def _place(value: Value) -> int:
    for place, dimension in enumerate(value.layout):
        if any(digit.axis == CHANNELS for digit in dimension):
            return place
    return 1
