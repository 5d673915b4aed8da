"""Receptive fields where paths meet: of merges, of branches, and of published graphs."""

from __future__ import annotations

from fractions import Fraction

import pytest
from nets import last, local, net

from archcalc.analysis.analysis import LayerAnalysis


def test_squeeze_and_excitation_keeps_a_local_field() -> None:
    analysis = net(
        [
            "{type: conv, name: a, filters: 8, kernel: 3, padding: 1}",
            "{type: multiply, name: se, branches: [[], [{type: global_avgpool}, "
            "{type: conv, filters: 8, kernel: 1, activation: sigmoid}]]}",
            "{type: conv, name: b, filters: 8, kernel: 3, stride: 2, padding: 1}",
        ],
        "9x9x3",
    )
    fields = {layer.name: layer for layer in analysis.layers}
    assert not fields["a"].field.is_global
    assert fields["se"].field.is_global
    assert local(fields["se"]) == [(3, Fraction(1), -1)] * 2
    assert fields["b"].field.is_global
    assert local(fields["b"]) == [(3 + 2, Fraction(2), -1 - 1)] * 2


@pytest.mark.parametrize("gate", ["{type: linear, units: 8}", "{type: global_maxpool}"])
def test_a_broadcast_makes_the_field_global(gate: str) -> None:
    layer = last(
        [
            "{type: conv, filters: 8, kernel: 3, name: a}",
            gate[:-1] + ", name: g}",
            "{type: multiply, from: [g, a]}",
        ],
        "9x9x3",
    )
    assert layer.field.is_global
    assert local(layer) == [(3, Fraction(1), 0)] * 2


def test_a_one_by_one_map_that_keeps_its_position_is_broadcast_as_well() -> None:
    layer = last(
        [
            "{type: conv, filters: 8, kernel: 1, name: a}",
            "{type: conv, filters: 8, kernel: 9, name: g}",
            "{type: add, from: [a, g]}",
        ],
        "9x9x3",
    )
    assert layer.field.is_global
    assert local(layer) == [(1, Fraction(1), 0)] * 2


def test_a_pooled_branch_of_a_concat_is_global_beside_the_local_paths() -> None:
    branches = (
        "[{type: conv, filters: 8, kernel: 3, dilation: 2, padding: 2}], "
        "[{type: global_avgpool}, {type: upsample, size: 9}]"
    )
    layer = last(f"{{type: concat, branches: [{branches}]}}", "9x9x3")
    assert layer.field.is_global
    assert layer.field.aligned
    assert local(layer) == [(5, Fraction(1), -2)] * 2


def test_paths_of_different_centres_are_misaligned_from_there_on() -> None:
    analysis = net(
        [
            "{type: conv, filters: 8, kernel: 3, padding: [[0, 2], [1, 1]], name: a}",
            "{type: conv, filters: 8, kernel: 1, from: input, name: b}",
            "{type: add, from: [a, b], name: sum}",
            "{type: relu, name: after}",
        ],
        "9x9x3",
    )
    assert [layer.field.aligned for layer in analysis.layers] == [True, True, False, False]
    assert local(analysis.layers[2]) == [(3, Fraction(1), 0), (3, Fraction(1), -1)]


def test_paths_of_different_strides_move_on_with_the_largest() -> None:
    layer = last(
        [
            "{type: conv, filters: 8, kernel: 3, stride: 2, padding: 1, name: a}",
            "{type: conv, filters: 8, kernel: 1, from: input}",
            "{type: crop, crop: {like: a}, name: b}",
            "{type: add, from: [a, b]}",
        ],
        "9x3",
    )
    # Output 0: a reads -1..1, b after a crop of (9 - 5) // 2 = 2 rows reads 2.
    assert local(layer) == [(2 - -1 + 1, Fraction(2), -1)]
    assert not layer.field.aligned
    assert layer.field.axes is not None
    assert layer.field.axes[0].at(3) == (-1 + 3 * 2, 2 + 3 * 2)


