"""Convolutions and poolings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from archcalc.importers.pytorch.layout import first_axis
from archcalc.importers.pytorch.lowering import NOTHING, Lowering, Result
from archcalc.importers.pytorch.traced import Call
from archcalc.importers.pytorch.values import Constant, Padded, Tensor, Value
from archcalc.network.network import NOWHERE


def sizes(values: Any, rank: int) -> Any:
    """One number for all axes where they are alike, or a list; pairs of both sides stay pairs."""
    listed = [values] if isinstance(values, int) else list(values)
    if isinstance(listed[0], tuple):
        return tuple(listed)
    if len(listed) == 1:
        listed *= rank
    return listed[0] if len(set(listed)) == 1 else listed


def given(keys: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """The keys that do not have their defaults."""
    return {k: v for k, v in keys.items() if k not in defaults or v != defaults[k]}


def read(lowering: Lowering, call: Call, name: str = "input") -> tuple[int, int]:
    """The node that a convolution or pooling reads as a map, and its number of axes."""
    key = name if name in call.arguments else "self"
    value = lowering.tensor(call.arguments[key])
    if not isinstance(value, Value) or len(value.layout) != len(call.shape):
        lowering.refused(call, f"{call.operation} of something that is no map")
        return NOWHERE, 0
    if value.layout[0] and value.rank == 4:  # samples, as rows along one more axis
        batch, channels, *positions = value.layout
        as_rows = value._replace(layout=((), channels, batch, *positions))
        return lowering.settled(call, as_rows, 1), value.rank - 2
    return lowering.map(call, value), value.rank - 2


def emitted(
    lowering: Lowering,
    call: Call,
    rank: int,
    type: str,
    inputs: tuple[int, ...],
    keys: Mapping[str, Any],
    weights: Sequence[Constant | None] = (),
) -> Tensor:
    """A layer with a window of some axes, behind which the samples lie on one more, or not."""
    has_samples = NOWHERE not in inputs and len(lowering.volume(inputs[0]).spatial) > rank
    if has_samples:
        keys = {name: _beside(name, value, rank) for name, value in keys.items()}
    node = lowering.emit(call, type, inputs, keys, weights)
    if node == NOWHERE or not has_samples:
        return lowering.as_map(node)
    volume = lowering.volume(node)
    _, channels, first, *rest = first_axis(volume)
    return Value(node, (first, channels, *rest))


def _beside(name: str, value: Any, rank: int) -> Any:
    """A key of a window for one axis more, that of the samples, on which nothing happens."""
    if name not in ("kernel", "stride", "dilation", "padding", "output"):
        return value
    listed = list(value) if isinstance(value, list | tuple) else [value] * rank
    if name == "padding":
        return [[0, 0], *([n, n] if isinstance(n, int) else n for n in listed)]
    return [1, *listed]


CONV = {"stride": 1, "padding": 0, "dilation": 1, "groups": 1, "bias": True, "multiplier": 1}


def conv(lowering: Lowering, call: Call) -> Tensor:
    node, rank = read(lowering, call)
    weight = lowering.constant(call.arguments["weight"])
    if node == NOWHERE or weight is None:
        return NOTHING if node == NOWHERE else lowering.refused(call, "conv by a tensor")
    if not weight.parameters:
        return blurred(lowering, call, node, rank, weight)
    if not weight.plain:
        return standardized(lowering, call, node, rank)
    return emitted(lowering, call, rank, *_conv(lowering, call, node, rank))


def _conv(lowering: Lowering, call: Call, node: int, rank: int) -> tuple[Any, ...]:
    """Type, inputs, keys and weights of a convolution."""
    arguments = call.arguments
    weight, bias = lowering.constant(arguments["weight"]), lowering.constant(arguments["bias"])
    assert weight is not None
    padding = arguments["padding"]
    keys = {
        "filters": weight.shape[0],
        "kernel": sizes(weight.shape[2:], rank),
        "stride": sizes(arguments["stride"], rank),
        "padding": padding if isinstance(padding, str) else sizes(padding, rank),
        "dilation": sizes(arguments["dilation"], rank),
        "groups": arguments["groups"],
        "bias": bias is not None,
    }
    channels, type = lowering.volume(node).channels, "conv"
    if keys["groups"] == channels > 1:
        type = "depthwise_conv"
        keys["multiplier"] = keys.pop("filters") // channels
        del keys["groups"]
    return type, (node,), given(keys, CONV), (weight, bias)


def blurred(lowering: Lowering, call: Call, node: int, rank: int, filters: Constant) -> Tensor:
    """The same fixed filter for every channel, behind mirrored rows."""
    volume = lowering.volume(node)
    pad: Any = lowering.layer(node) if node else None
    kernel, fact = filters.shape[2:], "conv with fixed weights has no layer type"
    wanted = tuple(((size - 1) // 2, size // 2) for size in kernel)
    is_blur = (
        call.arguments["groups"] == volume.channels == filters.shape[0]
        and getattr(pad, "mode", None) == "reflect"
        and tuple(map(tuple, pad.padding)) == wanted
        and not any(call.arguments["padding"])
        and call.arguments["bias"] is None
    )
    if not is_blur:
        return lowering.refused(call, fact)
    (source,) = lowering.assembly.operation(node).inputs
    keys = {"kernel": sizes(kernel, rank), "stride": sizes(call.arguments["stride"], rank)}
    return lowering.as_map(lowering.emit(call, "blurpool", (source,), given(keys, BLUR)))


BLUR = {"kernel": 3, "stride": 2}


def standardized(lowering: Lowering, call: Call, node: int, rank: int) -> Tensor:
    """Weights brought to mean 0 and variance 1, perhaps with a gain per filter."""
    weight = lowering.constant(call.arguments["weight"])
    assert weight is not None
    type, inputs, keys, weights = _conv(lowering, call, node, rank)
    if type == "depthwise_conv":
        keys = {
            "filters": weight.shape[0],
            "groups": lowering.volume(node).channels,
            **{k: v for k, v in keys.items() if k != "multiplier"},
        }
    is_standard = "batch_norm" in weight.operations or {"mean", "sub"} <= {*weight.operations}
    if not is_standard:
        made = ", ".join(dict.fromkeys(weight.operations))
        return lowering.refused(call, f"conv with weights that are computed ({made})")
    keys = {**keys, "standardized": True}
    if len(weight.parameters) > 1:
        keys["gain"] = True
    return lowering.as_map(lowering.emit(call, "conv", inputs, keys, weights))


TRANSPOSED = {"stride": 1, "padding": 0, "output_padding": 0, "dilation": 1, "groups": 1}


def conv_transpose(lowering: Lowering, call: Call) -> Tensor:
    arguments = call.arguments
    node, rank = read(lowering, call)
    weight, bias = lowering.constant(arguments["weight"]), lowering.constant(arguments["bias"])
    if node == NOWHERE or weight is None:
        return NOTHING if node == NOWHERE else lowering.refused(call, "conv by a tensor")
    keys = {
        "filters": weight.shape[1] * arguments["groups"],
        "kernel": sizes(weight.shape[2:], rank),
        **{
            name: sizes(arguments[name], rank)
            for name in ("stride", "padding", "output_padding", "dilation")
        },
        "groups": arguments["groups"],
        "bias": bias is not None,
    }
    node = lowering.emit(
        call, "conv_transpose", (node,), given(keys, {**TRANSPOSED, "bias": True}), (weight, bias)
    )
    return lowering.as_map(node)


def pool(type: str) -> Any:
    def apply(lowering: Lowering, call: Call) -> Result:
        arguments = call.arguments
        padded = lowering.tensor(arguments["self"])
        if isinstance(padded, Padded) and type == "maxpool" and not any(arguments["padding"]):
            arguments = {**arguments, "padding": padded.pairs[-len(arguments["kernel_size"]) :]}
            node, rank = lowering.map(call, padded.value), padded.value.rank - 2
        else:
            node, rank = read(lowering, call)
        if node == NOWHERE:
            return NOTHING
        kernel = sizes(arguments["kernel_size"], rank)
        keys = {
            "kernel": kernel,
            "stride": sizes(arguments["stride"] or arguments["kernel_size"], rank),
            "padding": sizes(arguments["padding"], rank),
            "dilation": sizes(arguments.get("dilation", 1), rank),
            "ceil_mode": bool(arguments["ceil_mode"]),
        }
        plain = {"stride": kernel, "padding": 0, "dilation": 1, "ceil_mode": False}
        result = emitted(lowering, call, rank, type, (node,), given(keys, plain))
        return (result, NOTHING) if call.operation.endswith("_with_indices") else result

    return apply


def adaptive(type: str, whole: str) -> Any:
    """Pooling to a stated size: over everything where that is 1."""

    def apply(lowering: Lowering, call: Call) -> Result:
        node, rank = read(lowering, call)
        if node == NOWHERE:
            return NOTHING
        output = sizes(call.arguments["output_size"], rank)
        has_indices = len(call.shapes) > 1
        wanted = call.shape[2:]
        if output == 1:
            result = lowering.as_map(lowering.emit(call, whole, (node,)))
        else:
            keys = {"output": sizes(wanted, rank)}
            result = lowering.as_map(lowering.emit(call, type, (node,), keys))
        return (result, NOTHING) if has_indices else result

    return apply


RANKS = ("1d", "2d", "3d")
TABLE = {
    **{f"conv{n}": conv for n in RANKS},
    **{f"conv_transpose{n}": conv_transpose for n in RANKS},
    **{f"max_pool{n}": pool("maxpool") for n in RANKS},
    **{f"max_pool{n}_with_indices": pool("maxpool") for n in RANKS},
    **{f"avg_pool{n}": pool("avgpool") for n in RANKS},
    **{f"adaptive_avg_pool{n}": adaptive("adaptive_avgpool", "global_avgpool") for n in RANKS},
    **{f"adaptive_max_pool{n}": adaptive("adaptive_maxpool", "global_maxpool") for n in RANKS},
}
