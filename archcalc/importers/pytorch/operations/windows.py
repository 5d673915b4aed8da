"""Convolutions, poolings and what changes sizes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import inf
from typing import Any

from archcalc.importers.pytorch.layout import with_channels_at
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
    return lowering.map(call, value), value.rank - 2


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
    return lowering.as_map(lowering.emit(call, *_conv(lowering, call, node, rank)))


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
        result = lowering.as_map(lowering.emit(call, type, (node,), given(keys, plain)))
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


def upsample(mode: str) -> Any:
    def apply(lowering: Lowering, call: Call) -> Tensor:
        node, rank = read(lowering, call)
        if node == NOWHERE:
            return NOTHING
        volume, wanted = lowering.volume(node), call.shape[2:]
        if volume.spatial == wanted:
            return lowering.as_map(node)
        if call.arguments.get("align_corners"):
            return lowering.refused(call, "upsample with align_corners has no key")
        factors = call.arguments.get("scale_factors")
        keys: dict[str, Any] = {"size": sizes(wanted, rank)}
        exact = [Fraction(n, m) for n, m in zip(wanted, volume.spatial, strict=True)]
        if factors and all(Fraction(f) == e for f, e in zip(factors, exact, strict=True)):
            keys = {"scale": _scales(exact)}
        if mode == "linear":
            keys["mode"] = "linear"
        return lowering.as_map(lowering.emit(call, "upsample", (node,), keys))

    return apply


def _scales(factors: Sequence[Fraction]) -> Any:
    plain = [int(f) if f.denominator == 1 else str(f) for f in factors]
    return plain[0] if len(set(plain)) == 1 else plain


PADDING_MODES = {"constant": "zeros", "reflect": "reflect", "replicate": "replicate"}


def pad(lowering: Lowering, call: Call) -> Tensor:
    """Pairs from the last dimension on; channels of zeros are channels."""
    value = lowering.tensor(call.arguments["self"])
    amounts = [int(n) for n in call.arguments["pad"]]
    mode = call.arguments.get("mode") or "constant"
    if not any(amounts) and isinstance(value, Value):
        return value
    if not isinstance(value, Value) or mode not in PADDING_MODES:
        return lowering.refused(call, f"pad in mode {mode} has no layer type")
    if call.arguments.get("value") == -inf and min(amounts) >= 0:
        pairs = [(amounts[at], amounts[at + 1]) for at in range(0, len(amounts), 2)]
        return Padded(value, call.shape, tuple(pairs[::-1]))
    if call.arguments.get("value"):
        return lowering.refused(call, "pad with another number than 0 has no layer type")
    pairs = [(amounts[at], amounts[at + 1]) for at in range(0, len(amounts), 2)]
    by_dimension = [(0, 0)] * (value.rank - len(pairs)) + pairs[::-1]
    place = next((at for at, d in enumerate(value.layout) if d and d[0].axis == -1), 1)
    node = lowering.settled(call, value, place)
    if node == NOWHERE:
        return NOTHING
    spatial = [pair for at, pair in enumerate(by_dimension) if at not in (0, place)]
    if min(by_dimension[place]) < 0:
        return lowering.refused(call, "pad by less than no channels has no layer type")
    if min(map(min, spatial), default=0) < 0:
        cut = {"crop": [[max(-n, 0) for n in pair] for pair in spatial]}
        node = lowering.emit(call, "crop", (node,), cut)
        spatial = [(max(a, 0), max(b, 0)) for a, b in spatial]
    keys: dict[str, Any] = {}
    if any(map(any, spatial)):
        keys["padding"] = [list(pair) for pair in spatial]
    if any(by_dimension[place]):
        keys["channels"] = list(by_dimension[place])
    if mode != "constant":
        keys["mode"] = PADDING_MODES[mode]
    node = lowering.emit(call, "pad", (node,), keys)
    if node == NOWHERE:
        return NOTHING
    return Value(node, with_channels_at(lowering.volume(node), place))


def pixel_shuffle(lowering: Lowering, call: Call) -> Tensor:
    node, _ = read(lowering, call)
    keys = {"scale": call.arguments["upscale_factor"]}
    return lowering.as_map(lowering.emit(call, "pixel_shuffle", (node,), keys))


def pixel_unshuffle(lowering: Lowering, call: Call) -> Tensor:
    node, _ = read(lowering, call)
    keys = {"scale": call.arguments["downscale_factor"]}
    return lowering.as_map(lowering.emit(call, "space_to_depth", (node,), keys))


def channel_shuffle(lowering: Lowering, call: Call) -> Tensor:
    node, _ = read(lowering, call)
    keys = {"groups": call.arguments["groups"]}
    return lowering.as_map(lowering.emit(call, "channel_shuffle", (node,), keys))


RANKS = ("1d", "2d", "3d")
TABLE = {
    **{f"conv{n}": conv for n in RANKS},
    **{f"conv_transpose{n}": conv_transpose for n in RANKS},
    **{f"max_pool{n}": pool("maxpool") for n in RANKS},
    **{f"max_pool{n}_with_indices": pool("maxpool") for n in RANKS},
    **{f"avg_pool{n}": pool("avgpool") for n in RANKS},
    **{f"adaptive_avg_pool{n}": adaptive("adaptive_avgpool", "global_avgpool") for n in RANKS},
    **{f"adaptive_max_pool{n}": adaptive("adaptive_maxpool", "global_maxpool") for n in RANKS},
    **{f"upsample_nearest{n}": upsample("nearest") for n in RANKS},
    "upsample_linear1d": upsample("linear"),
    "upsample_bilinear2d": upsample("linear"),
    "upsample_trilinear3d": upsample("linear"),
    "pad": pad,
    "constant_pad_nd": pad,
    "pixel_shuffle": pixel_shuffle,
    "pixel_unshuffle": pixel_unshuffle,
    "channel_shuffle": channel_shuffle,
    "native_channel_shuffle": channel_shuffle,
}
