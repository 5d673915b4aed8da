"""Operations of PyTorch as layers of ours, from traces written by hand."""

from __future__ import annotations

import pytest
from importers.traces import Shape, Trace, X, refusal

from archcalc.importers.pytorch.traced import Ref, Stored


def test_an_activation_read_alone_is_its_row_s() -> None:
    t = Trace()
    a = t.conv(X, 6, 4)
    graph = t.graph(t("relu", (1, 6, 8, 8), self=a))
    assert [(o.layer.type, o.activation) for o in graph.operations] == [("conv", "relu")]


def test_an_activation_of_what_others_read_is_a_row() -> None:
    t = Trace()
    a = t.conv(X, 4, 4)
    b = t("relu", (1, 4, 8, 8), self=a)
    rows = t.rows(t("add", (1, 4, 8, 8), self=a, other=b))
    assert rows == ["Conv(filters=4, kernel=1, bias=False)", "relu()", "Add()"]


def test_what_is_overwritten_is_read_anew() -> None:
    t = Trace()
    a = t.conv(X, 4, 4)
    t("relu", (1, 4, 8, 8), self=a, in_place=True)
    graph = t.graph(t.conv(a, 2, 4))
    assert [o.activation for o in graph.operations] == ["relu", None]
    assert [o.inputs for o in graph.operations] == [(0,), (1,)]


def test_a_normalisation_of_channels_moved_last_is_no_more_than_that() -> None:
    t = Trace()
    a = t("permute", (1, 8, 8, 4), self=X, dims=[0, 2, 3, 1])
    scale, shift = t.parameter("g", 4), t.parameter("b", 4)
    b = t("layer_norm", (1, 8, 8, 4), input=a, normalized_shape=[4], weight=scale, bias=shift)
    assert t.rows(t("permute", (1, 4, 8, 8), self=b, dims=[0, 3, 1, 2])) == ["LayerNorm()"]


def test_two_digits_of_the_channels_changed_over_are_a_shuffle() -> None:
    t = Trace()
    a = t("view", (1, 2, 2, 8, 8), self=X, size=[1, 2, 2, 8, 8])
    b = t("transpose", (1, 2, 2, 8, 8), self=a, dim0=1, dim1=2)
    c = t("view", (1, 4, 8, 8), self=b, size=[1, -1, 8, 8])
    assert t.rows(t.conv(c, 4, 4))[0] == "ChannelShuffle(groups=2)"


def test_positions_become_channels_and_channels_positions() -> None:
    t = Trace()
    a = t("view", (1, 4, 4, 2, 4, 2), self=X)
    b = t("permute", (1, 4, 2, 2, 4, 4), self=a, dims=[0, 1, 3, 5, 2, 4])
    c = t("view", (1, 16, 4, 4), self=b)
    assert t.rows(t.conv(c, 4, 16, 4))[0] == "SpaceToDepth(scale=2)"
    t = Trace()
    a = t("view", (1, 1, 2, 2, 8, 8), self=X)
    b = t("permute", (1, 1, 8, 2, 8, 2), self=a, dims=[0, 1, 4, 2, 5, 3])
    c = t("view", (1, 1, 16, 16), self=b)
    assert t.rows(t.conv(c, 4, 1, 16))[0] == "PixelShuffle(scale=2)"


def test_a_fully_connected_layer_flattens_by_itself() -> None:
    t = Trace()
    a = t("flatten", (1, 256), self=X)
    weight = t.parameter("w", 10, 256)
    assert t.rows(t("linear", (1, 10), input=a, weight=weight, bias=None)) == [
        "Linear(units=10, bias=False)"
    ]


def test_channels_by_their_own_convolutions_are_depthwise() -> None:
    t = Trace()
    weight = t.parameter("w", 8, 1, 3, 3)
    keys = {"stride": [2, 2], "padding": [1, 1], "dilation": [1, 1], "groups": 4}
    shape = (1, 8, 4, 4)
    rows = t.rows(t("conv2d", shape, input=X, weight=weight, bias=None, **keys))
    assert rows == ["DepthwiseConv(kernel=3, multiplier=2, stride=2, padding=1, bias=False)"]


