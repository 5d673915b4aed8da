from __future__ import annotations

import pytest
from nets import last, net, quantities, rules

import archcalc


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


@pytest.mark.parametrize(
    ("size", "positions"), [("12", 1), ("7x12", 7), ("7x5x12", 35), ("2x7x5x12", 70)]
)
def test_without_flatten_every_position_is_read_alone(size: str, positions: int) -> None:
    layer = last("{type: linear, units: 9, flatten: false}", size)
    assert quantities(layer) == {
        "output": f"{size[:-2]}9",
        "weights": 12 * 9,
        "biases": 9,
        "macs": 12 * 9 * positions,
        "flops": (2 * 12 + 1) * 9 * positions,
        "connections": (12 + 1) * 9 * positions,
        "depth": 1,
    }
    assert layer.costs.reach == ()


def test_the_field_of_a_position_stays_its_own() -> None:
    entries = ["{type: conv, filters: 8, kernel: 3}", "{type: linear, units: 9, flatten: false}"]
    field = last(entries, "7x5x12").field
    assert not field.is_global
    assert field.axes is not None
    assert [axis.size for axis in field.axes] == [3, 3]


@pytest.mark.parametrize("before", ["{type: reshape, shape: -1x12}", "{type: transpose}"])
def test_a_note_where_frameworks_read_position_by_position(before: str) -> None:
    size = "35x12" if "transpose" in before else "7x5x12"
    linear = "{type: linear, units: 9}"
    assert notes([before, linear], size) == ["flattened-positions"]
    assert notes([before, "{type: gelu}", linear], size) == ["flattened-positions"]
    assert notes([before, linear.replace("9", "9, flatten: false")], size) == []
    assert notes([before, "{type: conv, filters: 4, kernel: 1}", linear], size) == []
    assert notes([before, "{type: global_avgpool}", linear], size) == []
    assert notes([linear], size) == []


def notes(entries: list[str], size: str) -> list[str]:
    found = [finding.rule for finding in archcalc.check(net(entries, size))]
    return [rule for rule in found if rule == "flattened-positions"]
