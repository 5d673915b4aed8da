"""Activations, normalisations and fully connected layers: what works on channels at a position."""

from __future__ import annotations

from fractions import Fraction
from math import prod
from typing import Any

from archcalc.importers.pytorch.arranging import arranged, at, in_groups
from archcalc.importers.pytorch.layout import channels_of, flat, size_of, whole
from archcalc.importers.pytorch.lowering import NOTHING, Lowering, Result
from archcalc.importers.pytorch.traced import Call
from archcalc.importers.pytorch.values import Constant, Lengths, Scores, Tensor, Value
from archcalc.network.network import NOWHERE
from archcalc.network.volume import Volume

ACTIVATIONS = {
    "relu": "relu",
    "relu6": "relu6",
    "elu": "elu",
    "selu": "selu",
    "gelu": "gelu",
    "silu": "silu",
    "mish": "mish",
    "hardswish": "hardswish",
    "hardsigmoid": "hardsigmoid",
    "sigmoid": "sigmoid",
    "tanh": "tanh",
    "softplus": "softplus",
    "leaky_relu": "leaky_relu",
}


def value_of(lowering: Lowering, call: Call) -> Value | None:
    """The tensor that an operation works on."""
    for name in ("input", "self"):
        if name in call.arguments:
            value = lowering.tensor(call.arguments[name])
            return value if isinstance(value, Value) else None
    return None


def activation(lowering: Lowering, call: Call) -> Tensor:
    value = value_of(lowering, call)
    if value is None:
        return lowering.refused(call, f"{call.operation} of something that is no activation")
    return of_type(lowering, call, value, ACTIVATIONS[call.operation])


def of_type(lowering: Lowering, call: Call, value: Value, type: str) -> Tensor:
    node = lowering.emit(call, type, (value.node,))
    return lowering.placed(node, value.layout, value.rolled)


def clip(lowering: Lowering, call: Call) -> Tensor:
    low = call.arguments.get("min_val", call.arguments.get("min"))
    high = call.arguments.get("max_val", call.arguments.get("max"))
    read = lowering.tensor(call.arguments["self"])
    if isinstance(read, Lengths) and high is None:  # no division by 0
        return read
    value = value_of(lowering, call)
    if value is None or (low, high) not in ((0, 6), (0, None)):
        return lowering.refused(call, f"clip to {low} .. {high} has no layer type")
    return of_type(lowering, call, value, "relu6" if high == 6 else "relu")


def prelu(lowering: Lowering, call: Call) -> Tensor:
    value = value_of(lowering, call)
    placed = at(lowering, call, value, 1) if value else None
    if placed is None:
        return NOTHING
    weight = lowering.constant(call.arguments["weight"])
    node = lowering.emit(call, "prelu", (placed.node,), {}, (weight,))
    return lowering.placed(node, placed.layout, placed.rolled)


def softmax(lowering: Lowering, call: Call) -> Tensor:
    value = lowering.tensor(call.arguments["self"])
    place = call.arguments["dim"]
    if isinstance(value, Scores):
        return value._replace(is_soft=True)
    if not isinstance(value, Value):
        return NOTHING
    return soft_over(lowering, call, value, place)


def soft_over(lowering: Lowering, call: Call, value: Value, place: int) -> Tensor:
    """Softmax along a dimension: the channels, a part of them, or an axis."""
    dimension, volume = value.layout[place], lowering.volume(value.node)
    for axis, size in enumerate(volume.spatial):
        if dimension == whole(axis, size) != ():
            name = "positions" if len(volume.spatial) == 1 else volume.axis_names[axis]
            node = lowering.emit(call, "softmax", (value.node,), {"axis": name})
            return lowering.placed(node, value.layout, value.rolled)
    lead = dimension[0] if len(dimension) == 1 else None
    if volume.positions == 1 and lead and 1 < lead.stride == volume.channels // lead.size:
        return _among_parts(lowering, call, value, place)
    made = in_groups(lowering, call, value, place)
    if made is None:
        return NOTHING
    placed, keys = made
    node = lowering.emit(call, "softmax", (placed.node,), keys)
    return lowering.placed(node, placed.layout, placed.rolled)


