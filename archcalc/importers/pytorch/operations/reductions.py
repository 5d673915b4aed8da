"""Sums, means, maxima and lengths along dimensions."""

from __future__ import annotations

from typing import Any

from archcalc.importers.pytorch.arranging import on_axis
from archcalc.importers.pytorch.layout import CHANNELS, channels_of, whole
from archcalc.importers.pytorch.lowering import NOTHING, Lowering
from archcalc.importers.pytorch.operations.merging import scaled
from archcalc.importers.pytorch.operations.pointwise import value_of
from archcalc.importers.pytorch.operations.slicing import cut
from archcalc.importers.pytorch.traced import Call
from archcalc.importers.pytorch.values import Lengths, Tensor, Value

PARTS = 8
"""The most parts of the channels that are added up."""


def mean(type: str, adaptive: str) -> Any:
    """Over all positions, or over some of the axes; the channels stay."""

    def apply(lowering: Lowering, call: Call) -> Tensor:
        value = value_of(lowering, call)
        if value is None:
            return lowering.refused(call, f"{call.operation} of something that is no activation")
        given = call.arguments.get("dim")
        listed = range(value.rank) if given is None else [given] if type_is_int(given) else given
        places = sorted({place % value.rank for place in listed})
        volume = lowering.volume(value.node)
        if type == "global_avgpool" and len(places) == 1 and call.arguments.get("keepdim"):
            source = _squared(lowering, value)
            if source is not None and value.layout[places[0]] == channels_of(volume):
                return Lengths(value._replace(node=source), places[0], True)
        read = {digit for place in places for digit in value.layout[place]}
        axes = {axis: whole(axis, size) for axis, size in enumerate(volume.spatial)}
        over = [axis for axis, digits in axes.items() if digits and set(digits) <= read]
        if read != {digit for axis in over for digit in axes[axis]} or any(
            digit.axis == CHANNELS for digit in read
        ):
            return _along_one(lowering, call, value, places, adaptive)
        node = value.node
        if over:
            kept = [1 if axis in over else size for axis, size in enumerate(volume.spatial)]
            keys = {} if set(kept) == {1} else {"output": kept}
            node = lowering.emit(call, adaptive if keys else type, (node,), keys)
        if call.arguments.get("keepdim"):
            layout = [() if at in places else d for at, d in enumerate(value.layout)]
        else:
            layout = [d for at, d in enumerate(value.layout) if at not in places]
        if places and places[0] == 0 and not call.arguments.get("keepdim"):
            return lowering.refused(call, f"{call.operation} over the batch has no layer type")
        return lowering.placed(node, tuple(layout))

    return apply


def _squared(lowering: Lowering, value: Value) -> int | None:
    """The node whose square it is; None where it is none."""
    operation = lowering.assembly.operation(value.node) if value.node else None
    if operation is None or operation.layer.type != "multiply":
        return None
    first, *others = operation.inputs
    return first if others == [first] else None


def _along_one(
    lowering: Lowering, call: Call, value: Value, places: list[int], adaptive: str
) -> Tensor:
    """Over one dimension that is no axis yet: a mean of channels is their sum, scaled."""
    fact = f"{call.operation} over channels or part of an axis has no layer type"
    if len(places) != 1:
        return lowering.refused(call, fact)
    (place,) = places
    if any(d.axis == CHANNELS for d in value.layout[place]):
        if adaptive != "adaptive_avgpool":
            return lowering.refused(call, fact)
        summed = total(lowering, call, place)
        if not isinstance(summed, Value):
            return summed
        return scaled(lowering, call, summed, 1 / value.shape[place])
    on_it = on_axis(lowering, call, value, place)
    if on_it is None:
        return NOTHING
    placed, axis = on_it
    spatial = lowering.volume(placed.node).spatial
    kept = [1 if at == axis else size for at, size in enumerate(spatial)]
    keys = {"output": kept if len(kept) > 1 else 1}
    node = lowering.emit(call, adaptive, (placed.node,), keys)
    layout = [() if at == place else d for at, d in enumerate(placed.layout)]
    if not call.arguments.get("keepdim"):
        del layout[place]
    return lowering.placed(node, tuple(layout))


def type_is_int(value: Any) -> bool:
    return isinstance(value, int)


def added(lowering: Lowering, call: Call) -> Tensor:
    dims = call.arguments.get("dim")
    if not dims or len(dims) != 1:
        return lowering.refused(call, "sum of all elements has no layer type")
    return total(lowering, call, dims[0])


def total(lowering: Lowering, call: Call, place: int) -> Tensor:
    """The sum of a few parts of the channels that lie side by side, or along an axis."""
    value = lowering.tensor(call.arguments["self"])
    if not isinstance(value, Value):
        return lowering.refused(call, "sum of something that is no activation")
    place %= value.rank
    dimension = value.layout[place]
    if len(dimension) != 1 or dimension[0].axis != CHANNELS or dimension[0].size > PARTS:
        return _added_up(lowering, call, value, place)
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


def _added_up(lowering: Lowering, call: Call, value: Value, place: int) -> Tensor:
    """The sum along an axis of its own."""
    on_it = on_axis(lowering, call, value, place)
    if on_it is None:
        return NOTHING
    placed, axis = on_it
    node = placed.node
    if placed.layout[place]:
        names = lowering.volume(placed.node).axis_names
        keys = {"axis": "channels" if axis == CHANNELS else names[axis]}
        node = lowering.emit(call, "reduce_sum", (placed.node,), keys)
    layout = [() if at == place else d for at, d in enumerate(placed.layout)]
    if not call.arguments.get("keepdim"):
        del layout[place]
    return lowering.placed(node, tuple(layout))


def lengths(lowering: Lowering, call: Call) -> Tensor:
    """Of the channels at each position, as l2norm divides by them."""
    value, arguments = value_of(lowering, call), call.arguments
    places: Any = arguments.get("dim")
    listed: list[int] = [places] if type_is_int(places) else list(places or ())
    if value is None or arguments.get("ord") != 2 or not arguments.get("keepdim"):
        return lowering.refused(call, f"{call.operation} of this kind has no layer type")
    if len(listed) != 1:
        return lowering.refused(call, f"{call.operation} over several axes has no layer type")
    return Lengths(value, listed[0] % value.rank)


TABLE = {
    "linalg_vector_norm": lengths,
    "sum": added,
    "mean": mean("global_avgpool", "adaptive_avgpool"),
    "amax": mean("global_maxpool", "adaptive_maxpool"),
}
