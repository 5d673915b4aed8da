from __future__ import annotations

import pytest
from nets import last, net, quantities, rules

from archcalc.network.layers import ACTIVATIONS
from archcalc.network.layers.activation import NAMES

CONV = "{type: conv, name: a, filters: 12, kernel: 1}"


def test_the_activations_are_those_of_the_language() -> None:
    assert [*NAMES, "softmax", "identity"] == list(ACTIVATIONS)
    assert list(NAMES) == [
        "relu", "relu6", "leaky_relu", "elu", "selu", "gelu", "silu", "mish", "hardswish",
        "hardsigmoid", "sigmoid", "tanh", "softplus",
    ]  # fmt: skip


@pytest.mark.parametrize("type", [*NAMES, "softmax"])
def test_an_activation_costs_one_operation_per_element(type: str) -> None:
    layer = last([CONV, f"{{type: {type}}}"], "7x9x3")
    assert quantities(layer) == {"output": "7x9x12", "flops": 7 * 9 * 12}
    assert layer.activation_elements == 0


@pytest.mark.parametrize("type", [*NAMES, "softmax"])
def test_written_at_a_layer_it_costs_the_same(type: str) -> None:
    alone, active = last(CONV, "7x9x3"), last(CONV[:-1] + f", activation: {type}}}", "7x9x3")
    assert active.flops == alone.flops + 7 * 9 * 12
    assert active.activation_elements == alone.activation_elements


def test_identity_is_a_view_and_costs_nothing() -> None:
    layer = last([CONV, "{type: identity}"], "7x9x3")
    assert quantities(layer) == {"output": "7x9x12"}
    assert layer.activation_elements == 0
    alone, active = last(CONV, "7x9x3"), last(CONV[:-1] + ", activation: identity}", "7x9x3")
    assert active.flops == alone.flops


def test_prelu_trains_a_slope_per_channel() -> None:
    layer = last([CONV, "{type: prelu}"], "7x9x3")
    assert quantities(layer) == {"output": "7x9x12", "weights": 12, "flops": 7 * 9 * 12}
    assert layer.activation_elements == 0


@pytest.mark.parametrize("pieces", [1, 2, 3])
def test_maxout_compares_pieces(pieces: int) -> None:
    layer = last([CONV, f"{{type: maxout, pieces: {pieces}}}"], "7x9x3")
    elements = 7 * 9 * (12 // pieces)
    expected: dict[str, object] = {"output": f"7x9x{12 // pieces}"}
    if pieces > 1:
        expected["flops"] = (pieces - 1) * elements
    assert quantities(layer) == expected
    assert layer.activation_elements == elements


@pytest.mark.parametrize("type", ["prelu", "maxout"])
def test_prelu_and_maxout_are_entries_of_their_own(type: str) -> None:
    assert rules(CONV[:-1] + f", activation: {type}}}", "7x9x3") == ["wrong-value"]


def test_maxout_divides_the_channels() -> None:
    assert rules([CONV, "{type: maxout, pieces: 5}"], "7x9x3") == ["indivisible-size"]
    assert rules([CONV, "{type: maxout, pieces: 0}"], "7x9x3") == ["size-below-one"]


def test_an_activation_after_an_activation_costs_both() -> None:
    layers = net([CONV, "{type: sigmoid, activation: relu}"], "7x9x3").layers
    assert layers[-1].flops == 2 * 7 * 9 * 12
    assert layers[-1].activation_elements == 0