def _among_parts(lowering: Lowering, call: Call, value: Value, place: int) -> Tensor:
    """Over the parts that the channels of a vector are divided into: over positions."""
    (digit,) = value.layout[place]
    shape = {"shape": Volume(digit.stride, (digit.size,))}
    node = lowering.emit(call, "reshape", (value.node,), shape)
    node = lowering.emit(call, "softmax", (node,), {"axis": "positions"})
    layout = list(value.layout)
    layout[place] = whole(0, digit.size)
    return lowering.placed(node, tuple(layout))


def inverse_root(lowering: Lowering, call: Call) -> Tensor:
    """Of a mean square, as rmsnorm multiplies with it."""
    read = lowering.tensor(call.arguments["self"])
    if isinstance(read, Lengths) and read.is_mean:
        return read._replace(is_inverse=True)
    return lowering.refused(call, f"{call.operation} has no layer type")


def linear(lowering: Lowering, call: Call) -> Tensor:
    value = value_of(lowering, call)
    weight = lowering.constant(call.arguments["weight"])
    bias = lowering.constant(call.arguments["bias"])
    if value is None or weight is None:
        return lowering.refused(call, "linear by a tensor that is no parameter")
    if bias is not None and len(bias.parts) > 1 and weight.plain:
        return _in_parts(lowering, call, value, weight, bias.parts)
    keys: dict[str, Any] = {"units": weight.shape[0]}
    if bias is None:
        keys["bias"] = False
    volume = lowering.volume(value.node)
    if _is_vector(lowering, value):
        node = lowering.emit(call, "linear", (value.node,), keys, (weight, bias))
        if node == NOWHERE:
            return NOTHING
        dims = [()] * (value.rank - 1)
        return Value(node, (*dims, channels_of(lowering.volume(node))))
    placed = at(lowering, call, value, -1)
    if placed is None:
        return NOTHING
    volume = lowering.volume(placed.node)
    if volume.spatial:
        keys["flatten"] = False
    node = lowering.emit(call, "linear", (placed.node,), keys, (weight, bias))
    return lowering.changed(placed, node, placed.rank - 1)


def _in_parts(
    lowering: Lowering, call: Call, value: Value, weight: Constant, parts: tuple[Constant, ...]
) -> Tensor:
    """One product as several side by side, since not all of its units have a bias (BEiT)."""
    placed = at(lowering, call, value, -1)
    if placed is None:
        return NOTHING
    flat = {"flatten": False} if lowering.volume(placed.node).spatial else {}
    units = [part.shape[0] for part in parts]
    if sum(units) != weight.shape[0] or any(len(part.parameters) > 1 for part in parts):
        return lowering.refused(call, "linear with such biases has no layer type")
    names = (*weight.parameters, *(name for part in parts for name in part.parameters))
    if any(name in lowering.used for name in names) or not all(map(lowering.is_trained, names)):
        return lowering.refused(call, "linear with such biases and shared or frozen weights")
    nodes = []
    for part in parts:
        has = bool(part.parameters)
        keys = {"units": part.shape[0], **({} if has else {"bias": False}), **flat}
        nodes.append(lowering.emit(call, "linear", (placed.node,), keys, None))
    lowering.used.update(zip(names, (nodes[0],) * len(names), strict=True))
    node = NOWHERE if NOWHERE in nodes else lowering.emit(call, "concat", tuple(nodes))
    lowering.joined["parts", node] = len(nodes)
    return lowering.changed(placed, node, placed.rank - 1)


def _is_vector(lowering: Lowering, value: Value) -> bool:
    """Whether it is all elements of a sample side by side, in either order of memory."""
    if any(value.rolled) or size_of(value.layout[-1]) != prod(value.shape):
        return False
    volume = lowering.volume(value.node)
    axes = [whole(axis, size) for axis, size in enumerate(volume.spatial)]
    own = channels_of(volume)
    if not flat(axes):
        return value.rank == 2 and value.layout[-1] == own
    return value.layout[-1] in (flat([own, *axes]), flat([*axes, own]))


