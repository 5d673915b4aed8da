"""What is said of a stride that does not divide, and the edits that are suggested."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from nets import net

import archcalc
from archcalc.analysis.analysis import LayerAnalysis
from archcalc.diagnostics import Diagnostic
from archcalc.network.window import Window

Keys = dict[str, Any]


def written(keys: Keys) -> str:
    return "{" + ", ".join(f"{key}: {value}" for key, value in keys.items()) + "}"


def finding(entry: str, input: str) -> Diagnostic | None:
    found = [d for d in net(entry, input).diagnostics if d.rule == "illegal-stride"]
    assert len(found) <= 1
    return found[0] if found else None


def reported(entry: str, input: str) -> Diagnostic:
    found = finding(entry, input)
    assert found is not None
    return found


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


def test_three_rows_of_three_in_seven() -> None:
    found = reported("{type: conv, filters: 10, kernel: 3, stride: 3}", "7x7x3")
    assert found.severity.value == "warning"
    assert found.message == (
        "height and width: (7 - 3)/3 + 1 = 2.33 is not whole; the floor 2 is used, and no window "
        "reaches the last row and column of the input"
    )
    assert found.suggestions == (
        "`padding: 1` gives 3x3",
        "`kernel: 4` gives 2x2",
        "an input of 6x6x3 gives 2x2",
        "`stride: 2` gives 3x3 and changes the network's resolution",
    )


@pytest.mark.parametrize(("stride", "size"), [(1, 5), (2, 3)])
def test_strides_that_divide_are_not_flagged(stride: int, size: int) -> None:
    entry = f"{{type: conv, filters: 10, kernel: 3, stride: {stride}}}"
    assert finding(entry, "7x7x3") is None
    assert net(entry, "7x7x3").layers[0].output.spatial == (size, size)


def test_where_no_symmetric_padding_exists() -> None:
    """28 + 2P - 5 is odd for every P."""
    found = reported("{type: conv, filters: 4, kernel: 5, stride: 2}", "28x28x3")
    assert found.suggestions[0] == (
        "no symmetric padding smaller than the window (0 to 4) makes it whole; "
        "`padding: [[0, 1], [0, 1]]` gives 13x13"
    )


def test_a_window_of_one_has_no_padding_that_is_smaller() -> None:
    found = reported("{type: conv, filters: 4, kernel: 1, stride: 2}", "56x56x3")
    assert found.suggestions[0] == "no padding smaller than the window (0) makes it whole"


def test_padding_only_and_input_are_told_apart() -> None:
    stem = "{type: conv, filters: 4, kernel: 7, stride: 2, padding: 3}"
    assert reported(stem, "224x224x3").message == (
        "height and width: (224 + 6 - 7)/2 + 1 = 112.5 is not whole; the floor 112 is used, and no "
        "window reaches the last row and column, which are padding only"
    )
    # 10 + 2 + 2 - 3 = 11 = 2 x 4 + 3: the last window ends at 8, rows 9, 10 and 11 are unread.
    mixed = "{type: conv, filters: 4, kernel: 3, stride: 4, padding: 2}"
    assert reported(mixed, "10x3").message == (
        "length: (10 + 4 - 3)/4 + 1 = 3.75 is not whole; the floor 3 is used, and no window "
        "reaches the last 3 elements, of which 1 is input and the rest padding"
    )


def test_asymmetric_padding_counts_by_side() -> None:
    entry = "{type: conv, filters: 4, kernel: 3, stride: 3, padding: [[0, 1], [1, 0]]}"
    # Both axes: (7 + 1 - 3)/3 + 1 = 8/3; above the last window ends at 5, to the left at 4.
    assert reported(entry, "7x7x3").message == (
        "height: (7 + 1 - 3)/3 + 1 = 2.67 is not whole; the floor 2 is used, and no window reaches "
        "the last 2 rows, of which 1 is input and the rest padding; "
        "width: (7 + 1 - 3)/3 + 1 = 2.67 is not whole; the floor 2 is used, and no window reaches "
        "the last 2 columns of the input"
    )


def test_dilation_stands_in_the_formula() -> None:
    entry = "{type: conv, filters: 4, kernel: 3, stride: 3, dilation: 2}"
    assert reported(entry, "7x3").message.startswith(
        "length: (7 - 2(3 - 1) - 1)/3 + 1 = 1.67 is not whole; the floor 1 is used, and no window "
        "reaches the last 2 elements of the input"
    )


def test_with_ceil_mode_the_last_window_hangs_over() -> None:
    entry = "{type: maxpool, kernel: 3, stride: 2, ceil_mode: true}"
    assert reported(entry, "112x112x64").message == (
        "height and width: (112 - 3)/2 + 1 = 55.5 is not whole; ceil_mode makes it 56, and the "
        "last window hangs over the input by one row and column"
    )
    padded = "{type: maxpool, kernel: 3, stride: 2, padding: 1, ceil_mode: true}"
    assert reported(padded, "8x64").message.endswith("hangs over the padded input by one element")
    alone = "{type: maxpool, kernel: 4, stride: 3, ceil_mode: true}"
    assert reported(alone, "2x64").message == (
        "length: (2 - 4)/3 + 1 = 0.33 is not whole; ceil_mode makes it 1, and the last window "
        "hangs over the input by 2 elements"
    )


def test_with_ceil_mode_a_window_that_would_start_behind_the_input_is_left_out() -> None:
    entry = "{type: maxpool, kernel: 2, stride: 3, padding: 1, ceil_mode: true}"
    assert reported(entry, "5x64").message == (
        "length: (5 + 2 - 2)/3 + 1 = 2.67 is not whole; the floor 2 is used, and no window reaches "
        "the last 2 elements, of which 1 is input and the rest padding"
    )


def test_three_axes() -> None:
    entry = "{type: conv, filters: 4, kernel: 3, stride: 2}"
    assert reported(entry, "8x9x8x3").message == (
        "depth and width: (8 - 3)/2 + 1 = 3.5 is not whole; the floor 3 is used, and no window "
        "reaches the last slice and column of the input"
    )
    assert reported(entry, "8x8x8x3").message.startswith(
        "depth, height and width: (8 - 3)/2 + 1 = 3.5 is not whole; the floor 3 is used, and no "
        "window reaches the last slice, row and column of the input"
    )


def test_a_stride_that_is_the_kernel_changes_with_it() -> None:
    found = reported("{type: maxpool, kernel: 3}", "8x64")
    # the stride of 2 that comes with the kernel changes the resolution as a stride of 1 does
    assert found.suggestions[2] == (
        "`kernel: 2` (and with it the stride) gives 4 and changes the network's resolution"
    )
    written = reported("{type: maxpool, kernel: 3, stride: 3}", "8x64")
    assert written.suggestions[1] == "`kernel: 2` gives 3"


def test_padding_that_follows_the_kernel_leaves_no_kernel_that_fits() -> None:
    """With P = F - 1 the window moves N - 1 rows, whatever F is."""
    found = reported("{type: conv, filters: 4, kernel: 7, stride: 2, padding: half}", "224x3")
    assert found.suggestions[1:] == (
        "no kernel from 1 to 9 makes it whole",
        "an input of 223x3 gives 112",
        "`stride: 1` gives 224 and changes the network's resolution",
    )


def test_an_axis_without_a_kernel_that_fits_is_named() -> None:
    found = reported("{type: maxpool, kernel: 5}", "12x13x64")
    assert found.suggestions[1] == "no kernel from 2 to 10 makes it whole along the width"


def test_the_search_ends_a_thousand_from_today_s_value() -> None:
    found = reported("{type: conv, filters: 4, kernel: 1, stride: 5000}", "8000x3")
    assert found.suggestions[1:] == (
        "no kernel from 1 to 1001 makes it whole",
        "no input size from 7000 to 9000 makes it whole",
        "no stride from 4000 to 5000 makes it whole",
    )


def test_copies_of_a_block_are_one_diagnostic() -> None:
    analysis = net(
        "{name: halves, repeat: 3, layers: [{type: conv, filters: 4, kernel: 2, stride: 2}]}",
        "31x31x3",
    )
    (found,) = analysis.diagnostics
    assert [layer.output.spatial for layer in analysis.layers] == [(15, 15), (7, 7), (3, 3)]
    assert (found.layer, found.copies) == ("halves.0.conv1", 3)


def test_only_padding_is_a_note_and_input_a_warning() -> None:
    halving = "{type: conv, filters: 4, kernel: 3, stride: 2, padding: 1}"
    assert reported(halving, "8x8x3").severity.value == "note"
    # Of 8 rows and 2 of padding the last is missed, which is padding; without, it is input.
    assert reported("{type: conv, filters: 4, kernel: 3, stride: 2}", "8x8x3").severity.value == (
        "warning"
    )
    # Along the height only padding is missed, along the width a column of the input.
    mixed = "{type: conv, filters: 4, kernel: 3, stride: 2, padding: [1, 0]}"
    assert reported(mixed, "8x8x3").severity.value == "warning"
    overhanging = "{type: maxpool, kernel: 3, stride: 2, padding: 1, ceil_mode: true}"
    assert reported(overhanging, "8x8x3").severity.value == "warning"


def test_copies_that_miss_input_are_apart_from_those_that_miss_padding() -> None:
    entry = (
        "{name: stages, repeat: 2, layers: "
        "[{type: conv, filters: 4, kernel: 4, stride: 3, padding: 1}]}"
    )
    # 19 -> (19 + 2 - 4)/3 + 1 = 6.67 misses padding 19 and the row 18; 6 -> (6 + 2 - 4)/3 + 1 =
    # 2.33 misses the padding 6 alone.
    found = net(entry, "19x3").diagnostics
    assert [(each.severity.value, each.layer, each.copies) for each in found] == [
        ("warning", "stages.0.conv1", 1),
        ("note", "stages.1.conv1", 1),
    ]


def test_a_suggestion_that_leaves_a_note_elsewhere_is_kept() -> None:
    """With the padding of 1, the pooling has 3 rows of which it reads 2 and misses no input."""
    text = """\
name: x
input: 7x7x3
layers:
  - {type: conv, name: a, filters: 4, kernel: 3, stride: 3}
  - {type: maxpool, name: b, kernel: 2, stride: 2, padding: 1}
"""
    # a: 7 -> 2.33; b: (2 + 2 - 2)/2 + 1 = 2. With padding 1, a gives 3, and b 2.5, of which the
    # last row is padding.
    found = archcalc.check(archcalc.analyze(archcalc.loads(text)))
    assert [each.layer for each in found if each.rule == "illegal-stride"] == ["a"]
    assert "`padding: 1` gives 3x3" in found[0].suggestions
