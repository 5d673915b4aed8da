from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archcalc.network.window import AdaptiveWindow, TransposedWindow, Window, same_padding

WINDOWS = st.builds(
    Window,
    size=st.integers(1, 60),
    kernel=st.integers(1, 12),
    stride=st.integers(1, 9),
    before=st.integers(0, 7),
    after=st.integers(0, 7),
    dilation=st.integers(1, 4),
    ceil_mode=st.just(False),
)


def positions(window: Window) -> list[int]:
    """Where windows start that lie within the padded input, by trying every position."""
    end = window.size + window.after
    return [
        start
        for start in range(-window.before, end)
        if (start + window.before) % window.stride == 0
        and max(start + window.dilation * k for k in range(window.kernel)) < end
    ]


@given(WINDOWS)
def test_the_output_counts_the_windows_that_fit(window: Window) -> None:
    starts = positions(window)
    assert max(window.output, 0) == len(starts)
    assert (
        window.exact
        == Fraction(
            window.size + window.before + window.after - window.dilation * (window.kernel - 1) - 1,
            window.stride,
        )
        + 1
    )
    assert window.exact // 1 == window.output


@given(WINDOWS)
def test_unread_rows_are_those_after_the_last_window(window: Window) -> None:
    starts = positions(window)
    if not starts:
        return
    reach = starts[-1] + window.dilation * (window.kernel - 1)
    behind = range(reach + 1, window.size + window.after)
    assert window.last_read == reach
    assert window.unread == len(behind)
    assert window.unread_input == len([row for row in behind if 0 <= row < window.size])
    assert window.divides == (len(behind) == 0)
    assert window.overhang == 0


@given(WINDOWS)
def test_ceil_mode_adds_a_window_that_starts_inside(window: Window) -> None:
    ceiling = window._replace(ceil_mode=True)
    if window.travel <= -window.stride:
        assert ceiling.output < 1
        return
    floor = window.travel // window.stride + 1
    wanted = floor
    if window.travel % window.stride:
        start = floor * window.stride - window.before
        wanted += start < window.size
    elif floor > 1 and (floor - 1) * window.stride - window.before >= window.size:
        wanted -= 1
    assert ceiling.output == wanted
    if ceiling.output >= 1:
        end = (ceiling.output - 1) * window.stride - window.before + window.extent
        assert ceiling.overhang == max(0, end - (window.size + window.after))


def test_a_window_may_hang_over_the_whole_input() -> None:
    window = Window(2, kernel=3, stride=2, ceil_mode=True)
    assert window.exact == Fraction(2 - 3, 2) + 1
    assert (window.output, window.overhang) == (1, 1)


def test_the_last_window_must_not_start_behind_the_input() -> None:
    # ceil((5 + 2 - 2) / 3) + 1 = 3, and the third would start at 6 = 5 + 1.
    window = Window(5, kernel=2, stride=3, before=1, after=1, ceil_mode=True)
    assert (window.output, window.overhang, window.unread) == (2, 0, 2)


@given(
    size=st.integers(1, 60),
    kernel=st.integers(1, 12),
    stride=st.integers(1, 9),
    dilation=st.integers(1, 4),
)
def test_same_padding_keeps_a_position_per_stride(
    size: int, kernel: int, stride: int, dilation: int
) -> None:
    before, after = same_padding(size, kernel, stride, dilation)
    window = Window(size, kernel, stride, before, after, dilation)
    assert len(positions(window)) == -(-size // stride)
    assert after - before in (0, 1)
    if stride == 1 and kernel % 2:
        assert before == after == dilation * (kernel - 1) // 2
    if before + after:
        assert window.divides


@given(
    window=st.builds(
        TransposedWindow,
        size=st.integers(1, 20),
        kernel=st.integers(1, 7),
        stride=st.integers(1, 5),
        before=st.integers(0, 3),
        after=st.integers(0, 3),
        dilation=st.integers(1, 3),
        output_padding=st.integers(0, 2),
    )
)
def test_a_transposed_window_covers_what_its_inputs_write(window: TransposedWindow) -> None:
    written = {
        i * window.stride + window.dilation * m
        for i in range(window.size)
        for m in range(window.kernel)
    }
    rows = max(written) + 1
    assert window.output == rows - window.before - window.after + window.output_padding


@given(WINDOWS)
def test_a_transposed_window_undoes_a_window(window: Window) -> None:
    count = len(positions(window))
    if count == 0:
        return
    back = TransposedWindow(
        count,
        window.kernel,
        window.stride,
        window.before,
        window.after,
        window.dilation,
        output_padding=window.unread,
    )
    assert back.output == window.size


def test_left_out_a_window_slides_by_one_without_padding() -> None:
    assert Window(7, kernel=3).output == 7 - 3 + 1
    assert TransposedWindow(7, kernel=3).output == 7 + 3 - 1


@pytest.mark.parametrize(
    ("window", "arithmetic"),
    [
        (Window(227, 11, 4), "(227 - 11)/4 + 1 = 55"),
        (Window(7, 3, 3), "(7 - 3)/3 + 1 = 7/3 ≈ 2.33, rounded down: 2"),
        (Window(224, 7, 2, 3, 3), "(224 + 6 - 7)/2 + 1 = 225/2 = 112.5, rounded down: 112"),
        (Window(9, 3, dilation=2), "(9 - 2(3 - 1) - 1)/1 + 1 = 5"),
        (Window(8, 3, 2, ceil_mode=True), "(8 - 3)/2 + 1 = 7/2 = 3.5, rounded up: 4"),
        (
            Window(3, 2, 2, 1, 1, ceil_mode=True),
            "(3 + 2 - 2)/2 + 1 = 5/2 = 2.5, rounded up: 3, less one because the last window would "
            "start behind the input: 2",
        ),
        (TransposedWindow(28, 2, 2), "(28 - 1) x 2 - 0 + 1 x (2 - 1) + 0 + 1 = 56"),
        (AdaptiveWindow(7, 1), "1 output that reads all 7"),
        (AdaptiveWindow(14, 7), "7, each from 14/7 = 2 rows"),
        (
            AdaptiveWindow(10, 7),
            "7; output o reads rows floor(o x 10/7) to ceil((o + 1) x 10/7) - 1",
        ),
    ],
)
def test_a_size_follows_from_its_formula_with_numbers(
    window: Window | TransposedWindow | AdaptiveWindow, arithmetic: str
) -> None:
    assert window.arithmetic == arithmetic
