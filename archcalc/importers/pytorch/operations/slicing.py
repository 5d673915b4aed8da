"""Parts of a tensor: slices, which are layers, and every other row, as patches are merged from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from archcalc.importers.pytorch.arranging import MOST_AXES, arranged, on_axis
from archcalc.importers.pytorch.layout import (
    CHANNELS,
    Digit,
    joined,
    size_of,
    whole,
    with_channels_at,
)
from archcalc.importers.pytorch.lowering import NOTHING, Lowering, Result
from archcalc.importers.pytorch.traced import Call
from archcalc.importers.pytorch.values import Constant, Empty, Phase, Tensor, Value
from archcalc.network.network import NOWHERE


def channels_at(values: list[Value]) -> int:
    """The dimension that has the channels, in the first value that tells."""
    for value in values:
        for place, dimension in enumerate(value.layout):
            if any(digit.axis == CHANNELS for digit in dimension):
                return place
    return 1


def cut(lowering: Lowering, call: Call, value: Value, place: int, start: int, stop: int) -> Tensor:
    """Some rows of a dimension: a slice of the axis whose highest digit it begins with."""
    place %= value.rank
    dimension = value.layout[place]
    size = size_of(dimension)
    if (start, stop) == (0, size):
        return value
    if stop > size:
        return lowering.refused(call, "slice of what was repeated has no layer type")
    if not _is_slice(lowering, value, place, start, stop):
        placed = on_axis(lowering, call, value, place)
        if placed is None:
            return NOTHING
        value, _ = placed
    return _sliced(lowering, call, value, place, start, stop)


def _is_slice(lowering: Lowering, value: Value, place: int, start: int, stop: int) -> bool:
    """Whether the rows are neighbours on an axis, of the whole axis or of its highest digit.

    Channels may be cut in groups: in each head.
    """
    dimension = value.layout[place]
    volume, lead = lowering.volume(value.node), dimension[0]
    inner = size_of(dimension) // lead.size
    is_channels = lead.axis == CHANNELS
    if not is_channels and any(value.rolled):
        return False
    total = volume.channels if is_channels else volume.spatial[lead.axis]
    is_highest = lead.stride * lead.size == total
    in_groups = is_channels and len(dimension) == 1
    return (is_highest or in_groups) and not (start % inner or stop % inner)


def _sliced(
    lowering: Lowering, call: Call, value: Value, place: int, start: int, stop: int
) -> Tensor:
    volume, dimension = lowering.volume(value.node), value.layout[place]
    lead = dimension[0]
    inner = size_of(dimension) // lead.size
    first, last = start // inner, stop // inner
    keys: dict[str, object] = {"start": first * lead.stride, "stop": last * lead.stride}
    part = lead.stride * lead.size
    if lead.axis != CHANNELS:
        is_one = len(volume.spatial) == 1
        keys["axis"] = "positions" if is_one else volume.axis_names[lead.axis]
    elif part < volume.channels:
        keys["groups"] = volume.channels // part
    known = ("slice", value.node, *keys.items())
    whole_part = _part(lowering, value, keys)
    if whole_part is not None:
        lowering.joined[known] = whole_part
    if known not in lowering.joined:
        lowering.joined[known] = lowering.emit(call, "slice", (value.node,), keys)
    left = part // lead.size * (last - first)
    layout = [
        tuple(
            d._replace(stride=d.stride // part * left)
            if d.axis == lead.axis and d.stride >= part
            else d
            for d in dims
        )
        for dims in value.layout
    ]
    kept = Digit(lead.axis, lead.stride, last - first)
    layout[place] = joined((kept, *dimension[1:]))
    return lowering.placed(lowering.joined[known], tuple(map(joined, layout)), value.rolled)


def _part(lowering: Lowering, value: Value, keys: dict[str, object]) -> int | None:
    """One of the products that were put side by side to look like one, where a slice is that."""
    if ("parts", value.node) not in lowering.joined or len(keys) > 2:
        return None
    start = 0
    for node in lowering.assembly.operation(value.node).inputs:
        stop = start + lowering.volume(node).channels
        if (start, stop) == (keys["start"], keys["stop"]):
            return node
        start = stop
    return None


def _without(value: Tensor, place: int) -> Tensor:
    if not isinstance(value, Value):
        return value
    place %= value.rank
    return value._replace(layout=value.layout[:place] + value.layout[place + 1 :])


def select(lowering: Lowering, call: Call) -> Tensor:
    value = lowering.tensor(call.arguments["self"])
    if not isinstance(value, Value):
        return lowering.refused(call, "select of something that is no activation")
    place = call.arguments["dim"] % value.rank
    size = value.shape[place]
    index = call.arguments["index"] % size
    return _without(cut(lowering, call, value, place, index, index + 1), place)


def slice_(lowering: Lowering, call: Call) -> Tensor:
    value = lowering.tensor(call.arguments["self"])
    place, step = call.arguments["dim"], call.arguments.get("step", 1) or 1
    if isinstance(value, Phase) and step > 1:
        pick = (place % value.value.rank, step, call.arguments.get("start") or 0)
        return value._replace(picks=(*value.picks, pick))
    if isinstance(value, Phase):
        if _bounds(call, value.value.shape[place]) == (0, value.value.shape[place]):
            return value
        return lowering.refused(call, "slice of every other row has no layer type")
    if not isinstance(value, Value):
        return lowering.refused(call, "slice of something that is no activation")
    size = value.shape[place]
    start, stop = _bounds(call, size)
    if start >= stop:
        return Empty()
    if step > 1:
        whole_ = stop == size and size % step == 0 and start < step
        if not whole_:
            return every(lowering, call, value, (place % value.rank, step, start), stop) or NOTHING
        return Phase(value, ((place % value.rank, step, start),))
    return cut(lowering, call, value, place, start, stop)


def every(
    lowering: Lowering, call: Call, value: Value, pick: tuple[int, int, int], stop: int
) -> Value | None:
    """Every step-th row of a dimension, as a slice."""
    place, step, start = pick
    on_it = on_axis(lowering, call, value, place)
    if on_it is None:
        return None
    placed, axis = on_it
    volume = lowering.volume(placed.node)
    name = "channels" if axis == CHANNELS else volume.axis_names[axis]
    keys = {"start": start, "stop": stop, "step": step, "axis": name}
    node = lowering.once(call, "slice", placed.node, keys)
    if node == NOWHERE:
        return None
    layout = list(placed.layout)
    layout[place] = whole(axis, -(-(stop - start) // step))
    return Value(node, tuple(layout))


def spelled_phase(lowering: Lowering, call: Call, phase: Phase) -> Value | None:
    """Every other row of some dimensions, a slice for each of them."""
    value: Value | None = phase.value
    for pick in phase.picks:
        if value is None:
            return None
        value = every(lowering, call, value, pick, value.shape[pick[0]])
    return value


def index(lowering: Lowering, call: Call) -> Tensor:
    """Rows at fixed places along one dimension."""
    value = lowering.tensor(call.arguments["self"])
    places = call.arguments["indices"]
    named = [at for at, ref in enumerate(places) if ref is not None]
    chosen = lowering.tensor(places[named[0]]) if len(named) == 1 else None
    if not isinstance(value, Value) or not isinstance(chosen, Constant) or chosen.parameters:
        return lowering.refused(call, "index of several dimensions has no layer type")
    place, rank = named[0], len(chosen.shape)
    others = [at for at, size in enumerate(value.shape) if size > 1 and at != place]
    placed = arranged(lowering, call, value, [[place]], others, True)
    if placed is None or rank > MOST_AXES:
        return NOTHING if placed is None else lowering.refused(call, "index of such a rank")
    size = list(chosen.shape) if rank > 1 else chosen.shape[0]
    node = lowering.emit(call, "gather", (placed.node,), {"size": size})
    layout = list(placed.layout)
    layout[place : place + 1] = [whole(axis, n) for axis, n in enumerate(chosen.shape)]
    return lowering.placed(node, tuple(layout))


def repeated(lowering: Lowering, call: Call) -> Tensor:
    """Rows again and again: the tensor's positions at fixed places."""
    value = lowering.tensor(call.arguments["self"])
    if not isinstance(value, Value):
        return lowering.refused(call, f"{call.operation} of something that is no activation")
    padded = value._replace(layout=((),) * (len(call.shape) - value.rank) + value.layout)
    grown = [at for at, size in enumerate(call.shape) if size != padded.shape[at]]
    if not grown:
        return padded
    others = [at for at, size in enumerate(padded.shape) if size > 1 and at not in grown]
    rows = [at for at in grown if padded.shape[at] > 1]
    if len(grown) > MOST_AXES:
        return lowering.refused(call, f"{call.operation} of many dimensions has no layer type")
    placed = arranged(lowering, call, padded, [rows or [grown[0]]], others, True)
    if placed is None:
        return NOTHING
    size = [call.shape[at] for at in grown]
    keys = {"size": size if len(size) > 1 else size[0]}
    node = lowering.emit(call, "gather", (placed.node,), keys)
    layout = list(placed.layout)
    for axis, at in enumerate(grown):
        layout[at] = whole(axis, call.shape[at])
    return lowering.placed(node, tuple(layout))


