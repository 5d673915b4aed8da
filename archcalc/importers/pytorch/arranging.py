"""Tensors on the axes that a layer needs: which of their dimensions are rows, which channels."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from archcalc.importers.pytorch import rearranging
from archcalc.importers.pytorch.layout import (
    CHANNELS,
    Digit,
    Dimension,
    Layout,
    channels_of,
    flat,
    joined,
    whole,
)
from archcalc.importers.pytorch.lowering import Lowering
from archcalc.importers.pytorch.traced import Call
from archcalc.importers.pytorch.values import Value
from archcalc.network.network import NOWHERE

MOST_AXES = 3

Groups = Sequence[Sequence[int]]


def channel_dims(value: Value) -> list[int]:
    """The dimensions that have channels, those first that vary slowest."""
    found = [
        (-max(d.stride for d in dimension if d.axis == CHANNELS), place)
        for place, dimension in enumerate(value.layout)
        if any(d.axis == CHANNELS for d in dimension)
    ]
    return [place for _, place in sorted(found)]


def row_dims(value: Value, channels: Sequence[int]) -> list[int]:
    """The other dimensions that are more than one row."""
    return [place for place, size in enumerate(value.shape) if size > 1 and place not in channels]


def grouped(places: Sequence[int], alone: Sequence[int] = ()) -> list[list[int]]:
    """Dimensions as at most three axes: each of its own, or those beside one ``alone`` together."""
    if len(places) <= MOST_AXES:
        return [[place] for place in places]
    groups: list[list[int]] = [[]]
    for place in places:
        if place in alone:
            groups += [[place], []]
        else:
            groups[-1].append(place)
    return [group for group in groups if group]


def arranged(
    lowering: Lowering,
    call: Call,
    value: Value,
    rows: Groups,
    channels: Sequence[int],
    exact: bool = False,
) -> Value | None:
    """The value on a node whose axes are these groups of its dimensions; None if refused.

    A node that has the same positions in the same order will do, unless it must be ``exact``.
    """
    volume = lowering.volume(value.node)
    axes = [joined(d for place in group for d in value.layout[place]) for group in rows]
    own = joined(d for place in channels for d in value.layout[place])
    spatial = [whole(axis, size) for axis, size in enumerate(volume.spatial)]
    is_there = axes == spatial if exact else flat(axes) == flat(spatial)
    if is_there and own == channels_of(volume) and not any(value.rolled):
        return value
    node = lowering.settled(call, value._replace(layout=((), own, *axes)), 1)
    if node == NOWHERE:
        return None
    return Value(node, laid_out(value.shape, rows, channels))


def laid_out(shape: Sequence[int], rows: Groups, channels: Sequence[int]) -> Layout:
    """The layout of a shape whose dimensions are the axes of a node, some of them together."""
    layout: list[Dimension] = [()] * len(shape)
    for axis, group in [*enumerate(rows), (CHANNELS, channels)]:
        stride = prod(shape[place] for place in group)
        for place in group:
            stride //= shape[place]
            layout[place] = (Digit(axis, stride, shape[place]),) if shape[place] > 1 else ()
    return tuple(layout)


def naturally(lowering: Lowering, call: Call, value: Value, exact: bool = False) -> Value | None:
    """The value with its channels as channels, all of them, and the rest as rows."""
    channels = channel_dims(value)
    return arranged(lowering, call, value, grouped(row_dims(value, channels)), channels, exact)


def on_axis(
    lowering: Lowering, call: Call, value: Value, place: int, channels: Sequence[int] | None = None
) -> tuple[Value, int] | None:
    """The value with a dimension as an axis of its own, or as the channels if it has some."""
    place %= value.rank
    own = channel_dims(value) if channels is None else channels
    if place in own:
        made = channels_last(lowering, call, value, place)
        return None if made is None else (made, CHANNELS)
    places = sorted({*row_dims(value, own), place})
    rows = grouped(places, [place])
    made = arranged(lowering, call, value, rows, own, True)
    return None if made is None else (made, rows.index([place]))


def channels_last(lowering: Lowering, call: Call, value: Value, place: int) -> Value | None:
    """The value with one dimension as the channels, and all others as rows."""
    place %= value.rank
    return arranged(lowering, call, value, grouped(row_dims(value, [place])), [place])


def at(lowering: Lowering, call: Call, value: Value, place: int) -> Value | None:
    """The value with the channels of its node, all of them, at a place; None if refused."""
    place %= value.rank
    volume = lowering.volume(value.node)
    if value.layout[place] == channels_of(volume):
        return value
    groups = rearranging.shuffled(volume, value.layout[place])
    if groups:
        node = lowering.once(call, "channel_shuffle", value.node, {"groups": groups})
        made = lowering.changed(value, node, place)
        return made if isinstance(made, Value) else None
    return channels_last(lowering, call, value, place)


def in_groups(
    lowering: Lowering, call: Call, value: Value, place: int
) -> tuple[Value, dict[str, object]] | None:
    """The value with a dimension as the channels, or as every one of their groups: the keys."""
    place %= value.rank
    channels = channel_dims(value)
    if len(channels) < 2 or channels[-1] != place:
        alone = channels_last(lowering, call, value, place)
        return None if alone is None else (alone, {})
    made = naturally(lowering, call, value)
    if made is None:
        return None
    return made, {"groups": lowering.volume(made.node).channels // value.shape[place]}


def aligned(
    lowering: Lowering, call: Call, leader: Value, other: Value, spreads_maps: bool
) -> tuple[Value, Value] | None:
    """Two values on axes on which the second is added to the first, broadcast where it is 1."""
    full = [at for at, size in enumerate(leader.shape) if size == other.shape[at] > 1]
    spread = [at for at, size in enumerate(leader.shape) if size != other.shape[at]]
    channels = channel_dims(leader)
    rows = row_dims(leader, channels)
    if not spread or (spreads_maps and set(spread) == set(channels)):
        groups = grouped(rows)
        theirs = [at for at in channels if at in full]
        first = arranged(lowering, call, leader, groups, channels, True)
        second = arranged(lowering, call, other, groups, theirs, True)
    else:
        own = [at for at in channels if at in full] + [at for at in rows if at in full]
        groups = grouped([at for at in range(leader.rank) if at in spread])
        first = arranged(lowering, call, leader, groups, own)
        second = arranged(lowering, call, other, [], own)
    return None if first is None or second is None else (first, second)


def multiplied(
    lowering: Lowering, call: Call, first: Value, second: Value, turned: bool | None = None
) -> Value | None:
    """The product of matrices in the last two dimensions, for every one of those before them.

    Dimensions of both are heads; those of one alone are rows of it.
    """
    rank = max(first.rank, second.rank)
    a, b = (
        value._replace(layout=((),) * (rank - value.rank) + value.layout)
        for value in (first, second)
    )
    lead = range(rank - 2)
    both = [at for at in lead if a.shape[at] > 1 and b.shape[at] > 1]
    mine = [at for at in lead if a.shape[at] > 1 and b.shape[at] == 1]
    theirs = [at for at in lead if b.shape[at] > 1 and a.shape[at] == 1]
    is_turned = _is_channels(b.layout[-2]) if turned is None else turned
    left = arranged(lowering, call, a, grouped([*mine, rank - 2]), [*both, rank - 1])
    if is_turned:
        right = arranged(lowering, call, b, grouped([*theirs, rank - 1]), [*both, rank - 2])
    else:
        right = arranged(lowering, call, b, [[rank - 2]], [*both, *theirs, rank - 1])
    if left is None or right is None:
        return None
    heads = prod(a.shape[at] for at in both)
    keys: dict[str, object] = {"heads": heads} if heads > 1 else {}
    if is_turned:
        keys["transpose"] = True
    node = lowering.emit(call, "matmul", (left.node, right.node), keys)
    if node == NOWHERE:
        return None
    layout = list(left.layout)
    stride = lowering.volume(node).channels
    for place in (*both, *theirs, rank - 1):
        size = b.shape[place]
        stride //= size
        layout[place] = (Digit(CHANNELS, stride, size),) if size > 1 else ()
    return Value(node, tuple(layout))


def _is_channels(dimension: Dimension) -> bool:
    return all(digit.axis == CHANNELS for digit in dimension)