def test_x_times_its_sigmoid_is_silu() -> None:
    t = Trace()
    a = t.conv(X, 4, 4)
    gate = t("sigmoid", (1, 4, 8, 8), self=a)
    graph = t.graph(t("mul", (1, 4, 8, 8), self=a, other=gate))
    assert [(o.layer.type, o.activation) for o in graph.operations] == [("conv", "silu")]


def test_a_product_with_a_parameter_is_a_scale() -> None:
    t = Trace()
    gamma = t.parameter("gamma", 4, 1, 1)
    assert t.rows(t("mul", (1, 4, 8, 8), self=X, other=gamma)) == ["Scale(bias=False)"]


def test_a_concat_of_a_concat_is_one_row_on_the_other() -> None:
    t = Trace()
    a, b = t.conv(X, 2, 4), t.conv(X, 3, 4)
    first = t("cat", (1, 9, 8, 8), tensors=[X, a, b], dim=1)
    c = t.conv(first, 2, 9)
    graph = t.graph(t("cat", (1, 11, 8, 8), tensors=[X, a, b, c], dim=1))
    assert [o.inputs for o in graph.operations] == [(0,), (0,), (0, 1, 2), (3,), (3, 4)]


def attention(t: Trace, x: Ref, lead: Shape, positions: int, fused: bool) -> Ref:
    """Two heads of 2 channels over windows, whose number leads, with one product for all roles."""
    bare = (*lead, positions, 4)
    weight = t.parameter("qkv", 12, 4)
    qkv = t("linear", (*lead, positions, 12), input=x, weight=weight, bias=None)
    a = t("view", (*lead, positions, 3, 2, 2), self=qkv)
    n = len(lead)
    order = [n + 1, *range(n), n + 2, n, n + 3]
    b = t("permute", (3, *lead, 2, positions, 2), self=a, dims=order)
    parts = (*lead, 2, positions, 2)
    q, k, v = (t("select", parts, self=b, dim=0, index=i) for i in range(3))
    if fused:
        roles = {"query": q, "key": k, "value": v, "attn_mask": None}
        out = t("scaled_dot_product_attention", parts, **roles)
    else:
        turned = t("transpose", (*lead, 2, 2, positions), self=k, dim0=-2, dim1=-1)
        scores = (*lead, 2, positions, positions)
        c = t("mul", scores, self=t("matmul", scores, self=q, other=turned), other=0.7)
        table = t.parameter("table", 49, 2)
        bias = t("index", (16, 2), self=table, indices=[t.buffer("index", 16)])
        bias = t("permute", (2, 4, 4), self=t("view", (4, 4, 2), self=bias), dims=[2, 0, 1])
        c = t("add", scores, self=c, other=t("unsqueeze", (1, 2, 4, 4), self=bias, dim=0))
        soft = t("softmax", scores, self=c, dim=-1)
        out = t("matmul", parts, self=soft, other=v)
    d = t("transpose", (*lead, positions, 2, 2), self=out, dim0=n, dim1=n + 1)
    return t("view", bare, self=d)


def test_attention_to_the_parts_of_one_product() -> None:
    t = Trace()
    a = t("permute", (1, 64, 4), self=t("view", (1, 4, 64), self=X), dims=[0, 2, 1])
    assert t.rows(attention(t, a, (1,), 64, True)) == [
        "Linear(units=12, bias=False, flatten=False)",
        "PackedAttention(heads=2, fused=True)",
    ]


