"""Learned tensors that an activation is added to or multiplied with."""

from __future__ import annotations

from math import prod
from typing import Any

from archcalc.importers.pytorch.arranging import arranged, grouped
from archcalc.importers.pytorch.layout import (
    channels_of,
)
from archcalc.importers.pytorch.lowering import NOTHING, Lowering
from archcalc.importers.pytorch.operations.broadcasting import merged
from archcalc.importers.pytorch.operations.joining import parameter_of, stored
from archcalc.importers.pytorch.traced import Call
from archcalc.importers.pytorch.values import (
    Constant,
    Tensor,
    Value,
)


def shifted(lowering: Lowering, call: Call, value: Value, constant: Constant) -> Tensor:
    """A learned tensor that is added: one for every position, or one for all."""
    if not constant.parameters:
        return _with_stored(lowering, call, "add", value, constant)
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
        return _with_stored(lowering, call, type, value, constant)
    others = [size for place, size in enumerate(padded) if place != at]
    spatial: list[int] = []
    if prod(others) == volume.positions:
        spatial = list(volume.spatial)
        if any(p != s for place, (p, s) in enumerate(zip(padded, value.shape, strict=True))):
            return _with_stored(lowering, call, type, value, constant)
    elif prod(others) != 1:
        return _with_stored(lowering, call, type, value, constant)
    learned = parameter_of(lowering, call, constant, spatial, volume.channels)
    node = lowering.emit(call, type, (value.node, learned))
    return lowering.placed(node, value.layout, value.rolled)


def _with_stored(
    lowering: Lowering, call: Call, type: str, value: Value, constant: Constant
) -> Tensor:
    """With a parameter as a row of its own, which is broadcast over some of the dimensions."""
    other = stored(lowering, call, constant)
    return NOTHING if other is None else merged(lowering, call, type, value, other)


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
    elif constant.plain and _is_whole(padded, value.shape):
        own = [place for place, size in enumerate(padded) if size > 1]
        rows = [place for place, size in enumerate(value.shape) if size > 1 and place not in own]
        placed = arranged(lowering, call, value, grouped(rows), own)
        if placed is None:
            return NOTHING
        value, keys = placed, {"bias": False}
    else:
        return _with_parameter(lowering, call, "multiply", value, constant)
    node = lowering.emit(call, "scale", (value.node,), keys, (constant,))
    return lowering.placed(node, value.layout, value.rolled)


def _is_whole(sizes: tuple[int, ...], shape: tuple[int, ...]) -> bool:
    """Whether a factor has all rows of some dimensions, and one for all others."""
    return len(sizes) == len(shape) and all(
        size in (1, whole) for size, whole in zip(sizes, shape, strict=True)
    )


def _is_plain_norm(lowering: Lowering, value: Value) -> bool:
    """Whether it is an rmsnorm to which its factors may be given."""
    layer: Any = lowering.layer(value.node) if value.node else None
    return getattr(layer, "type", "") == "rmsnorm" and not layer.affine
