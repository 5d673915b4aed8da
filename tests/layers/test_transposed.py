from __future__ import annotations

import pytest
from nets import broken, last, quantities, rules


def test_macs_are_weights_times_input_positions() -> None:
    weights = 2 * 2 * 128 * 64
    layer = last("{type: conv_transpose, filters: 64, kernel: 2, stride: 2}", "28x28x128")
    assert quantities(layer) == {
        "output": "56x56x64",
        "weights": weights,
        "biases": 64,
        "macs": weights * 28 * 28,
        "flops": 2 * weights * 28 * 28 + 64 * 56 * 56,
        "connections": weights * 28 * 28 + 64 * 56 * 56,
        "depth": 1,
    }


@pytest.mark.parametrize(
    ("keys", "size"),
    [
        ("kernel: 4, stride: 2, padding: 1", (10 - 1) * 2 - 2 + (4 - 1) + 1),
        ("kernel: 3, stride: 2, padding: 1, output_padding: 1", (10 - 1) * 2 - 2 + 2 + 1 + 1),
        ("kernel: 3, stride: 1, dilation: 3", (10 - 1) * 1 + 3 * (3 - 1) + 1),
        ("kernel: 3, padding: [[0, 2]]", (10 - 1) * 1 - 2 + 2 + 1),
        ("kernel: 3, stride: 2, padding: same", 10 * 2),
        ("kernel: 5, stride: 1, padding: same", 10),
        ("kernel: 1, stride: 3, padding: same, output_padding: 2", 10 * 3),
        ("kernel: 5, stride: 2, padding: half", (10 - 1) * 2 - 4 + 4 + 1),
    ],
)
def test_sizes(keys: str, size: int) -> None:
    layer = last(f"{{type: conv_transpose, filters: 4, {keys}}}", "10x3")
    assert layer.output.spatial == (size,)


def test_groups() -> None:
    layer = last("{type: conv_transpose, filters: 8, kernel: 3, groups: 2, bias: false}", "5x5x6")
    assert layer.weights == 3 * 3 * 6 * (8 // 2)
    assert layer.biases == 0
    assert layer.macs == layer.weights * 5 * 5


def test_it_has_no_division() -> None:
    layer = last("{type: conv_transpose, filters: 4, kernel: 2, stride: 2}", "5x5x6")
    assert layer.windows == ()
    assert layer.geometry == {
        "kernel": [2, 2],
        "stride": [2, 2],
        "padding": [[0, 0], [0, 0]],
        "dilation": [1, 1],
        "groups": 1,
    }


def test_same_needs_a_window_that_covers_the_stride() -> None:
    entry = "{type: conv_transpose, filters: 4, kernel: 2, stride: 4, padding: same}"
    assert broken(entry, "5x3") == [
        (
            "window-too-large",
            "padding same: a window that spans 2 leaves 2 of every 4 output rows without input",
        )
    ]


def test_output_padding_stays_below_stride_or_dilation() -> None:
    entry = "{type: conv_transpose, filters: 4, kernel: 3, stride: 2, output_padding: [1, 2]}"
    assert broken(entry, "5x5x3") == [
        (
            "wrong-value",
            "width: output_padding is 2; it must be smaller than the stride 2 or the dilation 1",
        )
    ]
    dilated = "{type: conv_transpose, filters: 4, kernel: 3, dilation: 3, output_padding: 2}"
    assert last(dilated, "5x3").output.spatial == ((5 - 1) + 3 * 2 + 2 + 1,)


@pytest.mark.parametrize(
    ("keys", "input", "rule"),
    [
        ("kernel: 1, padding: 3", "5x5x3", "window-too-large"),
        ("kernel: 4, padding: half", "5x5x3", "not-an-integer"),
        ("kernel: 3, groups: 2", "5x5x3", "indivisible-groups"),
        ("kernel: 3, groups: 3", "5x5x3", "indivisible-groups"),
        ("kernel: 3", "5", "axis-count"),
        ("kernel: 3, output_padding: [0]", "5x5x3", "axis-count"),
        ("kernel: 3, output_padding: -1", "5x5x3", "wrong-value"),
    ],
)
def test_what_cannot_be(keys: str, input: str, rule: str) -> None:
    assert rules(f"{{type: conv_transpose, filters: 4, {keys}}}", input) == [rule]
