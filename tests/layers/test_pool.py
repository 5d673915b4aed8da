from __future__ import annotations

from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nets import last, net, quantities, rules

import archcalc
from archcalc.network.window import AdaptiveWindow


@pytest.mark.parametrize("type", ["maxpool", "avgpool", "l2pool"])
def test_a_pooling_costs_its_window_per_output(type: str) -> None:
    layer = last(f"{{type: {type}, kernel: [3, 2], stride: 2}}", "55x54x96")
    assert quantities(layer) == {
        "output": "27x27x96",
        "flops": 3 * 2 * 27 * 27 * 96,
    }
    assert layer.activation_elements == 27 * 27 * 96


@pytest.mark.parametrize("type", ["maxpool", "avgpool", "l2pool"])
def test_the_stride_is_the_kernel_where_none_is_written(type: str) -> None:
    layer = last(f"{{type: {type}, kernel: [2, 3]}}", "8x9x4")
    assert layer.output.spatial == (8 // 2, 9 // 3)
    assert layer.geometry["stride"] == [2, 3]


@pytest.mark.parametrize(
    ("keys", "size"),
    [
        ("kernel: 3, stride: 2", floor((8 - 3) / 2) + 1),
        ("kernel: 3, stride: 2, ceil_mode: true", ceil((8 - 3) / 2) + 1),
        ("kernel: 3, stride: 2, padding: 1", floor((8 + 2 - 3) / 2) + 1),
        ("kernel: 2, stride: 3, padding: 1, ceil_mode: true", ceil((8 + 2 - 2) / 3) + 1 - 1),
        ("kernel: 9, stride: 2, ceil_mode: true", 1),
        ("kernel: 3, stride: 2, padding: same", ceil(8 / 2)),
        ("kernel: 5, stride: 1, padding: half", 8),
    ],
)
def test_sizes(keys: str, size: int) -> None:
    for type in ("maxpool", "avgpool", "l2pool"):
        assert last(f"{{type: {type}, {keys}}}", "8x4").output.spatial == (size,)


def test_a_max_pooling_may_be_dilated() -> None:
    layer = last("{type: maxpool, kernel: 3, stride: 1, dilation: 2}", "8x4")
    assert layer.output.spatial == (8 - 2 * (3 - 1),)
    assert layer.flops == 3 * 4 * 4
    assert rules("{type: avgpool, kernel: 3, dilation: 2}", "8x4") == ["unknown-key"]


def test_trainable_pooling_has_a_coefficient_and_a_bias_per_map() -> None:
    """LeNet-5's S2: 12 parameters and 5,880 connections."""
    layer = last("{type: avgpool, kernel: 2, trainable: true}", "28x28x6")
    macs, outputs = 2 * 2 * 14 * 14 * 6, 14 * 14 * 6
    assert quantities(layer) == {
        "output": "14x14x6",
        "weights": 6,
        "biases": 6,
        "macs": macs,
        "flops": 2 * macs + outputs,
        "connections": macs + outputs,
    }
    assert (layer.params, layer.connections) == (12, 5880)


@pytest.mark.parametrize("type", ["adaptive_avgpool", "adaptive_maxpool"])
def test_adaptive_poolings_read_what_their_windows_cover(type: str) -> None:
    layer = last(f"{{type: {type}, output: [4, 7]}}", "10x7x5")
    rows = sum(-(-(o + 1) * 10 // 4) - o * 10 // 4 for o in range(4))
    assert quantities(layer) == {"output": "4x7x5", "flops": rows * 7 * 5}


@given(size=st.integers(1, 200), output=st.integers(1, 200))
def test_the_inputs_read_along_an_axis(size: int, output: int) -> None:
    windows = [range(o * size // output, -(-(o + 1) * size // output)) for o in range(output)]
    assert AdaptiveWindow(size, output).reads == sum(map(len, windows))


@pytest.mark.parametrize("type", ["global_avgpool", "global_maxpool"])
@pytest.mark.parametrize(
    ("input", "output"), [("9x4", "1x4"), ("7x5x4", "1x1x4"), ("3x7x5x4", "1x1x1x4")]
)
def test_global_poolings_read_everything_once(type: str, input: str, output: str) -> None:
    layer = last(f"{{type: {type}}}", input)
    elements = layer.input_volumes[0].elements
    assert quantities(layer) == {"output": output, "flops": elements}


@pytest.mark.parametrize(
    ("entry", "input", "rule"),
    [
        ("{type: maxpool, kernel: 9}", "8x8x3", "window-too-large"),
        ("{type: maxpool, kernel: 12, stride: 2, ceil_mode: true}", "8x8x3", "window-too-large"),
        ("{type: maxpool, kernel: 2}", "8", "axis-count"),
        ("{type: avgpool, kernel: [2, 2]}", "8x3", "axis-count"),
        ("{type: l2pool, kernel: 2, trainable: true}", "8x3", "unknown-key"),
        ("{type: global_avgpool}", "8", "axis-count"),
        ("{type: global_maxpool, output: 1}", "8x8x3", "unknown-key"),
        ("{type: adaptive_avgpool, output: [2]}", "8x8x3", "axis-count"),
        ("{type: adaptive_maxpool, output: 0}", "8x8x3", "size-below-one"),
        ("{type: adaptive_maxpool}", "8x8x3", "missing-key"),
    ],
)
def test_what_a_pooling_cannot_be(entry: str, input: str, rule: str) -> None:
    assert rules(entry, input) == [rule]


def test_causal_padding_of_a_pooling_is_no_mistake() -> None:
    analysis = net("{type: maxpool, kernel: 3, stride: 1, padding: causal}", "12x2")
    assert str(analysis.layers[-1].output) == "12x2"
    assert archcalc.check(analysis) == []
