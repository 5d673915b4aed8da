"""The JSON document, version 1: every key of the contract, and nothing but exact values."""

from __future__ import annotations

import json
from typing import Any

import pytest
from nets import net

import archcalc
from archcalc.api import builtin_names

TOP = [
    "version", "name", "source", "input", "batch", "dtype", "layers", "totals", "groups", "outputs",
    "diagnostics",
]  # fmt: skip
LAYER = [
    "name", "type", "activation", "inputs", "line", "input", "output", "weights", "biases",
    "params", "buffers", "macs", "flops", "connections", "activation_elements", "activation_bytes",
    "receptive_field",
]  # fmt: skip
OF_ACTIVATIONS = {"macs_of_weights", "macs_of_activations"}
OF_SOME = {"groups", "shared_with"}
WINDOW = {"kernel", "stride", "padding", "dilation", "exact"}
TOTALS = [
    "layers", "weights", "biases", "params", "buffers", "param_bytes", "macs", "flops",
    "connections", "depth", "activation_elements", "activation_bytes", "peak_bytes", "peak_layer",
]  # fmt: skip
DIAGNOSTIC = [
    "rule", "severity", "layer", "line", "column", "copies", "message", "suggestions",
]  # fmt: skip


def document(entry: str | list[str], input: str = "9x9x2", **top: str) -> dict[str, Any]:
    return net(entry, input, **top).to_dict()


def values(node: Any) -> list[Any]:
    if isinstance(node, dict):
        return [leaf for child in node.values() for leaf in values(child)]
    if isinstance(node, list):
        return [leaf for child in node for leaf in values(child)]
    return [node]


@pytest.mark.parametrize("name", builtin_names())
def test_keys_of_every_architecture(name: str) -> None:
    found = archcalc.analyze(archcalc.load(name)).to_dict()
    assert set(TOP) <= set(found)
    assert list(found["totals"])[: len(TOTALS)] == TOTALS
    for layer in found["layers"]:
        assert set(LAYER) <= set(layer) <= set(LAYER) | WINDOW | OF_ACTIVATIONS | OF_SOME
    for group in found["groups"]:
        assert set(group) >= {"name", "block", "line", "params", "macs"}
    for each in found["diagnostics"]:
        assert set(DIAGNOSTIC) <= set(each)
    assert not any(isinstance(value, float) for value in values(found))
    assert json.loads(json.dumps(found)) == found


