"""Random keys for each type of layer, which mostly fit the volume that it stands on."""

from __future__ import annotations

from collections.abc import Callable
from math import gcd

from draft_windows import (
    Draw,
    Keys,
    blurred,
    conv,
    divisor,
    maxpool,
    per_axis,
    pooling,
    transposed,
    window,
)  # fmt: skip
from hypothesis import strategies as st

from archcalc.network.volume import Volume


def keys(draw: Draw, kind: str, volume: Volume) -> Keys:
    """Random keys of a layer type for an input."""
    found: Keys = KEYS[kind](draw, volume) if kind in KEYS else {}
    return found


def upsample(draw: Draw, volume: Volume) -> Keys:
    modes = ["nearest", "linear", *(["cubic"] if len(volume.spatial) == 2 else [])]
    mode = {"mode": draw(st.sampled_from(modes))}
    form = draw(st.integers(0, 2))
    if form == 1:
        return {"scale": per_axis(draw, volume, 1, 3), **mode}
    if form == 2:
        ratio = st.sampled_from(["3/2", "1.5", "4/3", "0.75", "5/4"])
        return {"scale": draw(ratio), **mode}
    return {"size": per_axis(draw, volume, 1, 9), **mode}


def scaled(draw: Draw, volume: Volume) -> Keys:
    form = draw(st.integers(0, 3))
    if form == 0:
        plus = {"plus": draw(st.sampled_from(["1", "-0.5"]))} if draw(st.booleans()) else {}
        return {"by": draw(st.sampled_from(["0.1", "2", "-1.5"])), **plus}
    keys = {"per": "tensor"} if form == 1 else {}
    return {**keys, "bias": draw(st.booleans())} if draw(st.booleans()) else {**keys}


def padding(draw: Draw, volume: Volume) -> Keys:
    """Rows in one of the modes, or channels, or both as zeros."""
    mode = draw(st.sampled_from(["zeros", "zeros", "reflect", "replicate"]))
    if mode != "zeros":
        return {"padding": cut(draw, volume, min(3, min(volume.spatial) - 1)), "mode": mode}
    channels: Keys = {"channels": [draw(st.integers(0, 3)), draw(st.integers(0, 3))]}
    if draw(st.booleans()):
        channels["mode"] = "ones"
    if draw(st.integers(0, 3)) == 0:
        return channels
    rows = {"padding": cut(draw, volume, 3)}
    return {**rows, **channels} if draw(st.integers(0, 3)) == 0 else rows


def groupnorm(draw: Draw, volume: Volume) -> Keys:
    """PyTorch takes no group of one element."""
    groups = divisor(draw, volume.channels)
    alone = groups == volume.channels and volume.positions == 1
    return {"groups": 1 if alone else groups, "affine": draw(st.booleans())}


