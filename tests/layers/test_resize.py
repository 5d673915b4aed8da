"""Padding in its modes, channels of zeros, fractions as factors, and other layers' sizes."""

from __future__ import annotations

from fractions import Fraction

import pytest
from nets import broken, last, net, quantities, rules

from archcalc.network.layers import LAYERS


@pytest.mark.parametrize("mode", ["zeros", "reflect", "replicate"])
def test_what_the_rows_hold_changes_no_count(mode: str) -> None:
    layer = last(f"{{type: pad, padding: [[1, 2], [3, 0]], mode: {mode}}}", "8x6x12")
    assert quantities(layer) == {"output": "11x9x12"}
    assert layer.activation_elements == 11 * 9 * 12


def test_channels_of_zeros() -> None:
    assert str(last("{type: pad, channels: [2, 3]}", "8x6x12").output) == "8x6x17"
    assert str(last("{type: pad, channels: [0, 4]}", "5").output) == "9"
    both = last("{type: pad, padding: 1, channels: [2, 3]}", "8x6x12")
    assert str(both.output) == "10x8x17"


@pytest.mark.parametrize(
    ("entry", "rule", "message"),
    [
        (
            "padding: [7, 6], mode: reflect",
            "wrong-value",
            "width: 6 rows are mirrored, and 6 have 5 rows behind the edge",
        ),
        (
            "padding: 1, channels: [1, 1], mode: replicate",
            "conflicting-keys",
            "channels are added as zeros or ones, and mode is replicate",
        ),
        ("mode: reflect", "missing-key", "pad needs padding or channels"),
        (
            "channels: 4",
            "wrong-value",
            'channels takes two integers, [before, after], not "4"',
        ),
    ],
)
def test_pads_that_cannot_be(entry: str, rule: str, message: str) -> None:
    assert broken(f"{{type: pad, {entry}}}", "8x6x12") == [(rule, message)]


@pytest.mark.parametrize(
    ("scale", "output"),
    [
        ("3/2", (7, 4)),  # 15/2 and 9/2
        ("1.5", (7, 4)),
        ("$(3 / 2)", (7, 4)),
        ("[4/3, 0.5]", (6, 1)),  # 20/3 and 3/2
        ("2.0", (10, 6)),
    ],
)
def test_a_fraction_as_a_factor_is_rounded_down(scale: str, output: tuple[int, int]) -> None:
    layer = last(f"{{type: upsample, scale: {scale}}}", "5x3x2")
    assert layer.output.spatial == output


def test_an_output_of_a_fraction_reads_in_steps_of_its_inverse() -> None:
    """Though 5 become 7, output 6 reads floor(6 x 2/3) = 4, and not floor(6 x 5/7)."""
    stated = last("{type: upsample, scale: 3/2}", "5x1").field.axes
    sized = last("{type: upsample, size: 7}", "5x1").field.axes
    assert stated is not None
    assert sized is not None
    places = [Fraction(2, 3) * o // 1 for o in range(7)]
    assert [stated[0].at(o) for o in range(7)] == [(p, p) for p in places]
    assert [sized[0].at(o) for o in range(7)] == [(o * 5 // 7,) * 2 for o in range(7)]


@pytest.mark.parametrize(("keys", "size"), [("scale: 5/4", 3), ("scale: 5/4, mode: linear", 3)])
def test_an_output_as_large_as_its_input_reads_its_own_position(keys: str, size: int) -> None:
    field = last(f"{{type: upsample, {keys}}}", f"{size}x1").field
    assert field.axes is not None
    assert [field.axes[0].at(o) for o in range(size)] == [(o, o) for o in range(size)]


def test_a_factor_says_how_the_size_follows() -> None:
    layer = last("{type: upsample, scale: 3/2}", "5x4x2")
    assert layer.layer.size_arithmetic(layer.costs.shape) == (
        "5 x 3/2 = 15/2 = 7.5, rounded down: 7",
        "4 x 3/2 = 6",
    )


@pytest.mark.parametrize(
    ("scale", "rule"),
    [
        ("0", "wrong-value"),
        ("-1/2", "wrong-value"),
        ("3/0", "size-below-one"),
        ("0.1", "size-below-one"),
        ("a/2", "wrong-value"),
        ("1/99999999999999999999", "limit-exceeded"),
        ("[2, 2, 2]", "axis-count"),
    ],
)
def test_factors_that_cannot_be(scale: str, rule: str) -> None:
    assert rules(f"{{type: upsample, scale: {scale}}}", "5x3x2") == [rule]


def test_the_size_of_another_layer() -> None:
    skip = "{type: conv, name: skip, filters: 4, kernel: [2, 3]}"
    small = "{type: maxpool, kernel: 2, stride: 3}"
    layer = last([skip, small, "{type: upsample, size: {like: skip}}"], "10x9x2")
    assert str(layer.output) == "9x7x4"
    assert layer.inputs == ("maxpool1",)
    vector = "{type: linear, name: vector, units: 3}"
    entries = [vector, "{type: upsample, from: input, size: {like: vector}}"]
    assert rules(entries, "10x9x2") == ["axis-count"]


def test_a_layer_in_python_takes_fractions() -> None:
    assert LAYERS["upsample"](scale="3/2") == LAYERS["upsample"](scale=Fraction(3, 2))
    assert LAYERS["upsample"](scale=Fraction(4, 2)) == LAYERS["upsample"](scale=2)


@pytest.mark.parametrize(("input", "output"), [("9x2", "3x6"), ("6x9x2", "2x3x18")])
def test_space_to_depth(input: str, output: str) -> None:
    layer = last("{type: space_to_depth, scale: 3}", input)
    assert quantities(layer) == {"output": output}
    assert layer.activation_elements == layer.input_volumes[0].elements
    back = net(["{type: space_to_depth, scale: 3}", "{type: pixel_shuffle, scale: 3}"], input)
    assert str(back.layers[-1].output) == input


def test_space_to_depth_divides() -> None:
    assert broken("{type: space_to_depth, scale: 4}", "8x6x12") == [
        ("indivisible-size", "6 rows of width / 4 scale = 1 remainder 2")
    ]
    assert rules("{type: space_to_depth, scale: 2}", "12") == ["axis-count"]
