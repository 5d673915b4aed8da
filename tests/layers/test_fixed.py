"""Fixed filters, windows as channels, and weights that are standardized."""

from __future__ import annotations

import pytest
from nets import broken, last, quantities, rules

import archcalc


@pytest.mark.parametrize(
    ("keys", "input", "output", "kernel"),
    [
        ("", "8x7x12", (4, 4), (3, 3)),
        ("kernel: 4, stride: 2", "9x9x2", (5, 5), (4, 4)),
        ("kernel: [5, 1], stride: [3, 1]", "8x7x3", (3, 7), (5, 1)),
    ],
)
def test_blurpool_has_a_filter_a_channel_as_buffers(
    keys: str, input: str, output: tuple[int, int], kernel: tuple[int, int]
) -> None:
    entry = f"{{type: blurpool, {keys}}}" if keys else "{type: blurpool}"
    layer = last(entry, input)
    channels, elements = layer.output.channels, kernel[0] * kernel[1]
    macs = elements * channels * output[0] * output[1]
    assert quantities(layer) == {
        "output": f"{output[0]}x{output[1]}x{channels}",
        "buffers": elements * channels,
        "macs": macs,
        "flops": 2 * macs,
        "connections": macs,
    }


def test_blurpool_mirrors_as_pytorch_does() -> None:
    fact = "height: 2 rows are mirrored, and 2 have 1 row behind the edge"
    assert broken("{type: blurpool, kernel: 5}", "2x9x2") == [("wrong-value", fact)]
    layer = last("{type: blurpool, kernel: 4}", "9x9x2")
    assert layer.geometry["padding"] == [[1, 2], [1, 2]]
    assert layer.field.axes is not None
    assert layer.field.axes[0].at(1) == (1, 4)
    analysis = archcalc.analyze(archcalc.loads("name: n\ninput: 8x8x1\nlayers: [{type: blurpool}]"))
    assert archcalc.check(analysis) == []


@pytest.mark.parametrize(
    ("keys", "input", "output"),
    [
        ("kernel: 3, padding: 1", "8x6x12", "8x6x108"),
        ("kernel: [3, 2], stride: 2, padding: 1", "8x6x12", "4x4x72"),
        ("kernel: 4, dilation: 2", "9x5", "3x20"),
    ],
)
def test_unfold_makes_channels_of_windows(keys: str, input: str, output: str) -> None:
    layer = last(f"{{type: unfold, {keys}}}", input)
    assert quantities(layer) == {"output": output}
    assert layer.activation_elements == layer.output.elements


def test_standardized_weights_cost_a_gain_at_most() -> None:
    plain = last("{type: conv, filters: 4, kernel: 3}", "8x6x12")
    same = last("{type: conv, filters: 4, kernel: 3, standardized: true}", "8x6x12")
    gained = last("{type: conv, filters: 4, kernel: 3, standardized: true, gain: true}", "8x6x12")
    assert quantities(same) == quantities(plain)
    assert quantities(gained) == {**quantities(plain), "weights": 9 * 12 * 4 + 4}


def test_a_gain_is_of_standardized_weights() -> None:
    assert rules("{type: conv, filters: 4, kernel: 3, gain: true}", "8x6x2") == ["conflicting-keys"]
    table = "standardized: true, connection_table: [[0], [1]]"
    assert rules(f"{{type: conv, filters: 2, kernel: 3, {table}}}", "8x6x2") == ["conflicting-keys"]
