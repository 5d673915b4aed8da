"""AlexNet as lectures print it (letters as in test_windows): pooling before normalisation."""

from __future__ import annotations

from fractions import Fraction

import pytest
from nets import net

import archcalc

ROWS = [
    ("conv, filters: 96, kernel: 11, stride: 4", "55x55x96"),
    ("maxpool, kernel: 3, stride: 2", "27x27x96"),
    ("lrn", "27x27x96"),
    ("conv, filters: 256, kernel: 5, padding: 2", "27x27x256"),
    ("maxpool, kernel: 3, stride: 2", "13x13x256"),
    ("lrn", "13x13x256"),
    ("conv, filters: 384, kernel: 3, padding: 1", "13x13x384"),
    ("conv, filters: 384, kernel: 3, padding: 1", "13x13x384"),
    ("conv, filters: 256, kernel: 3, padding: 1", "13x13x256"),
    ("maxpool, kernel: 3, stride: 2", "6x6x256"),
    ("linear, units: 4096", "4096"),
    ("linear, units: 4096", "4096"),
    ("linear, units: 1000", "1000"),
]
SINGLE = net([f"{{type: {entry}}}" for entry, _ in ROWS], "227x227x3")


@pytest.mark.parametrize("row", range(len(ROWS)))
def test_a_d_row_by_row(row: int) -> None:
    assert str(SINGLE.layers[row].output) == ROWS[row][1]


def test_every_window_fits() -> None:
    assert SINGLE.diagnostics == []


def test_a_conv1_has_35k_parameters() -> None:
    assert SINGLE.layers[0].params == (11 * 11 * 3 + 1) * 96 == 34_944


def test_d_conv1_has_35k_weights() -> None:
    assert SINGLE.layers[0].weights == (11 * 11 * 3) * 96 == 34_848


def test_b_the_paper_s_network_has_60m_parameters() -> None:
    """Two groups in conv2, conv4 and conv5."""
    params = archcalc.analyze(archcalc.load("alexnet")).totals.params
    assert abs(params - 60_000_000) < 1_000_000


def test_c_one_tower_has_62_million_and_convolutions_6_percent_of_them() -> None:
    convolutions = [layer for layer in SINGLE.layers if layer.type == "conv"]
    params = sum(layer.params for layer in convolutions)
    macs = sum(layer.macs for layer in convolutions)
    assert abs(SINGLE.totals.params - 62_300_000) < 100_000
    assert round(Fraction(100 * params, SINGLE.totals.params)) == 6
    assert round(Fraction(100 * macs, SINGLE.totals.macs)) == 95
