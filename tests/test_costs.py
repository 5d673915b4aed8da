"""Weights and multiply-adds, counted one by one."""

from __future__ import annotations

from itertools import product

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from nets import last, net, rules

from archcalc.analysis.costs import costs
from archcalc.network.layers import LAYERS
from archcalc.network.volume import Volume

SMALL = st.integers(1, 3)


@settings(max_examples=60)
@given(
    sizes=st.lists(st.integers(1, 6), min_size=1, max_size=2),
    kernel=SMALL,
    stride=SMALL,
    padding=st.integers(0, 2),
    dilation=st.integers(1, 2),
    groups=SMALL,
    channels=SMALL,
    filters=SMALL,
    bias=st.booleans(),
)
def test_a_convolution_counted_one_by_one(
    sizes: list[int],
    kernel: int,
    stride: int,
    padding: int,
    dilation: int,
    groups: int,
    channels: int,
    filters: int,
    bias: bool,
) -> None:
    channels, filters = channels * groups, filters * groups
    starts = [range(-padding, n + padding - dilation * (kernel - 1), stride) for n in sizes]
    assume(all(starts))
    used = set()
    products = 0
    for _, filter in product(product(*starts), range(filters)):
        group = filter // (filters // groups)
        feeding = range(group * (channels // groups), (group + 1) * (channels // groups))
        for channel, element in product(feeding, product(range(kernel), repeat=len(sizes))):
            used.add((filter, channel, element))
            products += 1
    layer = last(
        f"{{type: conv, filters: {filters}, kernel: {kernel}, stride: {stride}, "
        f"padding: {padding}, dilation: {dilation}, groups: {groups}, "
        f"bias: {str(bias).lower()}}}",
        "x".join(map(str, [*sizes, channels])),
    )
    added = len(list(product(*starts))) * filters if bias else 0
    assert layer.output.spatial == tuple(map(len, starts))
    assert (layer.weights, layer.biases) == (len(used), filters if bias else 0)
    assert (layer.macs, layer.connections) == (products, products + added)
    assert layer.flops == 2 * products + added


@settings(max_examples=60)
@given(
    size=st.integers(1, 6),
    kernel=SMALL,
    stride=SMALL,
    dilation=SMALL,
    channels=SMALL,
    filters=SMALL,
)
def test_a_transposed_convolution_counted_one_by_one(
    size: int, kernel: int, stride: int, dilation: int, channels: int, filters: int
) -> None:
    rows = set()
    products = 0
    for i, element, _, _ in product(range(size), range(kernel), range(channels), range(filters)):
        rows.add(i * stride + dilation * element)
        products += 1
    layer = last(
        f"{{type: conv_transpose, filters: {filters}, kernel: {kernel}, stride: {stride}, "
        f"dilation: {dilation}}}",
        f"{size}x{channels}",
    )
    assert layer.output.spatial == (max(rows) + 1,)
    assert layer.macs == products
    assert layer.connections == products + filters * (max(rows) + 1)
    assert layer.weights == kernel * channels * filters


@settings(max_examples=60)
@given(size=st.integers(2, 9), kernel=SMALL, stride=SMALL, channels=SMALL)
def test_a_trainable_pooling_counted_one_by_one(
    size: int, kernel: int, stride: int, channels: int
) -> None:
    assume(kernel <= size)
    outputs = [
        (start, channel)
        for start in range(0, size - kernel + 1, stride)
        for channel in range(channels)
    ]
    layer = last(
        f"{{type: avgpool, kernel: {kernel}, stride: {stride}, trainable: true}}",
        f"{size}x{channels}",
    )
    assert layer.macs == sum(kernel for _ in outputs)
    assert layer.connections == sum(kernel + 1 for _ in outputs)
    assert layer.flops == sum(2 * kernel + 1 for _ in outputs)


def test_costs_of_a_layer_that_stands_nowhere() -> None:
    conv = LAYERS["conv"](filters=96, kernel=11, stride=4)
    known = costs(conv, "relu", conv.on((Volume(3, (227, 227)),)))
    assert known.shape.output == Volume(96, (55, 55))
    assert known.macs.symbols == "F x F x C x K x H x W"
    assert known.macs.numbers == "11 x 11 x 3 x 96 x 55 x 55"
    assert known.activation_flops == 55 * 55 * 96
    assert known.counts.flops == 2 * known.macs.value + 96 * 55 * 55 + 55 * 55 * 96


def test_the_size_of_a_network_is_bounded() -> None:
    entry = "{type: upsample, scale: 1000000}"
    # the first repeats too rarely to be followed, the second is too large, and hides the third
    assert rules([entry, entry, entry], "9x3") == ["limit-exceeded", "limit-exceeded"]


def test_totals_are_the_sums_of_the_rows() -> None:
    analysis = net(
        [
            "{type: conv, filters: 6, kernel: 3, activation: relu}",
            "{type: batchnorm}",
            "{type: separable_conv, filters: 9, kernel: 3}",
            "{type: linear, units: 5}",
        ],
        "9x9x2",
    )
    for name in (
        "weights", "biases", "params", "buffers", "param_bytes", "macs", "flops", "connections",
    ):  # fmt: skip
        rows = [getattr(layer, name) for layer in analysis.layers]
        assert getattr(analysis.totals, name) == sum(rows) > 0
    assert analysis.totals.layers == len(analysis.layers) == 5
