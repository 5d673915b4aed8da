from __future__ import annotations

import pytest
from nets import last, quantities, rules


@pytest.mark.parametrize("input", ["9216", "6x6x256", "4x9x256", "2x3x6x256"])
def test_a_weight_from_every_input_to_every_unit(input: str) -> None:
    weights = 6 * 6 * 256 * 4096
    assert quantities(last("{type: linear, units: 4096}", input)) == {
        "output": "4096",
        "weights": weights,
        "biases": 4096,
        "macs": weights,
        "flops": 2 * weights + 4096,
        "connections": weights + 4096,
        "depth": 1,
    }


def test_without_bias() -> None:
    layer = last("{type: linear, units: 10, bias: false, activation: softmax}", "84")
    assert (layer.weights, layer.biases, layer.connections) == (840, 0, 840)
    assert layer.flops == 2 * 840 + 10


def test_the_centres_of_an_rbf_are_not_trained() -> None:
    assert quantities(last("{type: rbf, units: 10}", "84")) == {
        "output": "10",
        "buffers": 84 * 10,
        "macs": 84 * 10,
        "flops": 2 * 84 * 10,
        "connections": 84 * 10,
        "depth": 1,
    }


@pytest.mark.parametrize(
    ("entry", "rule"),
    [
        ("{type: linear}", "missing-key"),
        ("{type: linear, units: 0}", "size-below-one"),
        ("{type: rbf, units: 10, bias: true}", "unknown-key"),
    ],
)
def test_what_cannot_be(entry: str, rule: str) -> None:
    assert rules(entry, "84") == [rule]
