"""Sums and products: of activations, with parameters, with numbers."""

from __future__ import annotations

from math import prod
from typing import Any

from archcalc.importers.pytorch.layout import (
    CHANNELS,
    Layout,
    channels_of,
    flat,
    viewed,
    with_channels_at,
)
from archcalc.importers.pytorch.lowering import NOTHING, Lowering
from archcalc.importers.pytorch.operations.pointwise import exactly, of_type
from archcalc.importers.pytorch.operations.views import parameter_of
from archcalc.importers.pytorch.traced import Call, Ref
from archcalc.importers.pytorch.values import Constant, Lengths, Scores, Tensor, Value
from archcalc.network.network import NOWHERE
from archcalc.network.volume import Volume

SELF_GATED = {"sigmoid": "silu", "hardsigmoid": "hardswish"}


def operands(lowering: Lowering, call: Call) -> tuple[Any, Any]:
    """Tensors, or the numbers that stand in their place."""
    pair = []
    for name in ("self", "other"):
        argument = call.arguments[name]
        pair.append(lowering.tensor(argument) if isinstance(argument, Ref) else argument)
    return pair[0], pair[1]


def add(lowering: Lowering, call: Call) -> Tensor:
    first, second = operands(lowering, call)
    if call.arguments.get("alpha", 1) != 1:
        return lowering.refused(call, "add of a multiple has no layer type")
    if isinstance(first, Constant | int | float):
        first, second = second, first
    if isinstance(first, Value) and isinstance(second, int | float) and not second:
        return first
    if isinstance(first, Lengths) and isinstance(second, float) and 0 < second < 1:
        return first  # so that no length is 0
    if isinstance(first, Scores) and isinstance(second, Constant):
        return biased(lowering, call, first, second)
    if isinstance(first, Value) and isinstance(second, Value):
        return merged(lowering, call, "add", first, second)
    if isinstance(first, Value) and isinstance(second, Constant):
        return shifted(lowering, call, first, second)
    return lowering.refused(call, f"add of {_what(second)} has no layer type")


def _what(operand: object) -> str:
    return "a number" if isinstance(operand, int | float) else "such tensors"


def biased(lowering: Lowering, call: Call, scores: Scores, bias: Constant) -> Tensor:
    """A mask costs nothing; a table of biases belongs to the attention."""
    if not bias.parameters:
        return scores
    if scores.table is not None:
        return lowering.refused(call, "attention with two biases has no layer type")
    return scores._replace(table=bias)


def subtract(lowering: Lowering, call: Call) -> Tensor:
    first, second = operands(lowering, call)
    if isinstance(first, Value) and isinstance(second, Value):
        return merged(lowering, call, "subtract", first, second)
    return lowering.refused(call, f"subtraction of {_what(second)} has no layer type")


def shifted(lowering: Lowering, call: Call, value: Value, constant: Constant) -> Tensor:
    """A learned tensor that is added: one for every position, or one for all."""
    if not constant.parameters:
        return lowering.refused(call, "add of fixed numbers has no layer type")
    if constant.plain and prod(constant.shape) == 1 and _is_scaled(lowering, value):
        amended = lowering.amended(call, value.node, {"bias": True}, constant)
        return lowering.placed(amended, value.layout, value.rolled)
    return _with_parameter(lowering, call, "add", value, constant)


def _is_scaled(lowering: Lowering, value: Value) -> bool:
    """Whether it was just scaled by one trained number, to which another may be added."""
    layer: Any = lowering.layer(value.node) if value.node else None
    return getattr(layer, "per", None) == "tensor" and not layer.adds


def _with_parameter(
    lowering: Lowering, call: Call, type: str, value: Value, constant: Constant
) -> Tensor:
    if not constant.plain:
        return lowering.refused(call, "a computed tensor of parameters has no layer type")
    volume = lowering.volume(value.node)
    padded = (1,) * (value.rank - constant.rank) + constant.shape
    at = next((p for p, d in enumerate(value.layout) if d == channels_of(volume) != ()), None)
    if at is None or padded[at] != volume.channels:
        return lowering.refused(call, f"{type} of a parameter that has no channels")
    others = [size for place, size in enumerate(padded) if place != at]
    spatial: list[int] = []
    if prod(others) == volume.positions:
        spatial = list(volume.spatial)
        if any(p != s for place, (p, s) in enumerate(zip(padded, value.shape, strict=True))):
            return lowering.refused(call, f"{type} of a parameter with other positions")
    elif prod(others) != 1:
        return lowering.refused(call, f"{type} of a parameter for some of the axes")
    learned = parameter_of(lowering, call, constant, spatial, volume.channels)
    node = lowering.emit(call, type, (value.node, learned))
    return lowering.placed(node, value.layout, value.rolled)


def multiply(lowering: Lowering, call: Call) -> Tensor:
    first, second = operands(lowering, call)
    if isinstance(first, Constant | int | float):
        first, second = second, first
    if isinstance(first, Scores):
        if isinstance(second, Constant) and second.parameters:
            return lowering.refused(call, "attention with a trained scale has no layer type")
        return first
    if isinstance(first, Lengths):
        first, second = second, first
    if isinstance(first, Value) and isinstance(second, Lengths):
        if second.value == first and second.is_inverse and second.is_mean:
            node = lowering.emit(call, "rmsnorm", (first.node,), {"affine": False})
            return lowering.placed(node, first.layout, first.rolled)
        return lowering.refused(call, "product with lengths of other channels has no layer type")
    if isinstance(first, Value) and isinstance(second, int | float):
        return scaled(lowering, call, first, second)
    if isinstance(first, Value) and isinstance(second, Value):
        return gated(lowering, call, first, second)
    if isinstance(first, Value) and isinstance(second, Constant):
        return coefficients(lowering, call, first, second)
    return lowering.refused(call, "product of such tensors has no layer type")


