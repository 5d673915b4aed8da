from __future__ import annotations

import pytest
from nets import broken, last, net, quantities, rules


def test_weights_are_f_f_c_k_and_macs_are_weights_times_positions() -> None:
    weights, positions = 11 * 11 * 3 * 96, 55 * 55
    layer = last("{type: conv, filters: 96, kernel: 11, stride: 4}", "227x227x3")
    assert quantities(layer) == {
        "output": "55x55x96",
        "weights": weights,
        "biases": 96,
        "macs": weights * positions,
        "flops": 2 * weights * positions + 96 * positions,
        "connections": weights * positions + 96 * positions,
        "depth": 1,
    }
    assert layer.params == weights + 96
    assert layer.activation_elements == positions * 96


def test_without_bias() -> None:
    weights = 3 * 3 * 8 * 16
    layer = last("{type: conv, filters: 16, kernel: 3, bias: false}", "10x12x8")
    assert quantities(layer) == {
        "output": "8x10x16",
        "weights": weights,
        "macs": weights * 8 * 10,
        "flops": 2 * weights * 8 * 10,
        "connections": weights * 8 * 10,
        "depth": 1,
    }


def test_an_activation_costs_one_operation_per_output() -> None:
    plain = last("{type: conv, filters: 16, kernel: 3}", "10x12x8")
    active = last("{type: conv, filters: 16, kernel: 3, activation: relu}", "10x12x8")
    assert active.flops == plain.flops + 8 * 10 * 16
    assert (active.macs, active.connections) == (plain.macs, plain.connections)
    assert active.activation == "relu"


@pytest.mark.parametrize(
    ("input", "kernel", "sizes", "weights"),
    [
        ("100x2", "5", "96x4", 5 * 2 * 4),
        ("10x20x2", "[3, 5]", "8x16x4", 3 * 5 * 2 * 4),
        ("8x10x20x2", "[2, 3, 5]", "7x8x16x4", 2 * 3 * 5 * 2 * 4),
    ],
)
def test_one_two_and_three_axes(input: str, kernel: str, sizes: str, weights: int) -> None:
    layer = last(f"{{type: conv, filters: 4, kernel: {kernel}}}", input)
    assert str(layer.output) == sizes
    assert layer.weights == weights
    assert layer.macs == weights * layer.output.positions


