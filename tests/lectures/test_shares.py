"""What lectures say of networks in shares and ratios, beside the exact numbers.

TUM, Introduction to Deep Learning, 2017; Télécom Paris, MN909; Queen Mary, Computer Vision, 2022.
"""

from __future__ import annotations

from fractions import Fraction

import pytest

import archcalc
from archcalc import Analysis
from archcalc.network.layers import Family


def network(name: str) -> Analysis:
    return archcalc.analyze(archcalc.load(name))


def share(analysis: Analysis, quantity: str, *families: Family) -> Fraction:
    """The part of a total that families of layers have."""
    part = sum(getattr(row, quantity) for row in analysis.layers if row.layer.family in families)
    return Fraction(part, getattr(analysis.totals, quantity))


def percent(value: Fraction) -> int:
    return round(100 * value)


def test_lenet300_has_88_percent_of_its_parameters_in_the_first_layer() -> None:
    analysis = network("lenet300")
    first = Fraction(analysis.layers[0].params, analysis.totals.params)
    assert first == Fraction(300 * (784 + 1), 266_610)
    assert percent(first) == 88


def test_alexnet_has_6_percent_of_its_parameters_and_95_of_its_work_in_convolutions() -> None:
    analysis = network("alexnet-single")
    assert percent(share(analysis, "params", Family.CONVOLUTION)) == 6
    assert percent(share(analysis, "macs", Family.CONVOLUTION)) == 95


def test_googlenet_against_alexnet() -> None:
    """ "12x fewer parameters, 2x more compute": 12 is 60M / 5M as printed; computed it is 8.7."""
    googlenet, alexnet = network("googlenet").totals, network("alexnet").totals
    assert Fraction(60_000_000, 5_000_000) == 12
    assert Fraction(87, 10) < Fraction(alexnet.params, googlenet.params) < Fraction(88, 10)
    assert round(Fraction(googlenet.macs, alexnet.macs)) == 2


def test_vgg16_has_most_memory_early_and_most_parameters_late() -> None:
    analysis = network("vgg16")
    layers = {row.name: row for row in analysis.layers}
    early = sum(layers[name].activation_elements for name in ("conv1_1", "conv1_2"))
    assert early == 2 * 224 * 224 * 64
    assert percent(Fraction(early, analysis.totals.activation_elements)) == 42
    two_stages = early + sum(
        layers[name].activation_elements for name in ("pool1", "conv2_1", "conv2_2", "pool2")
    )
    assert 2 * two_stages > analysis.totals.activation_elements
    assert percent(Fraction(layers["fc6"].params, analysis.totals.params)) == 74
    assert percent(share(analysis, "params", Family.FULLY_CONNECTED)) == 89


def test_the_input_of_vgg16_is_150k_elements() -> None:
    """The first row of the lectures' table, which is no layer."""
    assert network("vgg16").input.elements == 224 * 224 * 3 == 150_528


def test_pooling_quarters_the_first_fully_connected_layer() -> None:
    plain, pooled = (
        {row.name: row.weights for row in network(name).layers}
        for name in ("mnist-conv6", "mnist-conv6-pool")
    )
    assert plain["fc1"] == 4 * pooled["fc1"]


def test_zfnet_is_alexnet_with_another_first_layer() -> None:
    """conv1 7x7 with stride 2 in the place of 11x11 with stride 4; conv3 to conv5 widened."""

    def layers(name: str) -> dict[str, tuple[int, int, int]]:
        return {
            row.name: (
                row.output.channels,
                *(row.geometry[key][0] for key in ("kernel", "stride")),
            )
            for row in network(name).layers
            if row.type == "conv"
        }

    alexnet, zfnet, wide = map(layers, ("alexnet-single", "zfnet", "zfnet-wide"))
    assert (alexnet["conv1"], zfnet["conv1"]) == ((96, 11, 4), (96, 7, 2))
    assert [zfnet[name] for name in ("conv3", "conv4", "conv5")] == [
        alexnet[name] for name in ("conv3", "conv4", "conv5")
    ]
    assert [wide[name][0] for name in ("conv3", "conv4", "conv5")] == [512, 1024, 512]


@pytest.mark.parametrize(
    ("name", "depth"),
    [("vgg16", 16), ("vgg19", 19), ("googlenet", 22), ("resnet152", 152), ("lenet5", 5)],
)
def test_depths_that_give_networks_their_names(name: str, depth: int) -> None:
    assert network(name).totals.depth == depth