def divide(lowering: Lowering, call: Call) -> Tensor:
    first, second = operands(lowering, call)
    if isinstance(first, Scores) and isinstance(second, int | float):
        return first
    if isinstance(first, Value) and isinstance(second, int | float) and second:
        return scaled(lowering, call, first, 1 / second)
    if isinstance(first, Value) and isinstance(second, Lengths) and second.value == first:
        return of_type(lowering, call, first, "l2norm")
    return lowering.refused(call, "division by a tensor has no layer type")


def scaled(lowering: Lowering, call: Call, value: Value, by: float) -> Tensor:
    if by == 1:
        return value
    node = lowering.emit(call, "scale", (value.node,), {"by": exactly(by)})
    return lowering.placed(node, value.layout, value.rolled)


def gated(lowering: Lowering, call: Call, first: Value, second: Value) -> Tensor:
    """x times its sigmoid is SiLU; else a product."""
    for value, gate in ((first, second), (second, first)):
        operation = lowering.assembly.operation(gate.node) if gate.node else None
        if operation and operation.inputs == (value.node,) and value.layout == gate.layout:
            type = SELF_GATED.get(operation.layer.type)
            if type:
                return of_type(lowering, call, value, type)
    return merged(lowering, call, "multiply", first, second)


def coefficients(lowering: Lowering, call: Call, value: Value, constant: Constant) -> Tensor:
    """A trained factor per channel, or one for all."""
    volume = lowering.volume(value.node)
    if not constant.parameters:
        if constant.elements == 1 or prod(constant.shape) == 1:
            return lowering.refused(call, "product with a fixed tensor has no layer type")
        return lowering.refused(call, "product with fixed numbers has no layer type")
    padded = (1,) * (value.rank - constant.rank) + constant.shape
    at = next((p for p, d in enumerate(value.layout) if d == channels_of(volume) != ()), None)
    count = prod(constant.shape)
    if constant.plain and count == 1:
        keys: dict[str, object] = {"per": "tensor"}
    elif constant.plain and at is not None and count == padded[at] == volume.channels:
        if _is_plain_norm(lowering, value):
            amended = lowering.amended(call, value.node, {"affine": True}, constant)
            return lowering.placed(amended, value.layout, value.rolled)
        keys = {"bias": False}
    else:
        return _with_parameter(lowering, call, "multiply", value, constant)
    node = lowering.emit(call, "scale", (value.node,), keys, (constant,))
    return lowering.placed(node, value.layout, value.rolled)


def _is_plain_norm(lowering: Lowering, value: Value) -> bool:
    """Whether it is an rmsnorm to which its factors may be given."""
    layer: Any = lowering.layer(value.node) if value.node else None
    return getattr(layer, "type", "") == "rmsnorm" and not layer.affine


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
    if _agree(leader.layout, other.layout) and leader.rolled == other.rolled:
        layout, rolled = leader.layout, leader.rolled
        nodes = [leader.node, other.node]
    else:
        run = _divided(leader, lowering.volume(leader.node))
        if run:
            return _rejoined(lowering, call, type, [first, second], run)
        at = _place(leader)
        nodes = [lowering.settled(call, value, at) for value in (leader, other)]
        if NOWHERE in nodes:
            return NOTHING
        layout, rolled = with_channels_at(lowering.volume(nodes[0]), at), ()
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


def power(lowering: Lowering, call: Call) -> Tensor:
    """The square is a product with itself."""
    value, exponent = lowering.tensor(call.arguments["self"]), call.arguments.get("exponent", 2)
    if not isinstance(value, Value) or exponent != 2:
        return lowering.refused(call, f"power of {exponent} has no layer type")
    node = lowering.emit(call, "multiply", (value.node, value.node))
    return lowering.placed(node, value.layout, value.rolled)


def _divided(value: Value, volume: Volume) -> tuple[int, int] | None:
    """The dimensions side by side among which all channels are divided, where they are."""
    places = [at for at, d in enumerate(value.layout) if any(x.axis == CHANNELS for x in d)]
    if len(places) < 2:
        return None
    start, stop = places[0], places[-1] + 1
    return (start, stop) if flat(value.layout[start:stop]) == channels_of(volume) else None


def _rejoined(
    lowering: Lowering, call: Call, type: str, values: list[Value], run: tuple[int, int]
) -> Tensor:
    """The same with the divided channels as one dimension, which is divided again behind it."""
    start, stop = run
    rank = len(call.shape)
    shape = (*call.shape[:start], prod(call.shape[start:stop]), *call.shape[stop:])
    whole = []
    for value in values:
        layout = _padded(value, rank).layout
        whole.append(
            value._replace(layout=(*layout[:start], flat(layout[start:stop]), *layout[stop:]))
        )
    made = merged(lowering, call._replace(shapes=(shape,)), type, whole[0], whole[1])
    if not isinstance(made, Value):
        return made
    back = viewed(made.layout, call.shape)
    return made._replace(layout=back) if back else NOTHING


def _padded(value: Value, rank: int) -> Value:
    return value._replace(layout=((),) * (rank - value.rank) + value.layout)


def _agree(leader: Layout, other: Layout) -> bool:
    return all(theirs in (mine, ()) for mine, theirs in zip(leader, other, strict=True))


def _place(value: Value) -> int:
    for place, dimension in enumerate(value.layout):
        if any(digit.axis == CHANNELS for digit in dimension):
            return place
    return 1


TABLE = {
    "add": add,
    "sub": subtract,
    "subtract": subtract,
    "mul": multiply,
    "pow": power,
    "square": power,
    "multiply": multiply,
    "div": divide,
    "true_divide": divide,
}