def norm(type: str, place: int) -> Any:
    """A normalisation with the channels at a place, and a number or two for each of them."""

    def apply(lowering: Lowering, call: Call) -> Tensor:
        arguments = call.arguments
        value = value_of(lowering, call)
        if value is None:
            return lowering.refused(call, f"{call.operation} of something that is no activation")
        if type in ("layernorm", "rmsnorm") and len(arguments["normalized_shape"]) != 1:
            over = "x".join(map(str, arguments["normalized_shape"]))
            return lowering.refused(call, f"{call.operation} over {over} has no layer type")
        placed = at(lowering, call, value, place)
        if placed is None:
            return NOTHING
        weight, bias = (lowering.constant(arguments.get(name)) for name in ("weight", "bias"))
        if type == "batchnorm" and not arguments.get("running_mean"):
            return lowering.refused(call, "batch_norm without running statistics")
        if type in ("instancenorm", "groupnorm") and placed.layout[0]:
            return lowering.refused(call, f"{type} of windows has no layer type")
        keys: dict[str, Any] = {"groups": arguments["num_groups"]} if type == "groupnorm" else {}
        if weight is None:
            keys["affine"] = False
        elif type == "layernorm" and bias is None:
            keys["bias"] = False
        node = lowering.emit(call, type, (placed.node,), keys, (weight, bias))
        return lowering.placed(node, placed.layout, placed.rolled)

    return apply


def recurrent(lowering: Lowering, call: Call) -> Result:
    """Along the second dimension; what lies on the first are sequences of their own."""
    arguments = call.arguments
    value = value_of(lowering, call)
    weights = [lowering.constant(ref) for ref in arguments["params"]]
    if value is None or not arguments["batch_first"] or not weights or weights[0] is None:
        return lowering.refused(call, f"{call.operation} of this kind has no layer type")
    rows = [[place] for place in (0, 1) if value.layout[place]]
    placed = arranged(lowering, call, value, rows, [2], True)
    if placed is None:
        return NOTHING
    units = weights[1].shape[-1] if weights[1] else 0
    keys: dict[str, Any] = {"units": units}
    if arguments["num_layers"] > 1:
        keys["num_layers"] = arguments["num_layers"]
    if arguments["bidirectional"]:
        keys["bidirectional"] = True
    if not arguments["has_biases"]:
        keys["bias"] = False
    if len(rows) > 1:
        keys["axis"] = lowering.volume(placed.node).axis_names[1]
    node = lowering.emit(call, call.operation, (placed.node,), keys, weights)
    return (lowering.changed(placed, node, 2), *[NOTHING] * (len(call.shapes) - 1))


def dropout(lowering: Lowering, call: Call) -> Tensor:
    name = "self" if "self" in call.arguments else "input"
    value, rate = lowering.tensor(call.arguments[name]), call.arguments["p"]
    if rate and isinstance(value, Value):
        node = lowering.emit(call, "dropout", (value.node,), {"rate": exactly(rate)})
        return lowering.placed(node, value.layout, value.rolled)
    return NOTHING if type(value) is tuple else value  # type: ignore[return-value]


def exactly(number: float) -> Fraction:
    """A number as it was written, in the digits that a file may have."""
    return Fraction(number) if isinstance(number, int) else Fraction(format(number, ".12g"))


def whole_map(type: str, *keys: str) -> Any:
    """A layer on a map as it is, with keys that have the names of the arguments."""

    def apply(lowering: Lowering, call: Call) -> Tensor:
        value = value_of(lowering, call)
        if value is None:
            return lowering.refused(call, f"{call.operation} of something that is no activation")
        node = lowering.map(call, value)
        if node == NOWHERE:
            return NOTHING
        given = {key: call.arguments[key] for key in keys}
        return lowering.as_map(lowering.emit(call, type, (node,), given))

    return apply


TABLE = {
    "local_response_norm": whole_map("lrn", "size"),
    "l2_normalize": whole_map("l2norm"),
    **dict.fromkeys(ACTIVATIONS, activation),
    "hardtanh": clip,
    "clamp": clip,
    "clamp_min": clip,
    "prelu": prelu,
    "rsqrt": inverse_root,
    "softmax": softmax,
    "linear": linear,
    "batch_norm": norm("batchnorm", 1),
    "layer_norm": norm("layernorm", -1),
    "rms_norm": norm("rmsnorm", -1),
    "group_norm": norm("groupnorm", 1),
    "instance_norm": norm("instancenorm", 1),
    "lstm": recurrent,
    "gru": recurrent,
    "dropout": dropout,
    "feature_dropout": dropout,
}
