"""Volumes and their lives against a simulation that asks, at every layer, what is still needed."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from nets import net, text

import archcalc

POSITIONS = 4


class Drawn(NamedTuple):
    """A layer of a random network. ``how``: own, in place, view, or view with an activation."""

    entry: str
    how: str
    feeds: tuple[str, ...]
    channels: int


@st.composite
def networks(draw: st.DrawFn) -> tuple[dict[str, int], list[Drawn], list[str]]:
    """The channels of the inputs, up to nine layers that read any earlier output, and outputs."""
    inputs = draw(st.sampled_from([{"input": 3}, {"left": 3, "right": 2}]))
    channels, layers = dict(inputs), list[Drawn]()
    for number in range(draw(st.integers(1, 9))):
        name = f"n{number}"
        near = list(channels)[-3:] if draw(st.booleans()) else list(channels)[-1:]
        feed = draw(st.sampled_from(near))
        feeds: tuple[str, ...] = (feed,)
        kind = draw(
            st.sampled_from(["conv", "relu", "prelu", "dropout", "activated", "slice", "concat"])
        )
        count, how = channels[feed], {"relu": "in place", "prelu": "in place"}.get(kind, "own")
        keys = f"type: {kind}"
        if kind == "conv":
            count = draw(st.integers(1, 6))
            keys = f"type: conv, filters: {count}, kernel: 1"
        elif kind in ("dropout", "activated"):
            how = "view" if kind == "dropout" else "activated"
            word = "identity" if kind == "dropout" else "relu"
            keys = f"type: {draw(st.sampled_from(['dropout', 'identity']))}, activation: {word}"
        elif kind == "slice":
            count, how = draw(st.integers(1, count)), "view"
            keys = f"type: slice, start: 0, stop: {count}"
        elif kind == "concat":
            feeds = (feed, draw(st.sampled_from(list(channels))))
            count = sum(channels[each] for each in feeds)
        written = feed if len(feeds) == 1 else f"[{', '.join(feeds)}]"
        entry = f"{{{keys}, name: {name}, from: {written}}}"
        layers.append(Drawn(entry, how, feeds, count))
        channels[name] = count
    names = [f"n{number}" for number in range(len(layers))]
    outputs = draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True))
    read = {feed for layer in layers for feed in layer.feeds}
    assume(read >= inputs.keys())
    return inputs, layers, outputs


def simulate(
    inputs: dict[str, int], layers: list[Drawn], outputs: list[str]
) -> tuple[list[int], int, str]:
    """Elements that each layer allocates, the peak, and the first layer that runs at it."""
    names = [f"n{number}" for number in range(len(layers))]
    by_name = dict(zip(names, layers, strict=True))

    def value(name: str) -> str:
        while name not in inputs and by_name[name].how == "view":
            name = by_name[name].feeds[0]
        return name

    def views_above(name: str) -> set[str]:
        """The views that lie between a name and the value that it shows."""
        found = set()
        while name != value(name):
            found.add(name)
            name = by_name[name].feeds[0]
        return found

    owner, allocated = {name: name for name in inputs}, dict[str, int]()
    for name, layer in by_name.items():
        feed = layer.feeds[0]
        base = value(feed)
        others = {
            other
            for other, each in by_name.items()
            if other != name
            and other not in views_above(feed)
            and any(value(f) == base for f in each.feeds)
        }
        kept = base in inputs or any(value(output) == base for output in outputs)
        overwrites = layer.how in ("in place", "activated") and not others and not kept
        if layer.how == "view" or overwrites:
            owner[name], allocated[name] = owner[feed], 0
        else:
            owner[name], allocated[name] = name, layer.channels * POSITIONS
    sizes = {**{name: count * POSITIONS for name, count in inputs.items()}, **allocated}
    peak, where = 0, ""
    for now, name in enumerate(names):
        needed = {owner[name], *(owner[output] for output in outputs)}
        for later in names[now:]:
            needed |= {owner[feed] for feed in by_name[later].feeds}
        held = {*inputs, *names[: now + 1]} & needed
        alive = sum(sizes[each] for each in held)
        if alive > peak:
            peak, where = alive, name
    return [allocated[name] for name in names], peak, where


@settings(max_examples=300)
@given(networks(), st.integers(1, 3))
def test_memory_is_what_a_simulation_needs(
    network: tuple[dict[str, int], list[Drawn], list[str]], batch: int
) -> None:
    inputs, layers, outputs = network
    file = text(
        [layer.entry for layer in layers], f"{POSITIONS}x3", outputs=f"[{', '.join(outputs)}]"
    )
    if "input" not in inputs:
        named = ", ".join(f"{name}: {POSITIONS}x{count}" for name, count in inputs.items())
        file = file.replace(f"input: {POSITIONS}x3", f"inputs: {{{named}}}")
    analysis = archcalc.analyze(archcalc.loads(file), batch=batch, dtype="float16")
    allocated, peak, where = simulate(inputs, layers, outputs)
    given_elements = sum(inputs.values()) * POSITIONS
    assert [layer.activation_elements for layer in analysis.layers] == [
        count * batch for count in allocated
    ]
    assert analysis.totals.activation_elements == (given_elements + sum(allocated)) * batch
    assert analysis.totals.activation_bytes == 2 * (given_elements + sum(allocated)) * batch
    assert analysis.totals.peak_bytes == 2 * peak * batch
    assert analysis.totals.peak_layer == where


CONV = "{type: conv, name: a, filters: 8, kernel: 1}"
VOLUME = 4 * 4 * 8


def volumes(*entries: str, **top: str) -> list[int]:
    return [layer.activation_elements for layer in net(entries, "4x4x3", **top).layers]


def test_an_activation_overwrites_its_input() -> None:
    assert volumes(CONV, "{type: relu}", "{type: prelu}") == [VOLUME, 0, 0]


def test_the_network_s_input_is_not_overwritten() -> None:
    assert volumes("{type: relu}") == [4 * 4 * 3]
    assert volumes("{type: identity}", "{type: relu}") == [0, 4 * 4 * 3]


def test_an_input_that_another_layer_reads_is_not_overwritten() -> None:
    reader = "{type: add, from: [a, r]}"
    assert volumes(CONV, "{type: relu, name: r}", reader) == [VOLUME, VOLUME, VOLUME]


def test_reading_through_a_view_is_reading() -> None:
    entries = (
        CONV,
        "{type: dropout, name: view}",
        "{type: relu, name: r, from: a}",
        "{type: add, from: [view, r]}",
    )
    assert volumes(*entries) == [VOLUME, 0, VOLUME, VOLUME]


def test_an_output_of_the_network_is_not_overwritten() -> None:
    assert volumes(CONV, "{type: relu, name: r}", outputs="[a, r]") == [VOLUME, VOLUME]
    assert volumes(CONV, "{type: relu, name: r}", outputs="[r]") == [VOLUME, 0]


def test_an_activation_on_a_view_follows_the_same_rule() -> None:
    view = "{type: slice, name: s, start: 2, stop: 5, activation: relu}"
    assert volumes(CONV, view) == [VOLUME, 0]
    assert volumes(CONV, view, "{type: concat, from: [a, s]}") == [
        VOLUME,
        4 * 4 * 3,
        4 * 4 * (8 + 3),
    ]


def test_an_activation_written_at_a_layer_has_no_volume() -> None:
    written = CONV[:-1] + ", activation: relu}"
    assert volumes(written, "{type: batchnorm, activation: relu}") == [VOLUME, VOLUME]


@pytest.mark.parametrize("view", ["dropout", "identity", "flatten", "reshape, shape: 2x8x8"])
def test_views_hold_nothing_and_prolong_a_life(view: str) -> None:
    analysis = net(
        [
            CONV,
            f"{{type: {view}, name: v}}",
            "{type: conv, name: b, filters: 1, kernel: 1, from: a}",
            "{type: linear, name: wide, units: 1000}",
            "{type: linear, name: other, from: v, units: 1}",
        ],
        "4x4x3",
        outputs="[wide, other]",
    )
    assert analysis.layers[1].activation_elements == 0
    # While `wide` runs: its input and output, and the volume that `v` still shows.
    assert analysis.totals.peak_bytes == 4 * (VOLUME + 4 * 4 * 1 + 1000)
    assert analysis.totals.peak_layer == "wide"


def test_a_crop_like_another_layer_reads_its_size_alone() -> None:
    big = "{type: conv, name: big, filters: 100, kernel: 1}"
    like = "{type: conv, name: small, filters: 1, kernel: 3}"
    crop = "{type: crop, crop: {like: big}}"
    analysis = net(
        [big, like, "{type: upsample, size: 6}", crop, "{type: upsample, scale: 9}"], "4x4x3"
    )
    last = 4 * 4 * 1 + 36 * 36 * 1
    assert analysis.totals.peak_bytes == 4 * max(4 * 4 * 100 + 2 * 2 * 1, last, 4 * 4 * 103)


def test_a_size_is_no_reader() -> None:
    """The activation overwrites what the crop takes its size from."""
    entries = (
        CONV,
        "{type: relu, name: r}",
        "{type: upsample, scale: 2}",
        "{type: crop, crop: {like: a}}",
    )
    assert volumes(*entries) == [VOLUME, 0, 4 * VOLUME, VOLUME]


def test_branches_run_one_after_the_other() -> None:
    """While the second branch runs, the output of the first waits for the merge."""
    analysis = net(
        "{type: concat, branches: ["
        "[{type: conv, filters: 10, kernel: 1}, {type: conv, filters: 2, kernel: 1}], "
        "[{type: conv, filters: 20, kernel: 1}, {type: conv, filters: 5, kernel: 1}]]}",
        "4x4x3",
    )
    steps = [3 + 10, 3 + 10 + 2, 3 + 2 + 20, 2 + 20 + 5, 2 + 5 + 7]
    assert analysis.totals.peak_bytes == 4 * 4 * 4 * max(steps)
    assert analysis.totals.peak_layer == "concat1.1.conv2"


def test_a_network_without_layers_holds_its_input() -> None:
    totals = net("{type: relu, when: false}", "4x4x3").totals
    assert totals.activation_elements == 4 * 4 * 3
    assert (totals.peak_bytes, totals.peak_layer) == (4 * 4 * 4 * 3, "input")


@pytest.mark.parametrize(
    ("dtype", "size"),
    [("float32", 4), ("float16", 2), ("bfloat16", 2), ("int8", 1), ("float64", 8)],
)
def test_bytes_are_elements_of_the_batch_times_their_size(dtype: str, size: int) -> None:
    analysis = archcalc.analyze(archcalc.loads(text(CONV, "4x4x3")), batch=7, dtype=dtype)
    assert analysis.layers[0].activation_bytes == 7 * VOLUME * size
    assert analysis.layers[0].param_bytes == (3 * 8 + 8) * size
    assert analysis.totals.peak_bytes == 7 * (VOLUME + 4 * 4 * 3) * size
    assert analysis.totals.macs == 3 * 8 * 4 * 4