def test_a_convolution() -> None:
    entry = (
        "{type: conv, name: c, filters: 4, kernel: [3, 2], stride: 2, padding: [[1, 0], [0, 2]], "
        "groups: 2, activation: relu}"
    )
    # rows: (9 + 1 - 3)/2 + 1 = 9/2; columns: (9 + 2 - 2)/2 + 1 = 11/2
    assert document(entry)["layers"] == [
        {
            "name": "c",
            "type": "conv",
            "activation": "relu",
            "inputs": ["input"],
            "line": 4,
            "input": [{"channels": 2, "spatial": [9, 9]}],
            "output": {"channels": 4, "spatial": [4, 5]},
            "kernel": [3, 2],
            "stride": [2, 2],
            "padding": [[1, 0], [0, 2]],
            "dilation": [1, 1],
            "groups": 2,
            "exact": ["9/2", "11/2"],
            "weights": 3 * 2 * (2 // 2) * 4,
            "biases": 4,
            "params": 3 * 2 * (2 // 2) * 4 + 4,
            "buffers": 0,
            "macs": 24 * 4 * 5,
            "flops": 2 * 24 * 20 + 4 * 20 + 4 * 20,
            "connections": 24 * 20 + 4 * 20,
            "activation_elements": 4 * 4 * 5,
            "activation_bytes": 4 * 4 * 5 * 4,
            "receptive_field": {
                "size": [3, 2],
                "stride": ["2", "2"],
                "start": [-1, 0],
                "aligned": True,
                "global": False,
                "local": {"size": [3, 2], "stride": ["2", "2"], "start": [-1, 0]},
            },
        }
    ]


@pytest.mark.parametrize(
    ("entry", "keys"),
    [
        ("{type: conv, filters: 1, kernel: 3}", WINDOW | {"groups"}),
        ("{type: depthwise_conv, kernel: 3}", WINDOW | {"groups"}),
        ("{type: conv_transpose, filters: 1, kernel: 3}", WINDOW - {"exact"} | {"groups"}),
        ("{type: maxpool, kernel: 3}", WINDOW),
        ("{type: avgpool, kernel: 3}", WINDOW),
        ("{type: l2pool, kernel: 3}", WINDOW),
        ("{type: global_avgpool}", set()),
        ("{type: adaptive_avgpool, output: 3}", set()),
        ("{type: linear, units: 3}", set()),
        ("{type: relu}", set()),
    ],
)
def test_which_layers_have_a_window(entry: str, keys: set[str]) -> None:
    assert set(document(entry)["layers"][0]) - set(LAYER) == keys


def test_same_padding_is_resolved() -> None:
    layer = document("{type: conv, filters: 1, kernel: 4, stride: 2, padding: same}")["layers"][0]
    # ceil(9 / 2) = 5 windows need (5 - 1) x 2 + 4 = 12 rows, 3 more than there are
    assert layer["padding"] == [[1, 2], [1, 2]]
    assert layer["exact"] == ["5", "5"]


def test_a_vector_has_a_field_on_the_axes_of_the_input() -> None:
    field = document("{type: linear, units: 3}")["layers"][0]["receptive_field"]
    assert field == {
        "size": [9, 9],
        "stride": ["0", "0"],
        "start": [0, 0],
        "aligned": True,
        "global": True,
        "local": None,
    }


def test_an_input_without_axes() -> None:
    found = document("{type: linear, units: 3}", "7")
    assert found["input"] == {"channels": 7, "spatial": []}
    assert found["layers"][0]["receptive_field"]["size"] == []


def test_fractions_are_text() -> None:
    found = document("{type: upsample, scale: 2}")["layers"][0]
    assert found["receptive_field"]["stride"] == ["1/2", "1/2"]


def test_groups_outputs_source_and_batch() -> None:
    analysis = archcalc.analyze(
        archcalc.loads(
            "name: x\nsource: S\ninput: 4x4x1\noutputs: [g, r]\nlayers:\n"
            "  - name: g\n    repeat: 2\n    layers:\n"
            "      - {type: conv, name: c, filters: 1, kernel: 1}\n"
            "  - {type: relu, name: r}\n"
        ),
        batch=5,
    )
    found = analysis.to_dict()
    assert (found["version"], found["source"], found["batch"]) == (1, "S", 5)
    assert sorted(found["groups"], key=lambda group: len(group["name"])) == [
        {"name": "g", "block": None, "line": 6, "params": 4, "macs": 32},
        {"name": "g.0", "block": None, "line": 6, "params": 2, "macs": 16},
        {"name": "g.1", "block": None, "line": 6, "params": 2, "macs": 16},
    ]
    volume = {"channels": 1, "spatial": [4, 4]}
    assert found["outputs"] == [
        {"name": "g.1.c", "volume": volume},
        {"name": "r", "volume": volume},
    ]
    assert found["totals"]["activation_elements"] == 5 * (16 + 16 + 16 + 16)


def test_a_diagnostic() -> None:
    found = document("{type: conv, name: c, filters: 1, kernel: 3, stride: 3}", "7x7x3")
    (each,) = found["diagnostics"]
    assert [each[key] for key in DIAGNOSTIC[:6]] == ["illegal-stride", "warning", "c", 4, 5, 1]
    assert "(7 - 3)/3 + 1 = 2.33" in each["message"]
    assert each["suggestions"]


def test_the_text_is_ascii() -> None:
    analysis = net("{type: relu}", "2x2x1", source="Müller \u202e")
    text = archcalc.render(analysis, "json")
    assert text.isascii()
    assert json.loads(text)["source"] == "Müller \u202e"