def _bounds(call: Call, size: int) -> tuple[int, int]:
    start, stop, _ = slice(call.arguments.get("start"), call.arguments.get("end")).indices(size)
    return start, stop


def parts(lowering: Lowering, call: Call) -> Result:
    """chunk, split, unbind: as many values as there are shapes."""
    value = lowering.tensor(call.arguments["self"])
    if not isinstance(value, Value):
        return lowering.refused(call, f"{call.operation} of something that is no activation")
    place = call.arguments.get("dim", 0) % value.rank
    found: list[Tensor] = []
    start, drops = 0, call.operation == "unbind"
    for shape in call.shapes:
        stop = start + (1 if drops else shape[place])
        part = cut(lowering, call, value, place, start, stop)
        found.append(_without(part, place) if drops else part)
        start = stop
    return tuple(found)


def item(lowering: Lowering, call: Call) -> Tensor:
    several = lowering.tensor(call.arguments["self"])
    if type(several) is not tuple:
        return NOTHING
    parts: Sequence[Any] = several
    part: Tensor = parts[call.arguments["index"]]
    return part


def merged_patches(lowering: Lowering, call: Call, phases: list[Phase]) -> Tensor:
    """All phases of the rows of every axis, side by side in the channels."""
    value = phases[0].value
    volume = lowering.volume(value.node)
    step = phases[0].picks[0][1]
    wanted = step ** len(volume.spatial)
    picks = {phase.picks for phase in phases}
    is_whole = (
        len(picks) == len(phases) == wanted
        and all(phase.value == value for phase in phases)
        and all(len(phase.picks) == len(volume.spatial) for phase in phases)
        and {s for phase in phases for _, s, _ in phase.picks} == {step}
    )
    at = channels_at([value])
    if not is_whole or call.arguments["dim"] % value.rank != at:
        return lowering.refused(call, "cat of every other row has no layer type")
    node = lowering.settled(call, value, at)
    node = lowering.emit(call, "space_to_depth", (node,), {"scale": step})
    if node == NOWHERE:
        return NOTHING
    return Value(node, with_channels_at(lowering.volume(node), at))


TABLE = {
    "index": index,
    **dict.fromkeys(("repeat", "tile", "repeat_interleave"), repeated),
    "select": select,
    "slice": slice_,
    **dict.fromkeys(("chunk", "split", "split_with_sizes", "unbind", "tensor_split"), parts),
    "getitem": item,
}
