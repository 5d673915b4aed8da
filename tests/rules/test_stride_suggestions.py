"""The edits that are suggested for a stride: each fits, and no smaller one would."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from nets import net
from strides import finding, reported

import archcalc
from archcalc.analysis.analysis import LayerAnalysis
from archcalc.network.window import Window

Keys = dict[str, Any]


def written(keys: Keys) -> str:
    return "{" + ", ".join(f"{key}: {value}" for key, value in keys.items()) + "}"


def ends_with_the_input(window: Window) -> bool:
    """By laying windows one after the other until one reaches the end or passes it."""
    end, start = window.size + window.after, -window.before
    reach = start + window.dilation * (window.kernel - 1) + 1
    while reach < end:
        reach += window.stride
    return reach == end


def windows(entry: str, input: str) -> tuple[LayerAnalysis, tuple[Window, ...]]:
    layer = net(entry, input).layers[-1]
    return layer, layer.windows


EDIT = re.compile(r"`(padding|stride|kernel): (.+?)`(?: \(and with it the stride\))? gives (\S+)")
INPUT = re.compile(r"an input of (\S+) gives (\S+)")


@st.composite
def files(draw: st.DrawFn) -> tuple[Keys, list[int]]:
    """A convolution or pooling on one to three axes, one whose stride does not divide."""
    sizes = draw(st.lists(st.integers(1, 40), min_size=1, max_size=3))
    pooling = draw(st.booleans())

    def numbers(low: int, high: int) -> Any:
        each = st.integers(low, high)
        rank = len(sizes)
        return draw(st.one_of(each, st.lists(each, min_size=rank, max_size=rank)))

    keys: Keys = {"type": "maxpool" if pooling else "conv"}
    if not pooling:
        keys["filters"] = 4
    keys["kernel"] = numbers(1, 9)
    if not pooling or draw(st.booleans()):
        keys["stride"] = numbers(1, 7)
    if draw(st.booleans()):
        keys["dilation"] = numbers(1, 3)
    if draw(st.booleans()):
        pair = st.lists(st.integers(0, 4), min_size=2, max_size=2)
        pairs = st.lists(pair, min_size=len(sizes), max_size=len(sizes))
        keys["padding"] = draw(
            st.one_of(st.integers(0, 4), pairs, st.sampled_from(["same", "half"]))
        )
    if pooling and draw(st.booleans()):
        keys["ceil_mode"] = "true"
    return keys, sizes


def volume(sizes: list[int]) -> str:
    return "x".join(map(str, [*sizes, 3]))


@settings(
    max_examples=200,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
@given(files())
def test_every_suggestion_fits_as_an_edit_of_the_file(file: tuple[Keys, list[int]]) -> None:
    keys, sizes = file
    try:
        _, before = windows(written(keys), volume(sizes))
    except archcalc.SpecError:
        assume(False)
    found = finding(written(keys), volume(sizes))
    legal = [ends_with_the_input(window) for window in before]
    assert (found is None) == all(legal)
    if found is None:
        return
    assert len(found.suggestions) == 4
    for line in found.suggestions:
        for key, value, output in EDIT.findall(line):
            changed, after = windows(written({**keys, key: value}), volume(sizes))
            assert all(map(ends_with_the_input, after)), line
            assert "x".join(map(str, changed.output.spatial)) == output
        for input, output in INPUT.findall(line):
            changed, after = windows(written(keys), input)
            assert all(map(ends_with_the_input, after)), line
            assert "x".join(map(str, changed.output.spatial)) == output
        assert EDIT.search(line) or INPUT.search(line) or line.startswith("no ")


@st.composite
def single(draw: st.DrawFn) -> Window:
    return Window(
        size=draw(st.integers(1, 40)),
        kernel=draw(st.integers(1, 9)),
        stride=draw(st.integers(2, 7)),
        before=draw(st.integers(0, 4)),
        after=draw(st.integers(0, 4)),
        dilation=draw(st.integers(1, 3)),
    )


@settings(max_examples=200)
@given(single(), st.booleans())
def test_no_smaller_change_would_do(window: Window, pooling: bool) -> None:
    """Every value nearer to today's than the suggested one is tried, and does not fit."""
    reach = window.dilation * (window.kernel - 1) + 1
    assume(window.size + window.before + window.after >= reach)
    assume(not ends_with_the_input(window))
    entry = written(
        {
            **({"type": "maxpool"} if pooling else {"type": "conv", "filters": 4}),
            "kernel": window.kernel,
            "stride": window.stride,
            "padding": [[window.before, window.after]],
            "dilation": window.dilation,
        }
    )
    lines = reported(entry, f"{window.size}x3").suggestions
    padding, kernel, size, stride = (
        next(
            line for line in lines if re.search(f"`{key}: |^no (symmetric )?{key}|^an {key}", line)
        )
        for key in ("padding", "kernel", "input", "stride")
    )

    def fits(**numbers: int) -> bool:
        changed = window._replace(**numbers)  # type: ignore[arg-type]
        extent = changed.dilation * (changed.kernel - 1) + 1
        return changed.size + changed.before + changed.after >= extent and ends_with_the_input(
            changed
        )

    def fitting(name: str, values: range) -> list[int]:
        return [value for value in values if fits(**{name: value})]

    for name, line, today in (
        ("stride", stride, window.stride),
        ("kernel", kernel, window.kernel),
    ):
        least, most = 1, max(reach, today)
        if name == "kernel":
            least = max(1, 2 * window.before, 2 * window.after) if pooling else 1
            most = max(least, window.kernel + window.stride)
        candidates = fitting(name, range(least, most + 1))
        match = EDIT.match(line)
        assert (match is None) == (not candidates)
        if match:
            assert int(match[2]) == min(candidates, key=lambda v: (abs(v - today), v))
    sizes = fitting("size", range(1, window.size + window.stride + 1))
    match = INPUT.match(size)
    assert match
    assert match[1] == f"{min(sizes, key=lambda v: (abs(v - window.size), v))}x3"

    paddings = range(window.kernel // 2 + 1 if pooling else reach)
    symmetric = [p for p in paddings if fits(before=p, after=p)]
    assert ("no symmetric padding" in padding or padding.startswith("no padding")) == (
        not symmetric
    )
    if symmetric:
        chosen = EDIT.match(padding)
        assert chosen
        today = (window.before + window.after) // 2
        assert int(chosen[2]) == min(symmetric, key=lambda p: (abs(p - today), p))
    else:
        totals = [a + b for a in paddings for b in paddings if fits(before=a, after=b)]
        sided = re.search(r"padding: \[\[(\d+), (\d+)\]\]", padding)
        assert (sided is None) == (not totals)
        if sided:
            total = window.before + window.after
            nearest = min(totals, key=lambda t: (abs(t - total), t))
            before, after = int(sided[1]), int(sided[2])
            assert before + after == nearest
            assert before in paddings
            assert after in paddings
            assert before == window.before or after in (0, paddings[-1]) or before == paddings[-1]
