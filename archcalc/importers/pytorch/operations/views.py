"""Operations that show the same elements: followed in the layout, mostly without a layer."""

from __future__ import annotations

from math import prod

from archcalc.importers.pytorch.arranging import arranged, grouped, laid_out, naturally, row_dims
from archcalc.importers.pytorch.layout import (
    viewed,
    whole,
)
from archcalc.importers.pytorch.lowering import NOTHING, Lowering, Result
from archcalc.importers.pytorch.traced import Call
from archcalc.importers.pytorch.values import Lengths, Scores, Tensor, Turned, Value
from archcalc.network.volume import Volume


def same(lowering: Lowering, call: Call) -> Result:
    key = "self" if "self" in call.arguments else "input"
    return lowering.tensor(call.arguments[key])


def view(lowering: Lowering, call: Call) -> Tensor:
    """Any operation after which the elements stand in the same order, in another shape."""
    value = lowering.tensor(call.arguments["self"])
    if isinstance(value, Scores):
        return _scores(lowering, call, value)
    if isinstance(value, Turned):
        return value._replace(shape=call.shape)
    if not isinstance(value, Value):
        return lowering.refused(call, f"{call.operation} of something that is no activation")
    layout = viewed(value.layout, call.shape)
    if layout is not None:
        return value._replace(layout=layout, viewed=call.modules)
    return recut(lowering, call, value)


def recut(lowering: Lowering, call: Call, value: Value) -> Tensor:
    """A view that cuts dimensions anew: laid out in their order first, then in another shape."""
    last = max(place for place, size in enumerate(value.shape) if size > 1)
    placed = arranged(
        lowering, call, value, grouped(row_dims(value, [last])), [last], value.rank > 0
    )
    if placed is None:
        return NOTHING
    places = [place for place, size in enumerate(call.shape) if size > 1]
    *rows, channels = places
    groups = grouped(rows)
    shape = Volume(
        call.shape[channels], tuple(prod(call.shape[at] for at in group) for group in groups)
    )
    node = lowering.emit(call, "reshape", (placed.node,), {"shape": shape})
    return lowering.placed(node, laid_out(call.shape, groups, [channels]))


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
            whole_axes = naturally(lowering, call, value, True)
            if whole_axes is None or whole_axes == value:
                return lowering.refused(call, "roll of part of an axis has no layer type")
            lowering.results[call.arguments["self"].name] = whole_axes
            return roll(lowering, call)
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


SAME = ("contiguous", "clone", "detach", "alias", "to", "_to_copy", "type_as", "lift_fresh_copy")
VIEWED = (
    "view", "reshape", "_unsafe_view", "flatten", "unflatten", "squeeze", "unsqueeze", "view_as",
    "reshape_as",
)  # fmt: skip

TABLE = {
    **dict.fromkeys(SAME, same),
    **dict.fromkeys(VIEWED, view),
    "permute": permute,
    **dict.fromkeys(("transpose", "swapaxes", "t", "numpy_T", "mT"), transpose),
    "roll": roll,
    "expand": expand,
    "expand_as": expand,
}
