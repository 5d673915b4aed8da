from __future__ import annotations

import pytest
from nets import broken, last, net, quantities, rules

MAP = "{type: conv, name: map, filters: 8, kernel: 3}"
SAME = "{type: conv, name: same, filters: 8, kernel: 3, from: input}"
POOLED = "{type: global_avgpool, name: pooled, from: map}"
VECTOR = "{type: linear, name: vector, units: 8, from: map}"


@pytest.mark.parametrize("type", ["add", "subtract", "multiply"])
def test_an_elementwise_merge_costs_inputs_less_one(type: str) -> None:
    layer = last([MAP, SAME, f"{{type: {type}, from: [map, same, map]}}"], "9x7x3")
    assert quantities(layer) == {"output": "7x5x8", "flops": (3 - 1) * 7 * 5 * 8}
    assert layer.activation_elements == 7 * 5 * 8


@pytest.mark.parametrize("type", ["add", "subtract", "multiply"])
@pytest.mark.parametrize("other", ["pooled", "vector"])
@pytest.mark.parametrize("order", ["[map, {0}]", "[{0}, map]", "[{0}, map, {0}]"])
def test_one_value_per_channel_is_broadcast(type: str, other: str, order: str) -> None:
    names = order.format(other)
    layer = last([MAP, POOLED, VECTOR, f"{{type: {type}, from: {names}}}"], "9x7x3")
    count = len(names.split(","))
    assert quantities(layer) == {"output": "7x5x8", "flops": (count - 1) * 7 * 5 * 8}
    assert layer.field.is_global


def test_a_vector_and_a_one_by_one_map_give_a_map() -> None:
    layer = last([MAP, POOLED, VECTOR, "{type: add, from: [vector, pooled]}"], "9x7x3")
    assert str(layer.output) == "1x1x8"


def test_vectors_add() -> None:
    layer = last(["{type: linear, units: 3, name: a}", "{type: add, from: [a, input]}"], "3")
    assert quantities(layer) == {"output": "3", "flops": 3}


def test_concat_adds_channels() -> None:
    layer = last([MAP, SAME, "{type: concat, from: [map, same, map]}"], "9x7x3")
    assert quantities(layer) == {"output": "7x5x24"}
    assert layer.activation_elements == 7 * 5 * 24


def test_concat_of_vectors() -> None:
    entries = ["{type: linear, name: a, units: 5}", "{type: concat, from: [a, input]}"]
    assert str(last(entries, "3").output) == "8"


def test_an_activation_comes_after_the_merge() -> None:
    layer = last([MAP, SAME, "{type: add, from: [map, same], activation: relu}"], "9x7x3")
    assert layer.flops == (2 - 1 + 1) * 7 * 5 * 8


def test_an_empty_branch_is_the_identity() -> None:
    analysis = net("{type: add, branches: [[], [{type: batchnorm}]]}", "9x7x3")
    assert analysis.layers[-1].inputs == ("input", "add1.1.batchnorm1")
    assert analysis.totals.flops == (2 + 1) * 9 * 7 * 3


@pytest.mark.parametrize("type", ["add", "subtract", "multiply", "concat"])
def test_sizes_that_differ_are_named_with_their_axes(type: str) -> None:
    entries = [MAP, "{type: conv, name: b, filters: 8, kernel: [3, 5], from: input}"]
    assert broken([*entries, f"{{type: {type}, from: [map, b]}}"], "9x7x3") == [
        (
            "merge-mismatch",
            "width 5 against 3; its inputs: map 7x5x8, b 7x3x8; before it, along the width: map"
            " turns 7 into 5 (kernel 3) and b turns 7 into 3 (kernel 5)",
        )
    ]


@pytest.mark.parametrize("type", ["add", "subtract", "multiply"])
def test_channels_that_differ(type: str) -> None:
    entries = [MAP, "{type: conv, name: b, filters: 4, kernel: 3, from: input}"]
    assert broken([*entries, f"{{type: {type}, from: [map, b]}}"], "9x7x3") == [
        ("merge-mismatch", "channels differ (8 against 4); its inputs: map 7x5x8, b 7x5x4")
    ]


def test_concat_broadcasts_nothing() -> None:
    for other in ("pooled", "vector"):
        entry = f"{{type: concat, from: [map, {other}]}}"
        assert rules([MAP, POOLED, VECTOR, entry], "9x7x3") == ["merge-mismatch"]


@pytest.mark.parametrize("order", ["[map, gate]", "[gate, map]"])
def test_a_map_of_one_channel_is_multiplied_with_all(order: str) -> None:
    gate = "{type: conv, name: gate, filters: 1, kernel: 1}"
    layer = last([MAP, gate, f"{{type: multiply, from: {order}}}"], "9x7x3")
    assert quantities(layer) == {"output": "7x5x8", "flops": 7 * 5 * 8}
    assert not layer.field.is_global
    for type in ("add", "subtract"):
        assert rules([MAP, gate, f"{{type: {type}, from: {order}}}"], "9x7x3") == ["merge-mismatch"]
