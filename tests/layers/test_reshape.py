from __future__ import annotations

from fractions import Fraction

import pytest
from nets import broken, last, net, quantities, rules

from archcalc.network.layers import LAYERS

INPUT = "8x6x12"
ELEMENTS = 8 * 6 * 12


@pytest.mark.parametrize(
    ("entry", "output"),
    [
        ("dropout, rate: 0.7", "8x6x12"),
        ("flatten", str(8 * 6 * 12)),
        ("reshape, shape: 4x144", "4x144"),
        ("reshape, shape: {channels: 9, size: [4, 4, 4]}", "4x4x4x9"),
        ("reshape, shape: 576", "576"),
        ("slice, start: 2, stop: 7", "8x6x5"),
        ("slice, start: 1, stop: 4, groups: 3", "8x6x9"),
    ],
)
def test_views_cost_nothing(entry: str, output: str) -> None:
    layer = last(f"{{type: {entry}}}", INPUT)
    assert quantities(layer) == {"output": output}
    assert layer.activation_elements == 0


def test_dropout_drops_half_where_no_rate_is_written() -> None:
    assert LAYERS["dropout"]() == LAYERS["dropout"](rate=Fraction(1, 2))


@pytest.mark.parametrize(
    ("entry", "output"),
    [
        ("pad, padding: 1", (10, 8, 12)),
        ("pad, padding: [1, 0]", (10, 6, 12)),
        ("pad, padding: [[0, 1], [2, 3]]", (9, 11, 12)),
        ("crop, crop: 2", (4, 2, 12)),
        ("crop, crop: [3, 0]", (2, 6, 12)),
        ("crop, crop: [[0, 1], [2, 3]]", (7, 1, 12)),
        ("upsample, scale: 2", (16, 12, 12)),
        ("upsample, scale: [1, 3]", (8, 18, 12)),
        ("upsample, size: 5", (5, 5, 12)),
        ("upsample, size: [9, 6]", (9, 6, 12)),
        ("pixel_shuffle, scale: 2", (8 * 2, 6 * 2, 12 // 2**2)),
        ("channel_shuffle, groups: 3", (8, 6, 12)),
    ],
)
def test_what_moves_elements_has_a_volume_and_costs_nothing(
    entry: str, output: tuple[int, int, int]
) -> None:
    layer = last(f"{{type: {entry}}}", INPUT)
    height, width, channels = output
    assert quantities(layer) == {"output": f"{height}x{width}x{channels}"}
    assert layer.activation_elements == height * width * channels


@pytest.mark.parametrize(("input", "axes"), [("8x12", 1), ("8x6x12", 2), ("4x8x6x12", 3)])
def test_linear_upsampling_interpolates_along_every_axis(input: str, axes: int) -> None:
    """2^axes products and 2^axes - 1 additions per output."""
    layer = last("{type: upsample, scale: 2, mode: linear}", input)
    elements = layer.input_volumes[0].elements * 2**axes
    assert layer.output.elements == elements
    assert layer.flops == (2**axes + 2**axes - 1) * elements
    assert layer.macs == 0


@pytest.mark.parametrize(("input", "output"), [("8x12", "24x4"), ("4x8x6x27", "12x24x18x1")])
def test_pixel_shuffle_on_one_and_three_axes(input: str, output: str) -> None:
    assert str(last("{type: pixel_shuffle, scale: 3}", input).output) == output


def test_a_crop_to_a_layer_s_size_keeps_the_centre() -> None:
    layer = net(
        [
            "{type: conv, name: small, filters: 4, kernel: [4, 3]}",
            "{type: upsample, size: [10, 9], name: large}",
            "{type: crop, crop: {like: small}, name: cut}",
        ],
        INPUT,
    ).layers[-1]
    assert layer.output.spatial == (8 - 4 + 1, 6 - 3 + 1)
    assert layer.output.channels == 4
    assert layer.inputs == ("large",)
    # 10 - 5 = 5 rows are cut, two before and three after; 9 - 4 = 5 columns alike.
    assert layer.costs.reach is not None
    assert [field.at(0) for field in layer.costs.reach] == [(2, 2), (2, 2)]


@pytest.mark.parametrize(
    ("entry", "rule"),
    [
        ("reshape, shape: 4x100", "reshape-mismatch"),
        ("reshape", "missing-key"),
        ("slice, start: 2, stop: 13", "slice-out-of-range"),
        ("slice, start: 5, stop: 5", "slice-out-of-range"),
        ("slice, start: -1, stop: 5", "wrong-value"),
        ("slice, start: 1, stop: 5, groups: 3", "slice-out-of-range"),
        ("slice, start: 1, stop: 2, groups: 5", "indivisible-groups"),
        ("slice, start: 1, stop: 2, groups: 2, axis: height", "conflicting-keys"),
        ("crop, crop: [4, 0]", "crop-too-large"),
        ("crop, crop: [0, [1, 1]]", "wrong-value"),
        ("crop, crop: {like: other}", "unknown-name"),
        ("pad, padding: [1]", "axis-count"),
        ("pad, padding: -1", "wrong-value"),
        ("pad, padding: same", "wrong-value"),
        ("upsample", "missing-key"),
        ("upsample, scale: 2, size: 9", "conflicting-keys"),
        ("upsample, scale: [2]", "axis-count"),
        ("upsample, scale: 2, mode: area", "wrong-value"),
        ("pixel_shuffle, scale: 5", "indivisible-size"),
        ("pixel_shuffle, scale: [2, 2]", "wrong-value"),
        ("channel_shuffle, groups: 5", "indivisible-size"),
        ("dropout, rate: 1.5", "wrong-value"),
    ],
)
def test_what_cannot_be(entry: str, rule: str) -> None:
    assert rules(f"{{type: {entry}}}", INPUT) == [rule]


@pytest.mark.parametrize(
    "entry", ["pad, padding: 1", "crop, crop: 1", "upsample, scale: 2", "pixel_shuffle, scale: 2"]
)
def test_a_vector_has_no_axes(entry: str) -> None:
    assert rules(f"{{type: {entry}}}", "12") == ["axis-count"]


def test_a_crop_must_not_grow() -> None:
    entries = [
        "{type: upsample, scale: 2, name: large}",
        "{type: crop, from: input, crop: {like: large}}",
    ]
    assert broken(entries, "8x6x12") == [
        (
            "crop-too-large",
            "16x12x12 (height x width x channels) cannot be cut out of 8x6x12 "
            "(height x width x channels)",
        )
    ]
