"""Learned tensors and tables, and what reads them."""

from __future__ import annotations

import pytest
from nets import broken, last, net, quantities, rules

import archcalc

PATCHES = [
    "{type: conv, filters: 16, kernel: 8, stride: 8}",
    "{type: reshape, name: patches, shape: -1x16}",
    "{type: parameter, name: token, shape: 1x16}",
    "{type: concat, name: tokens, from: [token, patches], axis: positions}",
    "{type: parameter, name: position, shape: 17x16}",
    "{type: add, name: sum, from: [tokens, position]}",
]


def test_a_parameter_has_weights_and_neither_input_nor_volume() -> None:
    layer = last("{type: parameter, shape: 5x7x16}", "32x32x3")
    assert quantities(layer) == {"output": "5x7x16", "weights": 5 * 7 * 16}
    assert layer.inputs == ()
    assert layer.activation_elements == 0
    assert layer.field.reads_nothing


def test_tokens_with_a_class_token_and_positions() -> None:
    rows = {layer.name: layer for layer in net(PATCHES, "32x32x3").layers}
    assert str(rows["tokens"].output) == "17x16"
    assert quantities(rows["sum"]) == {"output": "17x16", "flops": 17 * 16}
    assert rows["sum"].inputs == ("tokens", "position")
    assert rows["sum"].field.is_global


def test_what_a_parameter_is_added_to_keeps_its_field() -> None:
    entries = [
        "{type: conv, name: map, filters: 4, kernel: 3}",
        "{type: parameter, name: p, shape: 30x30x4}",
        "{type: add, from: [map, p]}",
    ]
    field = last(entries, "32x32x3").field
    assert not field.is_global
    assert field.aligned
    assert field.axes is not None
    assert [axis.size for axis in field.axes] == [3, 3]


def test_what_only_a_parameter_feeds_sees_nothing() -> None:
    entries = ["{type: parameter, shape: 5x7x16}", "{type: conv, filters: 2, kernel: 3}"]
    for entry in ("{type: linear, units: 2}", "{type: global_avgpool}", "{type: relu}"):
        assert last([*entries, entry], "32x32x3").field.reads_nothing


def test_nothing_overwrites_a_parameter() -> None:
    layer = last(["{type: parameter, shape: 5x16}", "{type: relu}"], "32x32x3")
    assert layer.activation_elements == 5 * 16
    layer = last("{type: parameter, shape: 5x16, activation: relu}", "32x32x3")
    assert layer.activation_elements == 5 * 16


def test_a_parameter_takes_no_input() -> None:
    assert broken("{type: parameter, shape: 5, from: input}", "8x8x3") == [
        ("wrong-value", "parameter reads nothing: others name it in from")
    ]
    with pytest.raises(archcalc.Fault, match="parameter reads nothing"):
        archcalc.Builder("b", "8x8x3").add(archcalc.LAYERS["parameter"](shape="5"), "input")


def test_a_parameter_in_python() -> None:
    builder = archcalc.Builder("b", "17x16")
    builder.add(archcalc.LAYERS["parameter"](shape="17x16"), name="p")
    builder.add(archcalc.LAYERS["add"](), ["input", "p"])
    assert archcalc.analyze(builder.network()).totals.weights == 17 * 16


@pytest.mark.parametrize(("size", "output"), [("12", "12x5"), ("12x1", "12x5"), ("4x3x1", "4x3x5")])
def test_a_row_of_a_table_for_every_index(size: str, output: str) -> None:
    layer = last("{type: embedding, entries: 100, channels: 5}", size)
    assert quantities(layer) == {"output": output, "weights": 100 * 5}
    assert layer.activation_elements == 12 * 5


def test_indices_have_one_channel() -> None:
    assert rules("{type: embedding, entries: 100, channels: 5}", "4x3x2") == ["axis-count"]


def test_windows_over_a_table() -> None:
    entries = ["{type: embedding, entries: 9, channels: 5}", "{type: conv, filters: 4, kernel: 3}"]
    assert str(last(entries, "12").output) == "10x4"
    field = last(entries, "12x1").field
    assert field.axes is not None
    assert [axis.size for axis in field.axes] == [3]


@pytest.mark.parametrize(
    ("before", "size"),
    [
        ("{type: parameter, shape: 5x16}", "3"),
        ("{type: embedding, entries: 9, channels: 4}", "5"),
    ],
)
def test_a_fully_connected_layer_behind_them_gets_a_note(before: str, size: str) -> None:
    found = archcalc.check(net([before, "{type: linear, units: 9}"], size))
    assert [finding.rule for finding in found] == ["flattened-positions"]


def test_the_gradient_of_a_parameter_is_of_one_sample() -> None:
    """Sums over the batch, whatever its size; what it is concatenated with keeps nothing."""
    analysis = net(PATCHES, "32x32x3", train="{batch: 7}")
    rows = {layer.name: layer for layer in analysis.layers}
    assert rows["token"].gradient_bytes == 16 * 4
    assert rows["position"].gradient_bytes == 17 * 16 * 4
    assert rows["sum"].saved_bytes == rows["tokens"].saved_bytes == 0


def test_copies_of_a_parameter_read_nothing_either() -> None:
    rows = net(["{type: parameter, name: p, shape: 2, repeat: 4}"], "3x3x2").layers
    assert [(row.name, row.inputs) for row in rows] == [(f"p.{copy}", ()) for copy in range(4)]
