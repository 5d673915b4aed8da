"""Which layers of ours bring a tensor into the order in which it is read next."""

from __future__ import annotations

from archcalc.importers.graph import Untranslatable
from archcalc.importers.pytorch.layout import (
    CHANNELS,
    Digit,
    Dimension,
    channels_of,
    flat,
    size_of,
    whole,
    with_channels_at,
)
from archcalc.importers.pytorch.values import Value
from archcalc.network.volume import AXIS_NAMES, Volume

Step = tuple[str, dict[str, object]]


def steps(volume: Volume, value: Value, place: int) -> list[Step]:
    """What makes a volume of channels at a place, and of positions in the order of the others.

    Raises:
        Untranslatable: where nothing does.
    """
    channels = value.layout[place]
    positions = [d for at, d in enumerate(value.layout) if at not in (0, place)]
    target = Volume(size_of(channels), tuple(map(size_of, positions)))
    if value.layout[0] or len(target.spatial) >= len(AXIS_NAMES):
        raise Untranslatable(f"{_view(volume, value)} has no layer type")
    if any(value.rolled):
        raise Untranslatable(f"roll by {list(value.rolled)} outside of attention has no layer type")
    if volume == target and value.layout == with_channels_at(volume, place):
        return []
    for found in (
        _shuffled(volume, channels, positions),
        _pixels(volume, target, channels, positions),
        _depths(volume, channels, positions),
        _reshaped(volume, target, channels, positions),
    ):
        if found:
            return [found]
    patches = _patches(volume, target, channels, positions)
    if patches:
        return patches
    turned = _transposed(volume, channels, positions)
    if turned:
        return turned
    order = ordered(volume, channels, positions)
    if not order:
        raise Untranslatable(f"{_view(volume, value)} has no layer type")
    return [("rearrange", {"order": order})]


def _view(volume: Volume, value: Value) -> str:
    return f"view {volume} -> {'x'.join(map(str, value.shape))}"


def _axes(volume: Volume) -> list[Dimension]:
    return [whole(axis, size) for axis, size in enumerate(volume.spatial)]


def shuffled(volume: Volume, channels: Dimension) -> int:
    """Two digits of the channels in the other order: the groups of a shuffle; 0 if they are not."""
    if len(channels) != 2:
        return 0
    low, high = channels
    if low != Digit(CHANNELS, 1, high.stride) or high.axis != CHANNELS:
        return 0
    return high.size if low.size * high.size == volume.channels else 0


def _shuffled(volume: Volume, channels: Dimension, positions: list[Dimension]) -> Step | None:
    groups = shuffled(volume, channels)
    return (
        ("channel_shuffle", {"groups": groups}) if groups and positions == _axes(volume) else None
    )


def _transposed(volume: Volume, channels: Dimension, positions: list[Dimension]) -> list[Step]:
    """All positions, as tokens, in the place of the channels."""
    axes = _axes(volume)
    if len(positions) != 1 or positions[0] != channels_of(volume) or channels != flat(axes):
        return []
    tokens = Volume(volume.channels, (volume.positions,))
    as_tokens: list[Step] = [] if tokens == volume else [("reshape", {"shape": tokens})]
    return [*as_tokens, ("transpose", {})]


def _patches(
    volume: Volume, target: Volume, channels: Dimension, positions: list[Dimension]
) -> list[Step]:
    """The low digits of every axis among the channels, and all positions on one axis (tokens)."""
    if len(positions) != 1 or len(volume.spatial) < 2:
        return []
    grid: list[Dimension] = [(digit,) for digit in positions[0]]
    depths = _depths(volume, channels, grid)
    return [depths, ("reshape", {"shape": target})] if depths else []


def _pixels(
    volume: Volume, target: Volume, channels: Dimension, positions: list[Dimension]
) -> Step | None:
    """Every axis followed by a digit of the channels, of the same size for all."""
    if not volume.spatial or len(positions) != len(volume.spatial):
        return None
    scale = target.spatial[0] // volume.spatial[0]
    if scale < 2 or any(digit.axis != CHANNELS for digit in channels):
        return None
    for axis, dimension in zip(_axes(volume), positions, strict=True):
        *before, last = dimension or (None,)
        if tuple(before) != axis or last is None or last.axis != CHANNELS or last.size != scale:
            return None
    return "pixel_shuffle", {"scale": scale}


def _depths(volume: Volume, channels: Dimension, positions: list[Dimension]) -> Step | None:
    """The low digit of every axis, of the same size for all, among the channels."""
    if not volume.spatial or len(positions) != len(volume.spatial):
        return None
    scale = volume.spatial[0] // max(1, size_of(positions[0]))
    lows = {Digit(axis, 1, scale) for axis in range(len(volume.spatial))}
    if scale < 2 or set(channels) != {*lows, *channels_of(volume)}:
        return None
    highs = [
        (Digit(axis, scale, size // scale),) if size > scale else ()
        for axis, size in enumerate(volume.spatial)
    ]
    return ("space_to_depth", {"scale": scale}) if positions == highs else None


def _reshaped(
    volume: Volume, target: Volume, channels: Dimension, positions: list[Dimension]
) -> Step | None:
    """The same order of elements, with the channels last or first."""
    axes, own = _axes(volume), channels_of(volume)
    if flat([*axes, own]) != flat([*positions, channels]) and flat([own, *axes]) != flat(
        [channels, *positions]
    ):
        return None
    return ("reshape", {"shape": target}) if target.spatial else ("flatten", {})


LETTERS = {0: "", 1: "n", 2: "hw", 3: "dhw"}


def ordered(volume: Volume, channels: Dimension, positions: list[Dimension]) -> str:
    """The order that has these parts of the axes on its right; empty where they do not fit."""
    axes = [*range(len(volume.spatial)), CHANNELS]
    letters = dict(zip(axes, (*LETTERS[len(volume.spatial)], "c"), strict=True))
    digits = [digit for dimension in (*positions, channels) for digit in dimension]
    names: dict[Digit, str] = {}
    before = []
    for axis, size in zip(axes, (*volume.spatial, volume.channels), strict=True):
        own = sorted((d for d in digits if d.axis == axis), key=lambda d: -d.stride)
        left = size
        for place, digit in enumerate(own):
            if digit.stride * digit.size != left:
                return ""
            names[digit] = letters[axis] + (str(place + 1) if place else "")
            left = digit.stride
        if left != 1:
            return ""
        parts = [names[d] + (f"={d.size}" if at else "") for at, d in enumerate(own)]
        before.append(_bracketed(parts))
    after = [_bracketed([names[d] for d in dimension]) for dimension in (*positions, channels)]
    return f"{' '.join(before)} -> {' '.join(after)}"


def _bracketed(parts: list[str]) -> str:
    return f"({' '.join(parts)})" if len(parts) > 1 else "".join(parts) or "1"
