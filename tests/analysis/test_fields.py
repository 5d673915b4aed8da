"""Receptive fields of single layers and chains, as their definitions have them."""

from __future__ import annotations

from fractions import Fraction

import pytest
from nets import last, local, net

import archcalc
from archcalc.network.following import Following
from archcalc.network.receptive_field import Field


def test_the_recurrence_of_windows() -> None:
    """size += (extent - 1) x stride, start -= padding x stride, stride x= S."""
    layer = last(
        [
            "{type: conv, filters: 4, kernel: 7, stride: 2, padding: 3}",
            "{type: maxpool, kernel: 3, stride: 2, padding: 1}",
            "{type: conv, filters: 4, kernel: 3, dilation: 2, padding: 2}",
        ],
        "65x3",
    )
    size = 7 + (3 - 1) * 2 + (2 * (3 - 1)) * (2 * 2)
    assert local(layer) == [(size, Fraction(2 * 2), -3 - 1 * 2 - 2 * 4)]


def test_every_axis_has_its_own_field() -> None:
    layer = last(
        [
            "{type: conv, filters: 4, kernel: [3, 5, 1], stride: [2, 1, 1], padding: [1, 0, 0]}",
            "{type: conv, filters: 4, kernel: [3, 1, 2], stride: 2, "
            "padding: [[0, 1], [0, 0], [2, 0]]}",
        ],
        "17x16x15x3",
    )
    assert local(layer) == [
        (3 + 2 * 2, Fraction(4), -1),
        (5, Fraction(2), 0),
        (2, Fraction(2), -2),
    ]


@pytest.mark.parametrize("input", ["17x3", "17x17x3", "17x17x17x3", "17x18x17x3"])
def test_axes_that_are_alike_have_fields_that_are_alike(input: str) -> None:
    conv = "{type: conv, filters: 4, kernel: 3, stride: 2, padding: 1}"
    axes = input.count("x")
    assert local(last([conv, conv], input)) == [(3 + 2 * 2, Fraction(4), -1 - 2)] * axes


def test_upsampling_repeats_with_a_period() -> None:
    """Two outputs share a position of a map whose own fields are 3 wide and 2 apart."""
    entries = ["{type: conv, filters: 4, kernel: 3, stride: 2}", "{type: upsample, scale: 2}"]
    layer = last([*entries, "{type: conv, filters: 4, kernel: 3}"], "17x3")
    # Outputs 0..2 and 1..3 of the upsampled map stand on positions 0..1 of the map below.
    assert local(layer) == [(3 + 2, Fraction(2, 2), 0)]
    assert layer.field.axes is not None
    assert [layer.field.axes[0].at(o) for o in range(4)] == [(0, 4), (0, 4), (2, 6), (2, 6)]


def test_adaptive_pooling_has_the_mean_stride() -> None:
    layer = last("{type: adaptive_avgpool, output: 4}", "10x3")
    assert layer.field.axes is not None
    spans = [(0, 2), (2, 4), (5, 7), (7, 9)]
    assert [layer.field.axes[0].at(o) for o in range(4)] == spans
    assert local(layer) == [(3, Fraction(10, 4), 0)]


def test_an_output_may_read_nothing() -> None:
    """A 1x1 kernel at stride 2 writes every other row; with padding 1 the first is an empty one."""
    layer = last("{type: conv_transpose, filters: 4, kernel: 1, stride: 2, padding: 1}", "9x3")
    assert layer.output.spatial == ((9 - 1) * 2 - 2 + 1,)
    assert local(layer) == [(1, Fraction(1, 2), None)]
    assert layer.field.axes is not None
    assert [layer.field.axes[0].at(o) for o in range(4)] == [None, (1, 1), None, (2, 2)]


def test_linear_upsampling_reads_two_positions_where_it_is_between_them() -> None:
    layer = last("{type: upsample, scale: 3, mode: linear}", "5x3")
    assert layer.field.axes is not None
    spans = [layer.field.axes[0].at(o) for o in range(4)]
    assert spans == [(-1, 0), (0, 0), (0, 1), (0, 1)]


def test_the_document_holds_null_fractions_and_the_local_field() -> None:
    empty = "{type: conv_transpose, filters: 4, kernel: 1, stride: 2, padding: 1}"
    (row,) = net(empty, "9x3").to_dict()["layers"]
    local = {"size": [1], "stride": ["1/2"], "start": [None], "phases": [[None, [1, 1]]]}
    assert row["receptive_field"] == {**local, "aligned": True, "global": False, "local": local}
    row = net([empty, "{type: flatten}"], "9x3").to_dict()["layers"][-1]
    everything = {"size": [9], "stride": ["0"], "start": [0]}
    assert row["receptive_field"] == {
        **everything,
        "aligned": True,
        "global": True,
        "local": None,
    }


GLOBAL = [
    "{type: global_avgpool}",
    "{type: global_maxpool}",
    "{type: adaptive_avgpool, output: 1}",
    "{type: adaptive_maxpool, output: [1, 1]}",
    "{type: linear, units: 10}",
    "{type: rbf, units: 10}",
    "{type: flatten}",
    "{type: reshape, shape: 98x2}",
]


@pytest.mark.parametrize("entry", GLOBAL)
def test_what_mixes_positions_sees_everything(entry: str) -> None:
    layer = last(["{type: conv, filters: 4, kernel: 1}", entry], "7x7x3")
    assert layer.field.is_global
    assert layer.field.axes is None


def test_an_adaptive_pooling_to_one_on_one_axis_keeps_its_position_on_the_other() -> None:
    layer = last("{type: adaptive_avgpool, output: [1, 7]}", "14x14x3")
    assert not layer.field.is_global
    assert local(layer) == [(14, Fraction(14), 0), (2, Fraction(2), 0)]


def test_normalisations_read_their_own_position() -> None:
    for entry in (
        "{type: instancenorm}",
        "{type: groupnorm, groups: 1}",
        "{type: layernorm}",
        "{type: softmax}",
        "{type: lrn}",
    ):
        layer = last(entry, "9x9x3")
        assert not layer.field.is_global
        assert local(layer) == [(1, Fraction(1), 0)] * 2


def test_a_period_that_is_too_long_is_refused() -> None:
    entry = "{type: adaptive_avgpool, output: 5003}"
    with pytest.raises(archcalc.SpecError, match="repeats only every 5,003 outputs"):
        net(entry, "5009x3")


def test_composing_with_nothing_reads_nothing() -> None:
    nothing, own = Field(2, (None,)), Field(3, ((0, 0),))
    composed = Following().composed
    assert composed(nothing, own) == composed(own, nothing) == Field(6, (None,))
    assert nothing.size == 0
    assert nothing.start is None
    assert nothing.centre is None


def test_a_sparse_map_below_many_upsamplings_is_followed() -> None:
    # conv_transpose of kernel 1 and stride 2 reads an input every second output; each upsampling
    # by 2 doubles the period: 2 x 2^6 outputs.
    text = "name: x\ninput: 16x2\nlayers:\n"
    text += "  - {type: conv_transpose, filters: 2, kernel: 1, stride: 2}\n"
    text += "  - {type: upsample, scale: 2}\n" * 6
    (axis,) = archcalc.analyze(archcalc.loads(text)).layers[-1].field.axes or ()
    assert (axis.size, len(axis.spans), axis.step) == (1, 2 * 2**6, 1)