@pytest.mark.parametrize(("shift", "keys"), [(0, ""), (1, ", shift=1")])
def test_windows_with_a_table_of_biases(shift: int, keys: str) -> None:
    t = Trace()
    x = t("permute", (1, 8, 8, 4), self=X, dims=[0, 2, 3, 1])
    x = t("roll", (1, 8, 8, 4), self=x, shifts=[-shift, -shift], dims=[1, 2]) if shift else x
    a = t("view", (1, 4, 2, 4, 2, 4), self=x)
    b = t("permute", (1, 4, 4, 2, 2, 4), self=a, dims=[0, 1, 3, 2, 4, 5])
    c = attention(t, t("view", (16, 4, 4), self=b), (16,), 4, False)
    t.stored["p_table"] = Stored("table", (9, 2), True)
    d = t("view", (1, 4, 4, 2, 2, 4), self=c)
    e = t("permute", (1, 4, 2, 4, 2, 4), self=d, dims=[0, 1, 3, 2, 4, 5])
    f = t("view", (1, 8, 8, 4), self=e)
    f = t("roll", (1, 8, 8, 4), self=f, shifts=[shift, shift], dims=[1, 2]) if shift else f
    assert t.rows(t("permute", (1, 4, 8, 8), self=f, dims=[0, 3, 1, 2])) == [
        "Linear(units=12, bias=False, flatten=False)",
        f"PackedAttention(heads=2, window=2{keys}, bias_table=True)",
    ]


def test_weights_that_are_read_twice_are_shared_and_frozen_ones_frozen() -> None:
    t = Trace()
    weight = t.parameter("w", 4, 4, 1, 1, is_trained=False)
    keys = {"weight": weight, "bias": None, "stride": [1], "padding": [0], "dilation": [1]}
    a = t("conv2d", (1, 4, 8, 8), input=X, groups=1, **keys)
    graph = t.graph(t("conv2d", (1, 4, 8, 8), input=a, groups=1, **keys))
    assert [(o.shares, o.frozen) for o in graph.operations] == [(None, True), (1, True)]


def test_a_parameter_read_in_two_shapes_is_one_row_and_its_reshape() -> None:
    t = Trace()
    learned = t.parameter("token", 1, 4, 8, 8)
    a = t("add", (1, 4, 8, 8), self=X, other=learned)
    flat = t("view", (1, 256), self=a)
    b = t("add", (1, 256), self=flat, other=t("view", (1, 256), self=learned))
    types = [o.layer.type for o in t.graph(b).operations]
    assert types.count("parameter") == 1


def test_parameters_that_nothing_reads_are_told() -> None:
    t = Trace()
    t.parameter("aux.weight", 10, 7)
    (note,) = t.graph(t.conv(X, 4, 4)).notes
    assert "70 parameters in 1 tensor" in note
    assert "aux.weight" in note


def test_everything_without_a_type_is_told_at_once() -> None:
    t = Trace()
    a = t("sort", (1, 4, 8, 8), self=X)
    b = t("fft", (1, 4, 8, 8), self=X)
    c = t("sort", (1, 4, 8, 8), self=X)
    d = t.conv(a, 4, 4)
    assert refusal(t, b, c, d) == (
        "m0: sort has no layer type; 2 places\nm1: fft has no layer type"
    )


def test_what_lies_otherwise_is_not_taken_for_a_map() -> None:
    t = Trace()
    a = t("permute", (1, 8, 4, 8), self=X, dims=[0, 2, 1, 3])
    weight = t.parameter("w", 4, 8, 1, 1)
    keys = {"weight": weight, "bias": None, "stride": [1], "padding": [0], "dilation": [1]}
    b = t("conv2d", (1, 4, 4, 8), input=a, groups=1, **keys)
    assert t.rows(b)[0] == "Rearrange(order='h w c -> c w h')"


@pytest.mark.parametrize("other", [1, 0.5])
def test_a_number_that_is_added_is_not_dropped(other: float) -> None:
    t = Trace()
    (row,) = t.rows(t("add", (1, 4, 8, 8), self=X, other=other))
    assert row.startswith("Scale(by=Fraction(1, 1), plus=")


