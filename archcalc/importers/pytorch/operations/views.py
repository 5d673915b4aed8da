"""Operations that show the same elements: followed in the layout, mostly without a layer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from archcalc.importers.graph import Module
from archcalc.importers.pytorch.layout import (
    CHANNELS,
    Digit,
    joined,
    size_of,
    viewed,
    whole,
    with_channels_at,
)
from archcalc.importers.pytorch.lowering import NOTHING, Lowering, Result
from archcalc.importers.pytorch.traced import Call
from archcalc.importers.pytorch.values import Constant, Lengths, Phase, Scores, Tensor, Value
from archcalc.network.network import NOWHERE
from archcalc.network.volume import Volume

PARTS = 8
"""The most parts of the channels that are added up."""


def same(lowering: Lowering, call: Call) -> Result:
    key = "self" if "self" in call.arguments else "input"
    return lowering.tensor(call.arguments[key])


def view(lowering: Lowering, call: Call) -> Tensor:
    """Any operation after which the elements stand in the same order, in another shape."""
    value = lowering.tensor(call.arguments["self"])
    if isinstance(value, Scores):
        return _scores(lowering, call, value)
    if not isinstance(value, Value):
        return lowering.refused(call, f"{call.operation} of something that is no activation")
    layout = viewed(value.layout, call.shape)
    if layout is not None:
        return value._replace(layout=layout, viewed=call.modules)
    volume = lowering.volume(value.node)
    shown = "x".join(map(str, call.shape))
    return lowering.refused(call, f"view {volume} -> {shown} has no layer type")


def _scores(lowering: Lowering, call: Call, scores: Scores) -> Tensor:
    if call.shape[-2:] != scores.shape[-2:]:
        return lowering.refused(call, "a view of attention's scores has no layer type")
    return scores._replace(shape=call.shape)


def permute(lowering: Lowering, call: Call) -> Tensor:
    value = lowering.tensor(call.arguments["self"])
    if not isinstance(value, Value):
        return lowering.refused(call, "permute of something that is no activation")
    order = [place % value.rank for place in call.arguments["dims"]]
    layout = tuple(value.layout[place] for place in order)
    return value._replace(layout=layout, viewed=call.modules)


def transpose(lowering: Lowering, call: Call) -> Tensor:
    value = lowering.tensor(call.arguments["self"])
    if not isinstance(value, Value):
        return lowering.refused(call, "transpose of something that is no activation")
    layout = list(value.layout)
    first, second = _swapped(call, len(layout))
    layout[first], layout[second] = layout[second], layout[first]
    return value._replace(layout=tuple(layout), viewed=call.modules)


def _swapped(call: Call, rank: int) -> tuple[int, int]:
    arguments = call.arguments
    if call.operation in ("t", "numpy_T"):
        return 0, 1
    if "dim0" in arguments:
        return arguments["dim0"] % rank, arguments["dim1"] % rank
    return rank - 2, rank - 1


def roll(lowering: Lowering, call: Call) -> Tensor:
    value = lowering.tensor(call.arguments["self"])
    if not isinstance(value, Value):
        return NOTHING
    volume = lowering.volume(value.node)
    rolled = list(value.rolled or (0,) * len(volume.spatial))
    for shift, place in zip(call.arguments["shifts"], call.arguments["dims"], strict=False):
        dimension = value.layout[place]
        axes = [a for a, size in enumerate(volume.spatial) if dimension == whole(a, size)]
        if len(axes) != 1:
            return lowering.refused(call, "roll of part of an axis has no layer type")
        rolled[axes[0]] += shift
    return value._replace(rolled=tuple(rolled) if any(rolled) else ())


def expand(lowering: Lowering, call: Call) -> Tensor:
    """What reads it broadcasts by itself; new dimensions in front are of size 1."""
    value = lowering.tensor(call.arguments["self"])
    if isinstance(value, Lengths):
        return value
    if not isinstance(value, Value):
        return lowering.refused(call, "expand of something that is no activation")
    extra = len(call.shape) - value.rank
    return value._replace(layout=(*((),) * extra, *value.layout))


def cut(lowering: Lowering, call: Call, value: Value, place: int, start: int, stop: int) -> Tensor:
    """Some rows of a dimension: a slice of the axis whose highest digit it begins with."""
    place %= value.rank
    dimension = value.layout[place]
    size = size_of(dimension)
    if (start, stop) == (0, size):
        return value
    if not _is_slice(lowering, value, place, start, stop):
        at = _channels_at([value])
        node = lowering.settled(call, value, at)
        if node == NOWHERE:
            return NOTHING
        value = Value(node, with_channels_at(lowering.volume(node), at))
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
    if step > 1:
        whole_ = stop == size and size % step == 0 and start < step
        if not whole_:
            return lowering.refused(call, f"slice of every {step}th row has no layer type")
        return Phase(value, ((place % value.rank, step, start),))
    return cut(lowering, call, value, place, start, stop)


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


def cat(lowering: Lowering, call: Call) -> Tensor:
    tensors = [lowering.tensor(ref) for ref in call.arguments["tensors"]]
    place = call.arguments.get("dim", 0)
    if all(isinstance(tensor, Phase) for tensor in tensors):
        return _merged_patches(lowering, call, [t for t in tensors if isinstance(t, Phase)])
    values = [tensor for tensor in tensors if isinstance(tensor, Value)]
    if not values or any(not isinstance(tensor, Value | Constant) for tensor in tensors):
        return lowering.refused(call, "cat of something that is no activation")
    if len(tensors) == 1:
        return values[0]
    rank = len(call.shape)
    place %= rank
    at = _channels_at(values)
    if at == 0 or place == 0:
        return lowering.refused(call, "cat of views has no layer type")
    made = [lowering.settled(call, t, at) if isinstance(t, Value) else NOWHERE for t in tensors]
    nodes = [
        parameter(lowering, call, tensor, at) if isinstance(tensor, Constant) else node
        for tensor, node in zip(tensors, made, strict=True)
    ]
    if NOWHERE in nodes:
        return NOTHING
    if place == at:
        axis = None
    else:
        spatial = [d for d in range(1, rank) if d != at]
        names = lowering.volume(nodes[0]).axis_names
        axis = "positions" if len(names) == 1 else names[spatial.index(place)]
    node = concat(lowering, call, tuple(nodes), axis)
    if node == NOWHERE:
        return NOTHING
    return Value(node, with_channels_at(lowering.volume(node), at))


def stack(lowering: Lowering, call: Call) -> Tensor:
    """Side by side in the channels, with a dimension for which of them it is."""
    values = [lowering.tensor(ref) for ref in call.arguments["tensors"]]
    if not all(isinstance(value, Value) for value in values):
        return lowering.refused(call, "stack of something that is no activation")
    at, place = _channels_at(values), call.arguments.get("dim", 0) % len(call.shape)  # type: ignore[arg-type]
    if at == 0 or place == 0:
        return lowering.refused(call, "stack of batches has no layer type")
    nodes = tuple(lowering.settled(call, value, at) for value in values)  # type: ignore[arg-type]
    node = NOWHERE if NOWHERE in nodes else concat(lowering, call, nodes, None)
    if node == NOWHERE:
        return NOTHING
    volume = lowering.volume(node)
    size = volume.channels // len(nodes)
    layout = list(with_channels_at(volume, at))
    layout[at] = whole(CHANNELS, size)
    layout.insert(place, joined((Digit(CHANNELS, size, len(nodes)),)))
    return Value(node, tuple(layout))


def total(lowering: Lowering, call: Call) -> Tensor:
    """The sum of a few parts of the channels that lie side by side."""
    value = lowering.tensor(call.arguments["self"])
    dims = call.arguments.get("dim")
    if not isinstance(value, Value) or not dims or len(dims) != 1:
        return lowering.refused(call, "sum of all elements has no layer type")
    place = dims[0] % value.rank
    dimension, volume = value.layout[place], lowering.volume(value.node)
    if len(dimension) != 1 or dimension[0].axis != CHANNELS or dimension[0].size > PARTS:
        return lowering.refused(call, f"sum over part of {volume} has no layer type")
    parts = [
        cut(lowering, call, value, place, start, start + 1) for start in range(dimension[0].size)
    ]
    known = [part for part in parts if isinstance(part, Value)]
    if len(known) < len(parts):
        return NOTHING
    node = lowering.emit(call, "add", tuple(part.node for part in known))
    layout = known[0].layout
    if not call.arguments.get("keepdim"):
        layout = layout[:place] + layout[place + 1 :]
    return lowering.placed(node, layout, value.rolled)


def _channels_at(values: list[Value]) -> int:
    """The dimension that has the channels, in the first value that tells."""
    for value in values:
        for place, dimension in enumerate(value.layout):
            if any(digit.axis == CHANNELS for digit in dimension):
                return place
    return 1


def concat(lowering: Lowering, call: Call, nodes: tuple[int, ...], axis: str | None) -> int:
    """A concat of a concat and more is one row on the other, as DenseNet has it."""
    for count in range(len(nodes) - 1, 1, -1):
        known = lowering.joined.get(("concat", axis, nodes[:count]))
        if known is not None:
            reads: tuple[int, ...] = (known, *nodes[count:])
            break
    else:
        reads = nodes
    node = lowering.emit(call, "concat", reads, {"axis": axis} if axis else {})
    lowering.joined["concat", axis, nodes] = node
    return node


def parameter(lowering: Lowering, call: Call, constant: Constant, at: int) -> int:
    """A learned tensor as a row of its own, with its channels at a dimension."""
    if not constant.plain or not constant.parameters:
        return lowering.assembly.refuse("a computed or fixed tensor has no layer type", call.where)
    shape = constant.shape
    if shape[0] != 1:
        return lowering.assembly.refuse("a parameter with a batch of its own", call.where)
    spatial = [size for place, size in enumerate(shape) if place not in (0, at)]
    return parameter_of(lowering, call, constant, spatial, shape[at])


def parameter_of(
    lowering: Lowering, call: Call, constant: Constant, spatial: list[int], channels: int
) -> int:
    known = ("parameter", constant.parameters, channels, *spatial)
    if known not in lowering.joined:
        shape = Volume(channels, tuple(spatial))
        name = constant.parameters[0]
        lowering.joined[known] = lowering.emit(
            _named(call, name), "parameter", (), {"shape": shape}, (constant,)
        )
    return lowering.joined[known]


def _named(call: Call, name: str) -> Call:
    """The call, in the place of the parameter that it reads: a row of that name."""
    return call._replace(modules=tuple(Module(part) for part in name.split(".")))


def _merged_patches(lowering: Lowering, call: Call, phases: list[Phase]) -> Tensor:
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
    at = _channels_at([value])
    if not is_whole or call.arguments["dim"] % value.rank != at:
        return lowering.refused(call, "cat of every other row has no layer type")
    node = lowering.settled(call, value, at)
    node = lowering.emit(call, "space_to_depth", (node,), {"scale": step})
    if node == NOWHERE:
        return NOTHING
    return Value(node, with_channels_at(lowering.volume(node), at))


TABLE = {
    **dict.fromkeys(
        ("contiguous", "clone", "detach", "alias", "to", "_to_copy", "type_as", "lift_fresh_copy"),
        same,
    ),
    **dict.fromkeys(
        (
            "view",
            "reshape",
            "_unsafe_view",
            "flatten",
            "unflatten",
            "squeeze",
            "unsqueeze",
            "view_as",
            "reshape_as",
        ),
        view,
    ),
    "permute": permute,
    **dict.fromkeys(("transpose", "swapaxes", "t", "numpy_T", "mT"), transpose),
    "roll": roll,
    "expand": expand,
    "expand_as": expand,
    "select": select,
    "slice": slice_,
    **dict.fromkeys(("chunk", "split", "split_with_sizes", "unbind", "tensor_split"), parts),
    "getitem": item,
    "stack": stack,
    "sum": total,
    "cat": cat,
    "concat": cat,
}