@pytest.mark.parametrize(
    ("up", "aligned"),
    [
        ("upsample, scale: 2", True),
        ("upsample, scale: 2, mode: linear", True),
        ("conv_transpose, filters: 3, kernel: 2, stride: 2", True),
        ("conv_transpose, filters: 3, kernel: 4, stride: 2, padding: 1", True),
        ("conv_transpose, filters: 3, kernel: 3, stride: 2, output_padding: 1, padding: 1", False),
    ],
)
def test_down_and_up_again_is_aligned_where_centres_agree_on_average(
    up: str, aligned: bool
) -> None:
    """A U-Net's skip: both outputs of a pair see the pair, half a row off to either side."""
    down = "{type: maxpool, kernel: 2}"
    layer = last(f"{{type: concat, branches: [[], [{down}, {{type: {up}}}]]}}", "16x16x3")
    assert layer.field.aligned is aligned
    assert layer.field.axes is not None
    assert layer.field.axes[0].stride == 1


class TestPublishedGraphs:
    """The small graphs of the unit tests of google-research/receptive_field, with their figures
    (Araujo, Norris and Sim, "Computing Receptive Fields of Convolutional Neural Networks", 2019).
    """

    LEFT = "[{type: conv, filters: 4, kernel: 1, stride: 4}]"
    PADDED = "{type: pad, padding: [[1, 0], [1, 0]]}"

    def graph(self, right: str, input: str = "32x32x1") -> LayerAnalysis:
        return last(f"{{type: add, branches: [{self.LEFT}, [{right}]]}}", input)

    def test_one(self) -> None:
        layer = self.graph(
            f"{self.PADDED}, {{type: conv, filters: 4, kernel: 3, stride: 2}}, "
            "{type: conv, filters: 4, kernel: 1, stride: 2}"
        )
        assert local(layer) == [(3, Fraction(4), -1)] * 2
        assert layer.field.aligned

    def test_two_with_poolings(self) -> None:
        layer = last(
            f"{{type: concat, branches: [{self.LEFT}, [{self.PADDED}, "
            "{type: maxpool, kernel: 3, stride: 2}, {type: maxpool, kernel: 1, stride: 2}]]}",
            "32x32x1",
        )
        assert local(layer) == [(3, Fraction(4), -1)] * 2
        assert layer.field.aligned

    def test_three_whose_strides_differ(self) -> None:
        layer = last(
            "{type: add, branches: ["
            "[{type: pad, padding: [[2, 1], [2, 1]]}, "
            "{type: conv, filters: 4, kernel: 5, stride: 2}], "
            "[{type: conv, filters: 4, kernel: 3}, {type: conv, filters: 4, kernel: 3}]]}",
            "7x7x1",
        )
        # floor((7 + 3 - 5)/2) + 1 = 3 = 7 - 2 - 2
        assert layer.output.spatial == (3, 3)
        assert not layer.field.aligned

    @pytest.mark.parametrize(("size", "start", "aligned"), [(9, -1, True), (8, 0, False)])
    def test_four_with_same_padding(self, size: int, start: int, aligned: bool) -> None:
        layer = self.graph(
            "{type: conv, filters: 4, kernel: 3, stride: 2, padding: same}, "
            "{type: conv, filters: 4, kernel: 1, stride: 2}",
            f"{size}x{size}x1",
        )
        assert local(layer) == [(3, Fraction(4), start)] * 2
        assert layer.field.aligned is aligned

    def test_five_with_other_heights_than_widths(self) -> None:
        layer = last(
            [
                "{type: conv, filters: 4, kernel: [3, 5], stride: 2}",
                "{type: conv, filters: 4, kernel: [3, 1], stride: 2}",
                "{type: relu}",
            ],
            "32x32x1",
        )
        assert local(layer) == [(3 + 2 * 2, Fraction(4), 0), (5, Fraction(4), 0)]


def test_one_axis_may_be_aligned_and_the_other_not() -> None:
    layer = last(
        [
            "{type: conv, filters: 8, kernel: 3, padding: [[1, 1], [2, 0]], name: a}",
            "{type: add, from: [a, input]}",
        ],
        "9x9x8",
    )
    assert not layer.field.aligned
    assert local(layer) == [(3, Fraction(1), -1), (3, Fraction(1), -2)]
