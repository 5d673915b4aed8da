"""Views and permutations of a tensor, held against a walk over all its elements."""

from __future__ import annotations

from itertools import product
from math import prod

from hypothesis import given
from hypothesis import strategies as st

from archcalc.importers.pytorch.layout import (
    CHANNELS,
    Digit,
    Layout,
    first_axis,
    sizes_of,
    viewed,
)
from archcalc.network.volume import Volume


def elements(layout: Layout, volume: Volume) -> list[tuple[int, ...]]:
    """The position and channel behind each element of a tensor, in the order of its memory."""
    found = []
    for places in product(*(range(size) for size in sizes_of(layout))):
        index = dict.fromkeys([CHANNELS, *range(len(volume.spatial))], 0)
        for place, dimension in zip(places, layout, strict=True):
            for digit in reversed(dimension):
                index[digit.axis] += place % digit.size * digit.stride
                place //= digit.size
        found.append(tuple(index.values()))
    return found


@st.composite
def journeys(draw: st.DrawFn) -> tuple[Volume, list[tuple[str, list[int]]]]:
    size = st.sampled_from([1, 2, 3, 4, 6])
    volume = Volume(draw(size), (draw(size), draw(size)))
    shape = [1, volume.channels, *volume.spatial]
    steps: list[tuple[str, list[int]]] = []
    for _ in range(draw(st.integers(1, 4))):
        if draw(st.booleans()):
            order = draw(st.permutations(range(len(shape))))
            shape = [shape[place] for place in order]
            steps.append(("permute", list(order)))
            continue
        rest, shape = prod(shape), []
        while rest > 1 and len(shape) < 4:
            shape.append(draw(st.sampled_from([n for n in range(1, rest + 1) if rest % n == 0])))
            rest //= shape[-1]
        shape.append(rest)
        steps.append(("view", shape))
    return volume, steps


@given(journeys())
def test_elements_stay_where_they_are(journey: tuple[Volume, list[tuple[str, list[int]]]]) -> None:
    volume, steps = journey
    layout = first_axis(volume)
    for kind, numbers in steps:
        before, shape = elements(layout, volume), sizes_of(layout)
        if kind == "view":
            seen = viewed(layout, numbers)
            if seen is None:
                return
            layout, wanted = seen, before
        else:
            layout = tuple(layout[place] for place in numbers)
            strides = [prod(shape[place + 1 :]) for place in range(len(shape))]
            wanted = [
                before[sum(i * strides[n] for i, n in zip(index, numbers, strict=True))]
                for index in product(*(range(shape[n]) for n in numbers))
            ]
        assert elements(layout, volume) == wanted


def test_windows_are_digits() -> None:
    layout = viewed(first_axis(Volume(96, (14, 14))), (1, 96, 2, 7, 2, 7))
    assert layout is not None
    assert layout[2:] == tuple((Digit(a, s, n),) for a in (0, 1) for s, n in ((7, 2), (1, 7)))


def test_a_view_that_cuts_an_axis_unevenly_is_none() -> None:
    assert viewed(first_axis(Volume(6, (4, 4))), (1, 4, 24)) is None