def test_windows_of_every_other_row_are_a_grid() -> None:
    t = Trace()
    a = t("permute", (1, 8, 8, 4), self=X, dims=[0, 2, 3, 1])
    b = t("view", (1, 4, 2, 4, 2, 4), self=a)
    c = t("permute", (1, 2, 2, 4, 4, 4), self=b, dims=[0, 2, 4, 1, 3, 5])
    d = attention(t, t("view", (4, 16, 4), self=c), (4,), 16, True)
    t.stored["p_table"] = Stored("table", (49, 2), True)
    assert "PackedAttention(heads=2, window=4, grid=True" in t.rows(d)[-1]


def test_windows_of_a_grid_on_one_axis_are_products_of_matrices() -> None:
    t = Trace()
    a = t("permute", (1, 8, 8, 4), self=X, dims=[0, 2, 3, 1])
    b = t("view", (1, 4, 2, 2, 4, 4), self=a)
    c = t("permute", (1, 2, 2, 4, 4, 4), self=b, dims=[0, 2, 3, 1, 4, 5])
    d = attention(t, t("view", (4, 16, 4), self=c), (4,), 16, True)
    matmul = "Matmul(transpose=True, heads=8)"
    rows = t.rows(d)
    assert matmul in rows
    assert "softmax" in " ".join(rows).lower()


def test_heads_that_hold_query_key_and_value_are_cut_in_groups() -> None:
    t = Trace()
    a = t("view", (1, 2, 2, 8, 8), self=X)
    b = t("slice", (1, 2, 1, 8, 8), self=a, dim=2, start=1, end=2, step=1)
    c = t("view", (1, 2, 8, 8), self=b)
    assert t.rows(t.conv(c, 4, 2))[0] == "Slice(start=1, stop=2, groups=2)"


def test_parts_that_are_weighed_by_a_softmax_and_added_up() -> None:
    """As in split attention: a softmax over two parts, for each channel."""
    t = Trace()
    x = t("stack", (1, 2, 4, 8, 8), tensors=[t.conv(X, 4, 4), t.conv(X, 4, 4)], dim=1)
    y = t("mean", (1, 4, 1, 1), self=t("sum", (1, 4, 8, 8), self=x, dim=[1]), dim=[2, 3],
          keepdim=True)  # fmt: skip
    y = t("view", (1, 2, 4, 1, 1), self=t.conv(y, 8, 4, 1))
    y = t("mul", (1, 2, 4, 8, 8), self=x, other=t("softmax", (1, 2, 4, 1, 1), self=y, dim=1))
    types = [row.partition("(")[0] for row in t.rows(t("sum", (1, 4, 8, 8), self=y, dim=[1]))]
    assert types == [
        "Conv", "Conv", "Concat", "Slice", "Slice", "Add", "GlobalAvgPool", "Conv", "Reshape",
        "Softmax", "Flatten", "Multiply", "Slice", "Slice", "Add",
    ]  # fmt: skip


def test_nothing_is_made_of_a_zero_that_is_added() -> None:
    t = Trace()
    a = t("add", (1, 4, 8, 8), self=0, other=t.conv(X, 4, 4))
    assert len(t.rows(a)) == 1


def test_a_trace_that_differs_from_a_layer_is_refused() -> None:
    t = Trace()
    assert "gives 1x4x9x9" in refusal(t, t("relu", (1, 4, 9, 9), self=X))


def test_weights_that_are_computed_are_refused() -> None:
    t = Trace()
    weight = t("mul", (4, 4, 1, 1), self=t.parameter("w", 4, 4, 1, 1), other=t.buffer("m", 1))
    keys = {"stride": [1], "padding": [0], "dilation": [1], "groups": 1, "bias": None}
    a = t("conv2d", (1, 4, 8, 8), input=X, weight=weight, **keys)
    assert "weights that are computed (mul)" in refusal(t, a)
