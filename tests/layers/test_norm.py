from __future__ import annotations

import pytest
from nets import last, quantities, rules

INPUTS = ["64", "9x64", "7x9x64", "5x7x9x64"]


@pytest.mark.parametrize("input", INPUTS)
def test_batchnorm_keeps_mean_and_variance(input: str) -> None:
    layer = last("{type: batchnorm}", input)
    assert quantities(layer) == {
        "output": input,
        "weights": 64,
        "biases": 64,
        "buffers": 2 * 64,
        "flops": 2 * layer.output.elements,
    }
    assert layer.activation_elements == layer.output.elements


@pytest.mark.parametrize("input", INPUTS)
@pytest.mark.parametrize("entry", ["layernorm", "instancenorm", "groupnorm, groups: 16"])
def test_other_normalisations_have_a_scale_and_a_shift_per_channel(entry: str, input: str) -> None:
    layer = last(f"{{type: {entry}}}", input)
    assert quantities(layer) == {
        "output": input,
        "weights": 64,
        "biases": 64,
        "flops": 2 * layer.output.elements,
    }


@pytest.mark.parametrize(
    ("entry", "buffers"),
    [("batchnorm", 128), ("layernorm", 0), ("instancenorm", 0), ("groupnorm, groups: 4", 0)],
)
def test_without_scale_and_shift_the_operations_are_the_same(entry: str, buffers: int) -> None:
    layer = last(f"{{type: {entry}, affine: false}}", "7x9x64")
    assert (layer.params, layer.buffers, layer.flops) == (0, buffers, 2 * 7 * 9 * 64)


@pytest.mark.parametrize(("keys", "size"), [("", 5), (", size: 3", 3)])
def test_lrn_reads_its_neighbours(keys: str, size: int) -> None:
    layer = last(f"{{type: lrn{keys}}}", "7x9x64")
    assert quantities(layer) == {"output": "7x9x64", "flops": (2 * size + 2) * 7 * 9 * 64}


def test_scale_has_a_coefficient_and_a_bias_per_channel() -> None:
    elements = 7 * 9 * 64
    assert quantities(last("{type: scale}", "7x9x64")) == {
        "output": "7x9x64",
        "weights": 64,
        "biases": 64,
        "flops": 2 * elements,
    }
    assert quantities(last("{type: scale, bias: false}", "7x9x64")) == {
        "output": "7x9x64",
        "weights": 64,
        "flops": elements,
    }


@pytest.mark.parametrize(
    ("entry", "rule"),
    [
        ("{type: groupnorm, groups: 5}", "indivisible-groups"),
        ("{type: groupnorm}", "missing-key"),
        ("{type: lrn, size: 0}", "size-below-one"),
        ("{type: batchnorm, affine: yes}", "wrong-value"),
    ],
)
def test_what_cannot_be(entry: str, rule: str) -> None:
    assert rules(entry, "7x9x64") == [rule]


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        ("per: tensor", {"weights": 1, "flops": 7 * 9 * 64}),
        ("per: tensor, bias: true", {"weights": 1, "biases": 1, "flops": 2 * 7 * 9 * 64}),
        ("by: 0.1", {"flops": 7 * 9 * 64}),
        ("by: -3", {"flops": 7 * 9 * 64}),
    ],
)
def test_a_scale_of_the_whole_tensor(keys: str, found: dict[str, int]) -> None:
    layer = last(f"{{type: scale, {keys}}}", "7x9x64")
    assert quantities(layer) == {"output": "7x9x64", **found}


@pytest.mark.parametrize("key", ["bias: true", "per: tensor"])
def test_a_fixed_number_trains_nothing(key: str) -> None:
    assert rules(f"{{type: scale, by: 2, {key}}}", "7x9x64") == ["conflicting-keys"]
