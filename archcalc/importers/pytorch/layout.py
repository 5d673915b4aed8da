"""How a tensor lies on the volume of a node: which parts of its axes each dimension runs through.

Views and permutations of a tensor are followed here without a layer for any of them. An axis is
cut into digits, as a number is: 14 rows in windows of 7 are a digit of 2 with stride 7 and a digit
of 7 with stride 1. Dimensions of size 1 have no digits, and neither has the batch, which is 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import prod

from archcalc.network.volume import Volume
from archcalc.record import Record

CHANNELS = -1


class Digit(Record):
    """The part of an axis that a dimension runs through: its index // stride % size."""

    axis: int
    stride: int
    size: int


Dimension = tuple[Digit, ...]
Layout = tuple[Dimension, ...]


def whole(axis: int, size: int) -> Dimension:
    """All of an axis."""
    return (Digit(axis, 1, size),) if size > 1 else ()


def channels_of(volume: Volume) -> Dimension:
    return whole(CHANNELS, volume.channels)


def first_axis(volume: Volume) -> Layout:
    """The batch, the channels, then the positions: how a map lies in memory."""
    spatial = [whole(axis, size) for axis, size in enumerate(volume.spatial)]
    return ((), channels_of(volume), *spatial)


def with_channels_at(volume: Volume, place: int) -> Layout:
    """The batch, then the positions in order with the channels at a place among them."""
    dims = [whole(axis, size) for axis, size in enumerate(volume.spatial)]
    dims.insert(place - 1, channels_of(volume))
    return ((), *dims)


def size_of(dimension: Dimension) -> int:
    return prod(digit.size for digit in dimension)


def sizes_of(layout: Layout) -> tuple[int, ...]:
    return tuple(map(size_of, layout))


def joined(digits: Iterable[Digit]) -> Dimension:
    """The same digits with neighbours of one axis as one, where they are next to each other."""
    found: list[Digit] = []
    for digit in digits:
        if digit.size == 1:
            continue
        last = found[-1] if found else None
        if last and last.axis == digit.axis and last.stride == digit.stride * digit.size:
            found[-1] = Digit(digit.axis, digit.stride, last.size * digit.size)
        else:
            found.append(digit)
    return tuple(found)


def viewed(layout: Layout, shape: Sequence[int]) -> Layout | None:
    """The layout of a view with another shape; None where it cuts an axis unevenly."""
    rest = [digit for dimension in layout for digit in dimension][::-1]
    dims: list[Dimension] = []
    for size in shape:
        taken: list[Digit] = []
        while size > 1:
            if not rest:
                return None
            digit = rest.pop()
            if size % digit.size == 0:
                taken.append(digit)
                size //= digit.size
            elif digit.size % size == 0:
                low = digit.size // size
                taken.append(Digit(digit.axis, digit.stride * low, size))
                rest.append(Digit(digit.axis, digit.stride, low))
                size = 1
            else:
                return None
        dims.append(joined(taken))
    return None if rest else tuple(dims)


def relabelled(dimension: Dimension, axis: int, digits: Dimension) -> Dimension:
    """A dimension with other digits in the place of all those of an axis, which stand together."""
    found: list[Digit] = []
    placed = False
    for digit in dimension:
        if digit.axis != axis:
            found.append(digit)
        elif not placed:
            found.extend(digits)
            placed = True
    return tuple(found)


def flat(layout: Iterable[Dimension]) -> Dimension:
    """All digits in order, as one dimension."""
    return joined(digit for dimension in layout for digit in dimension)
