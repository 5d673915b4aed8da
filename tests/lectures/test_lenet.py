"""Digits networks as lectures print them (letters as in test_windows)."""

from __future__ import annotations

from fractions import Fraction

import pytest
from nets import net

import archcalc
from archcalc.analysis.analysis import LayerAnalysis

CONV6 = "{type: conv, filters: 6, kernel: 5, padding: 2}"
CONV16 = "{type: conv, filters: 16, kernel: 5, padding: 2}"
POOL = "{type: maxpool, kernel: 2}"
HEAD = ["{type: linear, units: 100}", "{type: linear, units: 10}"]


def rows(*entries: str) -> list[LayerAnalysis]:
    """The layers that have parameters."""
    return [layer for layer in net(entries, "28x28x1").layers if layer.params]


class TestLeNet300:
    """C: parameters 230k, 30k, 1k, "~260k" in all; MACs 235k, 30k, 1k, "~266k" in all."""

    LAYERS = rows("{type: linear, units: 300}", *HEAD)

    def test_parameters_without_biases(self) -> None:
        weights = [300 * (28 * 28), 100 * 300, 10 * 100]
        assert [layer.weights for layer in self.LAYERS] == weights == [235_200, 30_000, 1_000]

    def test_a_layer_s_complexity_is_m_times_one_plus_n(self) -> None:
        counted = [300 * (1 + 28 * 28), 100 * (1 + 300), 10 * (1 + 100)]
        assert [layer.params for layer in self.LAYERS] == counted
        assert [layer.connections for layer in self.LAYERS] == counted
        assert sum(counted) == 266_610

    def test_macs(self) -> None:
        assert sum(layer.macs for layer in self.LAYERS) == 235_200 + 30_000 + 1_000 == 266_200

    def test_the_first_layer_has_88_percent(self) -> None:
        params = [layer.params for layer in self.LAYERS]
        assert round(Fraction(100 * params[0], sum(params))) == 88


class TestConv6:
    """C: 6 filters 5x5, FC-100, FC-10: parameters 156, "400k", 1k; MACs "86k", 400k, 1k."""

    LAYERS = rows(CONV6, *HEAD)

    def test_parameters(self) -> None:
        assert self.LAYERS[0].params == 6 * (5 * 5 + 1) * 1 == 156
        assert [layer.weights for layer in self.LAYERS[1:]] == [100 * (6 * (28 * 28)), 10 * 100]
        assert self.LAYERS[1].weights == 470_400

    def test_six_maps_are_4700_features(self) -> None:
        assert self.LAYERS[0].output.elements == 6 * (28 * 28) == 4_704

    def test_macs_at_the_28_that_the_parameters_assume(self) -> None:
        assert self.LAYERS[0].macs == 6 * (5 * 5) * (28 * 28) == 117_600

    def test_the_product_that_is_printed_for_86k_counts_the_bias(self) -> None:
        unpadded = rows("{type: conv, filters: 6, kernel: 5}")[0]
        assert unpadded.macs == 6 * (5 * 5) * (24 * 24 * 1) == 86_400
        assert unpadded.connections == 6 * (5 * 5 + 1) * (24 * 24 * 1) == 89_856


def test_c_with_a_pooling() -> None:
    """156, 117k and 1k: "~118k"."""
    conv, hidden, last = rows(CONV6, POOL, *HEAD)
    assert conv.params == 156
    assert hidden.weights == 100 * (6 * (14 * 14)) == 117_600
    assert last.weights == 10 * 100
    assert conv.params + hidden.weights + last.weights == 118_756


def test_c_with_sixteen_filters_and_a_second_pooling() -> None:
    """156, 2,496 (a bias per input channel; per filter it is 2,416), 78k, 1k: "~82k"."""
    first, second, hidden, last = rows(CONV6, POOL, CONV16, POOL, *HEAD)
    assert first.params == 156
    assert second.params == 16 * (5 * 5 * 6 + 1) == 2_416
    assert 16 * (5 * 5 + 1) * 6 == second.weights + 16 * 6 == 2_496
    assert hidden.params == 100 * ((16 * 7 * 7) + 1) == 78_500
    assert last.params == 10 * (100 + 1)
    assert first.params + second.params + hidden.params + last.params == 82_082


class TestLeNet5:
    """B: 60k parameters. LeCun et al. 1998, section II: the numbers layer by layer."""

    ANALYSIS = archcalc.analyze(archcalc.load("lenet5"))

    @pytest.mark.parametrize(
        ("layer", "params", "connections"),
        [
            ("c1", 156, 122_304),
            ("s2", 12, 5_880),
            ("c3", 1_516, 151_600),
            ("s4", 32, 2_000),
            ("c5", 48_120, 48_120),
            ("f6", 10_164, 10_164),
            ("output", 0, 840),
        ],
    )
    def test_as_printed(self, layer: str, params: int, connections: int) -> None:
        (found,) = [each for each in self.ANALYSIS.layers if each.name == layer]
        assert (found.params, found.connections) == (params, connections)

    def test_a_subsampling_unit_counts_its_four_inputs_and_its_bias(self) -> None:
        pools = [each for each in self.ANALYSIS.layers if each.type == "avgpool"]
        assert [pool.connections // pool.output.elements for pool in pools] == [4 + 1, 4 + 1]

    def test_in_all(self) -> None:
        totals = self.ANALYSIS.totals
        assert (totals.params, totals.connections) == (60_000, 340_908)
