"""Layers along an axis that a key names."""

from __future__ import annotations

import pytest
from nets import broken, last, net, quantities, rules

AB = ["{type: conv, name: a, filters: 12, kernel: [3, 1]}", "{type: relu, name: b, from: input}"]


def concat(axis: str, *names: str) -> str:
    return f"{{type: concat, from: [{', '.join(names)}], axis: {axis}}}"


def test_concat_adds_sizes_along_its_axis() -> None:
    layer = last([*AB, concat("height", "b", "a", "b")], "8x6x12")
    assert quantities(layer) == {"output": f"{8 + (8 - 2) + 8}x6x12"}
    assert layer.activation_elements == (8 + 6 + 8) * 6 * 12


@pytest.mark.parametrize("axis", ["positions", "length"])
def test_the_positions_of_one_axis(axis: str) -> None:
    entries = ["{type: relu, name: a}", concat(axis, "a", "input")]
    assert str(last(entries, "8x12").output) == "16x12"
    assert str(last(f"{{type: slice, start: 1, stop: 4, axis: {axis}}}", "8x12").output) == "3x12"


def test_sizes_along_the_axis_may_differ_and_no_other() -> None:
    ((rule, message),) = broken([*AB, concat("width", "b", "a")], "8x6x12")
    assert rule == "merge-mismatch"
    assert message.startswith("height 8 against 6; its inputs: b 8x6x12, a 6x6x12")
    other = ["{type: conv, name: a, filters: 5, kernel: 1}", concat("height", "input", "a")]
    ((rule, message),) = broken(other, "8x6x12")
    assert (rule, message[:27]) == ("merge-mismatch", "channels differ (12 against")


@pytest.mark.parametrize(
    ("entry", "size", "fact"),
    [
        ("softmax, axis: length", "8x6x12", "has no length: its axes are height, width"),
        ("softmax, axis: positions", "8x6x12", "has not one axis of positions: its axes are"),
        ("slice, start: 0, stop: 1, axis: depth", "8x12", "has no depth: its axes are length"),
        ("softmax, axis: positions", "12", "has not one axis of positions: it is a vector"),
    ],
)
def test_an_axis_that_is_not_there(entry: str, size: str, fact: str) -> None:
    ((rule, message),) = broken(f"{{type: {entry}}}", size)
    assert rule == "axis-count"
    assert fact in message


def test_a_slice_of_rows() -> None:
    layer = last("{type: slice, start: 2, stop: 5, axis: height}", "8x6x12")
    assert quantities(layer) == {"output": "3x6x12"}
    assert layer.activation_elements == 0
    assert layer.costs.reach is not None
    assert [field.at(0) for field in layer.costs.reach] == [(2, 2), (0, 0)]
    beyond = "{type: slice, start: 2, stop: 9, axis: height}"
    assert rules(beyond, "8x6x12") == ["slice-out-of-range"]


def test_rows_side_by_side_are_an_estimate_and_no_mistake() -> None:
    """Output o of the second input reads o - 8, and below it o - 8 to o - 6."""
    layer = last([*AB, concat("height", "b", "a")], "8x6x12")
    assert layer.field.axes is not None
    assert [field.at(0) for field in layer.field.axes] == [(-8, 0), (0, 0)]
    assert not layer.field.aligned
    assert broken([*AB, concat("height", "b", "a")], "8x6x12") == []


@pytest.mark.parametrize("axis", ["channels", "height", "width"])
def test_a_softmax_is_an_operation_for_every_element(axis: str) -> None:
    layer = last(f"{{type: softmax, axis: {axis}}}", "8x6x12")
    assert quantities(layer) == {"output": "8x6x12", "flops": 8 * 6 * 12}
    assert layer.field.axes is not None
    sizes = [field.size for field in layer.field.axes]
    assert sizes == [8 if axis == "height" else 1, 6 if axis == "width" else 1]


def test_a_softmax_over_all_positions_reads_everything() -> None:
    assert last("{type: softmax, axis: positions}", "8x12").field.is_global


@pytest.mark.parametrize(
    ("shape", "output"),
    [("-1x12", "48x12"), ("4x-1", "4x144"), ("8x-1x4", "8x18x4"), ("-1", "576"),
     ("{channels: -1, size: [4, 4]}", "4x4x36")],
)  # fmt: skip
def test_one_number_of_a_shape_may_be_what_is_left(shape: str, output: str) -> None:
    assert str(last(f"{{type: reshape, shape: {shape}}}", "8x6x12").output) == output


@pytest.mark.parametrize(
    ("shape", "rule"),
    [("-1x-1", "wrong-value"), ("-1x7", "reshape-mismatch"), ("-2x7", "size-below-one"),
     ("0x7", "size-below-one"), ("-1x577", "reshape-mismatch")],
)  # fmt: skip
def test_shapes_that_cannot_be(shape: str, rule: str) -> None:
    assert rules(f"{{type: reshape, shape: {shape}}}", "8x6x12") == [rule]


def test_a_transposition_swaps_positions_and_channels() -> None:
    layer = net(["{type: transpose}", "{type: linear, units: 3, flatten: false}"], "8x12").layers[0]
    assert quantities(layer) == {"output": "12x8"}
    assert layer.activation_elements == 0
    assert layer.field.is_global
    assert rules("{type: transpose}", "8x6x12") == ["axis-count"]
