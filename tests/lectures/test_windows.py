"""Window arithmetic as lectures print it.

A: TUM, Introduction to Deep Learning, 2017, convolutional networks. B: TUM, I2DL, lectures 9 and
10. C: Télécom Paris, MN909, Tartaglione. D: Queen Mary University of London, Computer Vision, CNN
architectures, 2022. E: Stanford, CS231n 2016, lecture 7.
"""

from __future__ import annotations

from fractions import Fraction

import pytest
from nets import last, net

from archcalc.analysis.analysis import LayerAnalysis
from archcalc.wording import decimal


def sizes(layer: LayerAnalysis) -> list[int]:
    assert layer.field.axes is not None
    return [axis.size for axis in layer.field.axes]


@pytest.mark.parametrize(("stride", "exact"), [(1, "5"), (2, "3"), (3, "2.33")])
def test_a_b_d_three_on_seven(stride: int, exact: str) -> None:
    """7x7, F 3: 5x5, 3x3, and 2.33, which "does not fit"."""
    layer = last(f"{{type: conv, filters: 1, kernel: 3, stride: {stride}}}", "7x7x1")
    assert [decimal(window.exact) for window in layer.windows] == [exact, exact]


def test_a_b_d_fractions_are_illegal() -> None:
    for stride, flagged in ((1, False), (2, False), (3, True)):
        found = net(f"{{type: conv, filters: 1, kernel: 3, stride: {stride}}}", "7x7x1")
        assert bool(found.diagnostics) == flagged


def test_b_in_practice_the_floor_is_applied() -> None:
    """64x64x3, F 3, P 1, S 2: floor(32.5) = 32."""
    layer = last("{type: conv, filters: 1, kernel: 3, padding: 1, stride: 2}", "64x64x3")
    assert layer.windows[0].exact == Fraction(64 + 2 * 1 - 3, 2) + 1 == Fraction(65, 2)
    assert layer.output.spatial == (32, 32)


def test_a_d_ten_filters_with_padding_two() -> None:
    """32x32x10, 5 * 5 * 3 + 1 = 76 parameters per filter, 760 in the layer."""
    layer = last("{type: conv, filters: 10, kernel: 5, padding: 2}", "32x32x3")
    assert str(layer.output) == "32x32x10"
    assert layer.params == 10 * (5 * 5 * 3 + 1) == 10 * 76 == 760


def test_e_six_filters_and_then_ten() -> None:
    first, second = net(
        ["{type: conv, filters: 6, kernel: 5}", "{type: conv, filters: 10, kernel: 5}"], "32x32x3"
    ).layers
    assert str(first.output) == "28x28x6"
    assert str(second.output) == "24x24x10"
    assert second.weights == 10 * (5 * 5 * 6)


@pytest.mark.parametrize(("kernel", "padding"), [(3, 1), (5, 2), (7, 3)])
def test_d_same_padding(kernel: int, padding: int) -> None:
    """P = (F - 1) / 2."""
    layer = last(f"{{type: conv, filters: 1, kernel: {kernel}, padding: same}}", "32x32x3")
    assert layer.geometry["padding"] == [[padding, padding]] * 2
    assert layer.output.spatial == (32, 32)


def test_d_two_fives_see_nine() -> None:
    assert sizes(last(["{type: conv, filters: 1, kernel: 5}"] * 2, "32x32x1")) == [9, 9]


def test_d_three_threes_see_seven_with_fewer_weights() -> None:
    stack = net(["{type: conv, filters: 16, kernel: 3}"] * 3, "32x32x16")
    seven = last("{type: conv, filters: 16, kernel: 7}", "32x32x16")
    assert sizes(stack.layers[-1]) == sizes(seven) == [7, 7]
    assert (stack.totals.weights, seven.weights) == (27 * 16**2, 49 * 16**2)


def test_b_a_three_over_a_three_sees_five() -> None:
    assert sizes(last(["{type: conv, filters: 1, kernel: 3}"] * 2, "32x32x1")) == [5, 5]


def test_c_a_pooling_after_a_five_sees_six() -> None:
    """F 5, S 1, P 2, then 2x2 max pool: field 5x5, then 6x6."""
    conv, pool = net(
        ["{type: conv, filters: 1, kernel: 5, padding: 2}", "{type: maxpool, kernel: 2}"], "28x28x1"
    ).layers
    assert (sizes(conv), sizes(pool)) == ([5, 5], [6, 6])


def test_d_alexnet_conv1_as_a_matrix_product() -> None:
    """X_col 363 x 3025, W_row 96 x 363, output 96 x 3025."""
    layer = last("{type: conv, filters: 96, kernel: 11, stride: 4}", "227x227x3")
    window = layer.weights // layer.output.channels
    assert (window, layer.output.positions) == (363, 3025)
    assert layer.macs == 96 * 363 * 3025


@pytest.mark.parametrize(("padding", "kept"), [("valid", 8), ("same", 10)])
def test_a_b_a_box_filter_over_ten_samples(padding: str, kept: int) -> None:
    layer = last(f"{{type: conv, filters: 1, kernel: 3, padding: {padding}}}", "10x1")
    assert layer.output.spatial == (kept,)
