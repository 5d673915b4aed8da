"""What enlarges, pads, or moves elements between positions and channels."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import inf
from typing import Any

from archcalc.importers.pytorch.arranging import channel_dims, on_axis
from archcalc.importers.pytorch.layout import CHANNELS, whole, with_channels_at
from archcalc.importers.pytorch.lowering import NOTHING, Lowering
from archcalc.importers.pytorch.operations.windows import RANKS, given, read, sizes
from archcalc.importers.pytorch.traced import Call
from archcalc.importers.pytorch.values import Padded, Tensor, Value
from archcalc.network.network import NOWHERE


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
        if mode != "nearest":
            keys["mode"] = mode
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
    number = call.arguments.get("value") or 0
    if number not in (0, 1):
        return lowering.refused(call, "pad with another number than 0 or 1 has no layer type")
    pairs = [(amounts[at], amounts[at + 1]) for at in range(0, len(amounts), 2)]
    by_dimension = [(0, 0)] * (value.rank - len(pairs)) + pairs[::-1]
    if value.layout[0] or len(channel_dims(value)) > 1 or number:
        padded = [place for place, pair in enumerate(by_dimension) if any(pair)]
        if len(padded) != 1 or min(amounts) < 0 or mode != "constant":
            return lowering.refused(call, "pad of several dimensions of heads has no layer type")
        (place,) = padded
        return _padded_along(lowering, call, value, place, by_dimension[place], number)
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


def _padded_along(
    lowering: Lowering, call: Call, value: Value, place: int, pair: tuple[int, int], number: int
) -> Tensor:
    """Rows of zeros or ones along one dimension of a tensor with heads or windows."""
    on_it = on_axis(lowering, call, value, place)
    if on_it is None:
        return NOTHING
    placed, axis = on_it
    spatial = lowering.volume(placed.node).spatial
    keys: dict[str, Any] = {"channels": list(pair)}
    if axis != CHANNELS:
        keys = {"padding": [list(pair) if at == axis else [0, 0] for at in range(len(spatial))]}
    if number:
        keys["mode"] = "ones"
    node = lowering.emit(call, "pad", (placed.node,), keys)
    layout = list(placed.layout)
    layout[place] = whole(axis, call.shape[place])
    return lowering.placed(node, tuple(layout))


def unfold(lowering: Lowering, call: Call) -> Tensor:
    """Windows as channels: the channels first, then the places in the window; tokens."""
    node, rank = lowering.tensor(call.arguments["self"]), 2
    if not isinstance(node, Value):
        return lowering.refused(call, "im2col of something that is no map")
    source = lowering.map(call, node)
    keys = {
        "kernel": sizes(call.arguments["kernel_size"], rank),
        "stride": sizes(call.arguments["stride"], rank),
        "padding": sizes(call.arguments["padding"], rank),
        "dilation": sizes(call.arguments["dilation"], rank),
    }
    plain = {"stride": 1, "padding": 0, "dilation": 1}
    made = lowering.as_map(lowering.emit(call, "unfold", (source,), given(keys, plain)))
    if not isinstance(made, Value):
        return NOTHING
    batch, channels, *positions = made.layout
    return made._replace(layout=(batch, channels, tuple(d for p in positions for d in p)))


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


TABLE = {
    **{f"upsample_nearest{n}": upsample("nearest") for n in RANKS},
    "upsample_linear1d": upsample("linear"),
    "upsample_bilinear2d": upsample("linear"),
    "upsample_trilinear3d": upsample("linear"),
    **dict.fromkeys(("upsample_bicubic2d", "_upsample_bicubic2d_aa"), upsample("cubic")),
    "im2col": unfold,
    "pad": pad,
    "constant_pad_nd": pad,
    "pixel_shuffle": pixel_shuffle,
    "pixel_unshuffle": pixel_unshuffle,
    "channel_shuffle": channel_shuffle,
    "native_channel_shuffle": channel_shuffle,
}