def test_groups_divide_the_channels_of_a_filter() -> None:
    weights = 5 * 5 * (96 // 2) * 256
    layer = last("{type: conv, filters: 256, kernel: 5, padding: 2, groups: 2}", "27x27x96")
    assert layer.weights == weights
    assert layer.biases == 256
    assert layer.macs == weights * 27 * 27


def test_dilation_spreads_the_window() -> None:
    layer = last("{type: conv, filters: 4, kernel: 3, dilation: 2}", "11x11x3")
    assert layer.output.spatial == (11 - 2 * (3 - 1),) * 2
    assert layer.weights == 3 * 3 * 3 * 4


@pytest.mark.parametrize(
    ("padding", "sizes"),
    [
        ("0", (9 - 3 + 1, 12 - 4 + 1)),
        ("valid", (9 - 3 + 1, 12 - 4 + 1)),
        ("1", (9 + 2 - 3 + 1, 12 + 2 - 4 + 1)),
        ("[1, 2]", (9 + 2 - 3 + 1, 12 + 4 - 4 + 1)),
        ("[[1, 0], [0, 3]]", (9 + 1 - 3 + 1, 12 + 3 - 4 + 1)),
        ("same", (9, 12)),
    ],
)
def test_ways_to_write_padding(padding: str, sizes: tuple[int, int]) -> None:
    layer = last(f"{{type: conv, filters: 4, kernel: [3, 4], padding: {padding}}}", "9x12x3")
    assert layer.output.spatial == sizes


@pytest.mark.parametrize(
    ("size", "kernel", "stride", "dilation", "padding"),
    [
        # total = (ceil(N / S) - 1)S + D(F - 1) + 1 - N, the odd element at the end
        (9, 3, 1, 1, [1, 1]),
        (8, 4, 1, 1, [1, 2]),
        (224, 7, 2, 1, [2, 3]),
        (10, 3, 1, 2, [2, 2]),
        (7, 2, 3, 1, [0, 1]),
        (8, 1, 3, 1, [0, 0]),
    ],
)
def test_same_padding(
    size: int, kernel: int, stride: int, dilation: int, padding: list[int]
) -> None:
    entry = (
        f"{{type: conv, filters: 4, kernel: {kernel}, stride: {stride}, "
        f"dilation: {dilation}, padding: same}}"
    )
    layer = last(entry, f"{size}x3")
    assert layer.output.spatial == (-(-size // stride),)
    assert layer.geometry["padding"] == [padding]


@pytest.mark.parametrize(("kernel", "dilation", "half"), [(3, 1, 1), (7, 1, 3), (4, 2, 3)])
def test_half_padding_is_the_same_whatever_the_stride(
    kernel: int, dilation: int, half: int
) -> None:
    assert dilation * (kernel - 1) == 2 * half
    for stride in (1, 2):
        layer = last(
            f"{{type: conv, filters: 4, kernel: {kernel}, dilation: {dilation}, "
            f"stride: {stride}, padding: half}}",
            "20x3",
        )
        assert layer.geometry["padding"] == [[half, half]]


def test_half_padding_of_an_even_kernel_is_not_whole() -> None:
    entry = "{type: conv, filters: 4, kernel: 4, padding: half}"
    assert broken(entry, "20x3") == [
        (
            "not-an-integer",
            "padding half is (4 - 1)/2 = 1.5 along the length, and an integer is needed",
        )
    ]


def test_half_padding_shows_the_dilation() -> None:
    entry = "{type: conv, filters: 4, kernel: 2, dilation: 3, padding: half}"
    ((_, message),) = broken(entry, "20x20x3")
    assert message.startswith("padding half is 3(2 - 1)/2 = 1.5 along the height")


def test_the_fraction_before_the_floor() -> None:
    layer = last("{type: conv, filters: 10, kernel: 3, stride: 3}", "7x8x3")
    assert [str(window.exact) for window in layer.windows] == ["7/3", "8/3"]
    assert layer.output.spatial == (7 // 3, 8 // 3)


def test_geometry_is_resolved_per_axis() -> None:
    layer = last(
        "{type: conv, filters: 4, kernel: [3, 5], stride: 2, padding: [[1, 0], [2, 2]], groups: 2}",
        "9x12x6",
    )
    assert layer.geometry == {
        "kernel": [3, 5],
        "stride": [2, 2],
        "padding": [[1, 0], [2, 2]],
        "dilation": [1, 1],
        "groups": 2,
    }


def test_a_connection_table_counts_its_entries() -> None:
    table = [[0, 1, 2], [1, 2], [3]]
    layer = last(f"{{type: conv, filters: 3, kernel: 5, connection_table: {table}}}", "14x14x4")
    weights = 5 * 5 * (3 + 2 + 1)
    assert quantities(layer) == {
        "output": "10x10x3",
        "weights": weights,
        "biases": 3,
        "macs": weights * 10 * 10,
        "flops": (2 * weights + 3) * 10 * 10,
        "connections": (weights + 3) * 10 * 10,
        "depth": 1,
    }


@pytest.mark.parametrize(
    ("table", "rule"),
    [
        ("[[0], [1]]", "connection-table"),
        ("[[0], [1], [2]], groups: 3", "connection-table"),
        ("[[0], [1], [3]]", "connection-table"),
        ("[[0], [1], []]", "wrong-value"),
        ("[[0], [1], [2, 2]]", "wrong-value"),
    ],
)
def test_connection_tables_that_do_not_fit(table: str, rule: str) -> None:
    entry = f"{{type: conv, filters: 3, kernel: 1, connection_table: {table}}}"
    assert rules(entry, "4x4x3") == [rule]


@pytest.mark.parametrize(
    ("keys", "input", "rule"),
    [
        ("filters: 4, kernel: 8", "7x9x3", "window-too-large"),
        ("filters: 4, kernel: 3, dilation: 4", "9x8x3", "window-too-large"),
        ("filters: 4, kernel: 3, groups: 2", "9x9x3", "indivisible-groups"),
        ("filters: 4, kernel: 3, groups: 3", "9x9x3", "indivisible-groups"),
        ("filters: 4, kernel: 3", "9", "axis-count"),
        ("filters: 4, kernel: [3]", "9x9x3", "axis-count"),
        ("filters: 4, kernel: 3, stride: [1, 1, 1]", "9x9x3", "axis-count"),
        ("filters: 4, kernel: 3, padding: [[1, 1]]", "9x9x3", "axis-count"),
        ("filters: 4, kernel: 0", "9x9x3", "size-below-one"),
        ("filters: 4, kernel: 3, stride: 0", "9x9x3", "size-below-one"),
        ("filters: 4, kernel: 3, dilation: 0", "9x9x3", "size-below-one"),
        ("filters: 4, kernel: 3, padding: -1", "9x9x3", "wrong-value"),
        ("filters: 0, kernel: 3", "9x9x3", "size-below-one"),
        ("kernel: 3", "9x9x3", "missing-key"),
    ],
)
def test_what_a_convolution_cannot_be(keys: str, input: str, rule: str) -> None:
    assert rules(f"{{type: conv, {keys}}}", input) == [rule]


def test_a_window_that_is_too_large_shows_its_numbers() -> None:
    entry = "{type: conv, filters: 4, kernel: 3, dilation: 4, padding: [[0, 1], [0, 0]]}"
    assert broken(entry, "7x8x3") == [
        (
            "window-too-large",
            "height: a window of 3 with dilation 4 spans 9 and does not fit into 7 with padding "
            "0 + 1, 1 short; width: a window of 3 with dilation 4 spans 9 and does not fit into 8, "
            "1 short; the input is 7x8x3 (height x width x channels)",
        )
    ]


def test_depthwise_is_a_filter_per_channel() -> None:
    weights = 3 * 3 * 1 * 32
    layer = last("{type: depthwise_conv, kernel: 3, padding: 1}", "112x112x32")
    assert quantities(layer) == {
        "output": "112x112x32",
        "weights": weights,
        "biases": 32,
        "macs": weights * 112 * 112,
        "flops": (2 * weights + 32) * 112 * 112,
        "connections": (weights + 32) * 112 * 112,
        "depth": 1,
    }
    assert layer.geometry["groups"] == 32


def test_depthwise_with_several_filters_per_channel() -> None:
    layer = last("{type: depthwise_conv, kernel: [3, 1], multiplier: 2, bias: false}", "9x9x5")
    assert str(layer.output) == "7x9x10"
    assert layer.weights == 3 * 1 * 1 * (5 * 2)
    assert layer.biases == 0


def test_separable_is_two_rows() -> None:
    entry = "{type: separable_conv, name: s, filters: 64, kernel: 3, stride: 2, multiplier: 2}"
    depthwise, pointwise = net(entry, "9x9x5").layers
    assert (depthwise.name, depthwise.type) == ("s.depthwise", "depthwise_conv")
    assert (pointwise.name, pointwise.type) == ("s.pointwise", "conv")
    first, second = 3 * 3 * (5 * 2), (5 * 2) * 64
    assert quantities(depthwise) == {
        "output": "4x4x10",
        "weights": first,
        "macs": first * 4 * 4,
        "flops": 2 * first * 4 * 4,
        "connections": first * 4 * 4,
        "depth": 1,
    }
    assert quantities(pointwise) == {
        "output": "4x4x64",
        "weights": second,
        "biases": 64,
        "macs": second * 4 * 4,
        "flops": (2 * second + 64) * 4 * 4,
        "connections": (second + 64) * 4 * 4,
        "depth": 1,
    }
    assert pointwise.depth == 2


def test_the_activation_of_a_separable_convolution_is_its_pointwise_s() -> None:
    entry = "{type: separable_conv, filters: 6, kernel: 3, activation: relu}"
    depthwise, pointwise = net(entry, "9x9x5").layers
    assert (depthwise.activation, pointwise.activation) == (None, "relu")


def test_a_separable_convolution_slides_by_one_with_a_filter_per_channel() -> None:
    depthwise, _ = net("{type: separable_conv, filters: 6, kernel: 3}", "9x9x5").layers
    assert str(depthwise.output) == "7x7x5"
    assert depthwise.weights == 3 * 3 * 5


@pytest.mark.parametrize(("stride", "dilation"), [(1, 1), (1, 4), (2, 1), (3, 2)])
def test_causal_padding_is_all_before(stride: int, dilation: int) -> None:
    """Output o reads o S - D(F - 1) up to o S, and nothing behind it."""
    keys = f"kernel: 3, stride: {stride}, dilation: {dilation}, padding: causal"
    layer = last(f"{{type: conv, filters: 4, {keys}}}", "12x2")
    assert layer.geometry["padding"] == [[dilation * (3 - 1), 0]]
    assert layer.output.spatial == (-(-12 // stride),)
    assert layer.field.axes is not None
    assert layer.field.axes[0].at(2) == (2 * stride - dilation * 2, 2 * stride)