def reshaped(draw: Draw, volume: Volume) -> Keys:
    channels = divisor(draw, volume.elements)
    sizes = [volume.elements // channels] if draw(st.booleans()) else []
    channels = channels if sizes else volume.elements
    numbers = [*sizes, channels]
    if draw(st.booleans()):
        numbers[draw(st.integers(0, len(sizes)))] = -1
    return {"shape": "x".join(map(str, numbers))}


def parameter(draw: Draw, volume: Volume) -> Keys:
    sizes = draw(st.lists(st.integers(1, 5), max_size=2))
    return {"shape": "x".join(map(str, (*sizes, draw(st.integers(2, 6)))))}


def attention(draw: Draw, volume: Volume) -> Keys:
    """Over everything or in windows; key and value are the input or have as many positions."""
    found: Keys = {"heads": divisor(draw, volume.channels), "fused": draw(st.booleans())}
    if volume.spatial and draw(st.booleans()):
        window = [divisor(draw, size) for size in volume.spatial]
        found["window"] = window
        found["shift"] = [draw(st.integers(0, w - 1)) for w in window]
    found["bias_table"] = bool(volume.spatial) and draw(st.booleans())
    return found


def self_attention(draw: Draw, volume: Volume) -> Keys:
    found = attention(draw, volume)
    found["kv_heads"] = divisor(draw, found["heads"])
    if draw(st.booleans()):
        found["head_dim"] = draw(st.integers(1, 4))
    return {**found, "bias": draw(st.booleans()), "out_proj": draw(st.booleans())}


def axis(draw: Draw, volume: Volume) -> str:
    positions = ["positions"] if len(volume.spatial) == 1 else []
    found: str = draw(st.sampled_from(["channels", *positions, *volume.axis_names]))
    return found


def softmaxed(draw: Draw, volume: Volume) -> Keys:
    if draw(st.booleans()):
        return {"groups": divisor(draw, volume.channels)}
    return {"axis": axis(draw, volume)}


def sliced(draw: Draw, volume: Volume) -> Keys:
    along = axis(draw, volume)
    sizes = {"channels": volume.channels, "positions": volume.positions}
    sizes |= dict(zip(volume.axis_names, volume.spatial, strict=True))
    start = draw(st.integers(0, sizes[along] - 1))
    stop = draw(st.integers(start + 1, sizes[along]))
    step = {"step": draw(st.integers(2, 4))} if draw(st.booleans()) else {}
    return {"start": start, "stop": stop, "axis": along, **step}


def splitting(draw: Draw, volume: Volume) -> Keys:
    """At least two parts, of channels or along an axis."""
    along = axis(draw, volume)
    sizes = {"channels": volume.channels, "positions": volume.positions}
    sizes |= dict(zip(volume.axis_names, volume.spatial, strict=True))
    size = sizes[along]
    if size > 1 and draw(st.booleans()):
        first = draw(st.integers(1, size - 1))
        return {"sizes": [first, size - first], "axis": along}
    return {"parts": divisor(draw, size), "axis": along}


def recurrent(draw: Draw, volume: Volume) -> Keys:
    truth = st.booleans()
    return {
        "units": draw(st.integers(1, 6)), "num_layers": draw(st.integers(1, 3)),
        "bidirectional": draw(truth), "bias": draw(truth),
        **({"axis": draw(st.sampled_from(volume.axis_names))} if draw(truth) else {}),
    }  # fmt: skip


def rearranged(draw: Draw, volume: Volume) -> Keys:
    """Every axis cut in two, and the parts in another order on as many axes or on one."""
    axes = ("n", "hw", "dhw")[len(volume.spatial) - 1] if volume.spatial else ""
    lengths = (*volume.spatial, volume.channels)
    before, parts = [], []
    for name, length in zip((*axes, "c"), lengths, strict=True):
        before.append(f"({name} {name}2={divisor(draw, length)})")
        parts += [name, f"{name}2"]
    order = draw(st.permutations(parts))
    cut = draw(st.integers(0, len(order)))
    after = f"({' '.join(order[:cut])}) ({' '.join(order[cut:])})"
    if not 0 < cut < len(order):
        after = f"({' '.join(order)})"
    return {"order": f"{' '.join(before)} -> {after}"}


def gathered(draw: Draw, volume: Volume) -> Keys:
    size = st.integers(1, 9)
    return {"size": draw(st.one_of(size, st.lists(size, min_size=2, max_size=2)))}


def squeezed(draw: Draw, volume: Volume) -> Keys:
    words = st.sampled_from(["relu", "silu", "hardsigmoid", "sigmoid"])
    gates = {"activation": draw(words), "gate": draw(words)}
    if draw(st.booleans()):
        return {"filters": draw(st.integers(1, 5)), **gates}
    return {"reduction": divisor(draw, volume.channels), **gates}


def cut(draw: Draw, volume: Volume, most: int) -> int | list[list[int]]:
    number = st.integers(0, most)
    if draw(st.booleans()):
        whole: int = draw(number)
        return whole
    return [[draw(number), draw(number)] for _ in volume.spatial]


def affine(draw: Draw, volume: Volume) -> Keys:
    return {"affine": draw(st.booleans())}


def output(draw: Draw, volume: Volume) -> Keys:
    return {"output": per_axis(draw, volume, 1, 5)}


KEYS: dict[str, Callable[[Draw, Volume], Keys]] = {
    "conv": conv,
    "depthwise_conv": lambda draw, v: {
        **window(draw, v), "multiplier": draw(st.integers(1, 3)), "bias": draw(st.booleans()),
    },
    "separable_conv": lambda draw, v: {
        "filters": draw(st.integers(1, 5)), **window(draw, v),
        "multiplier": draw(st.integers(1, 2)),
    },
    "conv_transpose": transposed,
    "maxpool": maxpool,
    "avgpool": lambda draw, v: {**pooling(draw, v), "trainable": draw(st.booleans())},
    "l2pool": pooling,
    "adaptive_avgpool": output,
    "adaptive_maxpool": output,
    "linear": lambda draw, v: {
        "units": draw(st.integers(1, 9)), "bias": draw(st.booleans()),
        "flatten": draw(st.booleans()),
    },
    "parameter": parameter,
    "attention": attention,
    "self_attention": self_attention,
    "rmsnorm": affine,
    "embedding": lambda draw, v: {
        "entries": draw(st.integers(1, 9)), "channels": draw(st.integers(1, 5)),
    },
    "softmax": softmaxed,
    "l2norm": lambda draw, v: {"groups": divisor(draw, v.channels)},
    "grn": affine,
    "constant": parameter,
    "rearrange": rearranged,
    "roll": lambda draw, v: {"shift": per_axis(draw, v, 0, 4)},
    "gather": gathered,
    "reduce_sum": lambda draw, v: {"axis": axis(draw, v)},
    "rbf": lambda draw, v: {"units": draw(st.integers(1, 9))},
    "reshape": reshaped,
    "batchnorm": affine,
    "layernorm": affine,
    "instancenorm": affine,
    "groupnorm": groupnorm,
    "lrn": lambda draw, v: {"size": draw(st.integers(1, 6))},
    "scale": scaled,
    "maxout": lambda draw, v: {"pieces": divisor(draw, v.channels)},
    "dropout": lambda draw, v: {"rate": draw(st.sampled_from(["0.1", "0.5"]))},
    "pad": padding,
    "crop": lambda draw, v: {"crop": cut(draw, v, max(1, min(v.spatial) // 3))},
    "upsample": upsample,
    "space_to_depth": lambda draw, v: {"scale": divisor(draw, gcd(*v.spatial))},
    "split": splitting,
    "squeeze_excite": squeezed,
    "blurpool": blurred,
    "unfold": window,
    "lstm": recurrent,
    "gru": recurrent,
    "rnn": recurrent,
    "channel_shuffle": lambda draw, v: {"groups": divisor(draw, v.channels)},
    "slice": sliced,
}  # fmt: skip
