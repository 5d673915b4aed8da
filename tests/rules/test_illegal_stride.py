"""What is said of a stride that does not divide."""

from __future__ import annotations

import pytest
from nets import net
from strides import finding, reported

import archcalc


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
    assert reported(overhanging, "8x8x3").severity.value == "note"
    # The third window would start behind the input, so that the last two of seven rows are missed.
    shortened = "{type: maxpool, kernel: 2, stride: 4, padding: 1, ceil_mode: true}"
    assert reported(shortened, "7x7x3").severity.value == "warning"


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
