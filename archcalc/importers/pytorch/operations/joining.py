"""Tensors side by side, and learned ones as rows of their own."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from archcalc.importers.graph import Module
from archcalc.importers.pytorch.arranging import channel_dims, grouped, laid_out, on_axis
from archcalc.importers.pytorch.layout import (
    CHANNELS,
    Digit,
    joined,
    whole,
    with_channels_at,
)
from archcalc.importers.pytorch.lowering import NOTHING, Lowering
from archcalc.importers.pytorch.operations.slicing import channels_at, merged_patches
from archcalc.importers.pytorch.traced import Call
from archcalc.importers.pytorch.values import (
    Constant,
    Empty,
    Negative,
    Phase,
    Tensor,
    Turned,
    Value,
)
from archcalc.network.layers.reshape import Slice
from archcalc.network.network import NOWHERE
from archcalc.network.volume import Volume


def cat(lowering: Lowering, call: Call) -> Tensor:
    tensors = [lowering.tensor(ref) for ref in call.arguments["tensors"]]
    place = call.arguments.get("dim", 0)
    if all(isinstance(tensor, Phase) for tensor in tensors):
        return merged_patches(lowering, call, [t for t in tensors if isinstance(t, Phase)])
    tensors = [tensor for tensor in tensors if not isinstance(tensor, Empty)]
    turned = _turned(lowering, call, tensors)
    if turned:
        return turned
    values = [tensor for tensor in tensors if isinstance(tensor, Value)]
    if not values or any(not isinstance(tensor, Value | Constant) for tensor in tensors):
        return lowering.refused(call, "cat of something that is no activation")
    if len(tensors) == 1:
        return values[0]
    rank = len(call.shape)
    place %= rank
    at = channels_at(values)
    lies_apart = len({tuple(channel_dims(value)) for value in values} - {()}) > 1
    has_heads = any(len(channel_dims(value)) > 1 or value.layout[0] for value in values)
    if lies_apart or has_heads or place == 0:
        return (
            _along(lowering, call, values, place)
            if len(values) == len(tensors)
            else (lowering.refused(call, "cat of heads and parameters has no layer type"))
        )
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


def _along(lowering: Lowering, call: Call, values: list[Value], place: int) -> Tensor:
    """Along a dimension of tensors whose channels are divided among several."""
    channels = next((own for value in values if (own := channel_dims(value))), [])
    placed = [on_axis(lowering, call, value, place, channels) for value in values]
    known = [found for found in placed if found is not None]
    if len(known) < len(placed):
        return NOTHING
    first, at = known[0]
    axis = None if at == CHANNELS else lowering.volume(first.node).axis_names[at]
    node = concat(lowering, call, tuple(value.node for value, _ in known), axis)
    if node == NOWHERE:
        return NOTHING
    layout = list(first.layout)
    layout[place] = whole(at, call.shape[place])
    return Value(node, tuple(layout))


def _turned(lowering: Lowering, call: Call, tensors: Sequence[object]) -> Tensor | None:
    """Two halves of the channels of heads changed over, the one of them negative."""
    if len(tensors) != 2 or not isinstance(tensors[0], Negative):
        return None
    first, second = tensors[0].value, tensors[1]
    if isinstance(first, Phase) and isinstance(second, Phase) and first.value == second.value:
        return Turned(first.value.node, call.shape)
    if not isinstance(first, Value) or not isinstance(second, Value):
        return None
    halves = [lowering.assembly.operation(value.node) for value in (second, first) if value.node]
    known = [half.layer for half in halves if isinstance(half.layer, Slice)]
    if len(known) != 2 or halves[0].inputs != halves[1].inputs:
        return None
    low, high = known
    size = low.stop
    if (low.start, high.start, high.stop) != (0, size, 2 * size) or low.groups != high.groups:
        return None
    return Turned(halves[0].inputs[0], call.shape)


def stack(lowering: Lowering, call: Call) -> Tensor:
    """Side by side in the channels, with a dimension for which of them it is."""
    values = [lowering.tensor(ref) for ref in call.arguments["tensors"]]
    turned = _turned(lowering, call, values)
    if turned:
        return turned
    if not all(isinstance(value, Value) for value in values):
        return lowering.refused(call, "stack of something that is no activation")
    at, place = channels_at(values), call.arguments.get("dim", 0) % len(call.shape)  # type: ignore[arg-type]
    if at == 0:
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
    """Its row; where another shape of it is read, the row of the first one, reshaped."""
    shape = {"shape": Volume(channels, tuple(spatial))}
    known = ("parameter", constant.parameters)
    if known not in lowering.joined:
        named = _named(call, constant.parameters[0])
        lowering.joined[known] = lowering.emit(named, "parameter", (), shape, (constant,))
    node = lowering.joined[known]
    if node == NOWHERE or lowering.volume(node) == shape["shape"]:
        return node
    return lowering.once(call, "reshape", node, shape)


def stored(lowering: Lowering, call: Call, constant: Constant) -> Value | None:
    """A tensor that is there: its last dimension as channels, those before it as positions."""
    places = [place for place, size in enumerate(constant.shape) if size > 1]
    *rows, last = places or [max(constant.rank - 1, 0)]
    groups = grouped(rows, ()) if len(rows) <= 3 else [rows]
    spatial = [prod(constant.shape[place] for place in group) for group in groups]
    channels = constant.shape[last] if constant.shape else 1
    if constant.parameters:
        node = parameter_of(lowering, call, constant, spatial, channels)
    else:
        shape = {"shape": Volume(channels, tuple(spatial))}
        node = lowering.emit(call, "constant", (), shape)
    if node == NOWHERE:
        return None
    return Value(node, laid_out(constant.shape, groups, [last] if constant.shape else []))


def _named(call: Call, name: str) -> Call:
    """The call, in the place of the parameter that it reads: a row of that name."""
    return call._replace(modules=tuple(Module(part) for part in name.split(".")))


TABLE = {
    "stack": stack,
    "cat": cat,
    "concat": cat,
}
