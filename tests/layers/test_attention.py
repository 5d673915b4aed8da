"""Products of activations, and the rows of attention with its projections."""

from __future__ import annotations

import json

import pytest
from nets import broken, last, net, quantities, rules

import archcalc
from archcalc.analysis.analysis import LayerAnalysis
from archcalc.views.explanation import explanations

QKV = [
    "{type: linear, name: q, units: 12, flatten: false}",
    "{type: linear, name: k, units: 12, flatten: false, from: kv}",
    "{type: linear, name: v, units: 20, flatten: false, from: kv}",
]
OTHER = "{type: maxpool, name: kv, kernel: 2, from: input}"


def rows(entry: str, size: str) -> list[LayerAnalysis]:
    return net(entry, size).layers


def test_attention_multiplies_activations_twice_and_has_scores() -> None:
    """Of 10 queries and keys, 12 channels in 3 heads; a softmax for every score."""
    layer = last("{type: attention, heads: 3}", "10x12")
    macs, scores = 2 * 10 * 10 * 12, 3 * 10 * 10
    assert quantities(layer) == {
        "output": "10x12",
        "macs": macs,
        "flops": 2 * macs + scores,
        "connections": macs,
    }
    assert (layer.macs_of_weights, layer.macs_of_activations) == (0, macs)
    assert layer.activation_elements == 10 * 12 + scores
    assert layer.field.is_global


def test_a_fused_kernel_has_no_volume_of_scores() -> None:
    layer = last("{type: attention, heads: 3, fused: true}", "10x12")
    assert layer.activation_elements == 10 * 12
    assert layer.flops == 2 * layer.macs + 3 * 10 * 10


def test_scores_are_alive_while_the_layer_runs() -> None:
    analysis = net(["{type: attention, heads: 3}", "{type: relu}"], "10x12")
    assert analysis.totals.peak_bytes == 4 * (10 * 12 + 10 * 12 + 3 * 10 * 10)
    assert analysis.totals.peak_layer == "attention1"


def test_query_key_and_value_from_three_layers() -> None:
    entries = [OTHER, QKV[0].replace("false", "false, from: input"), *QKV[1:]]
    layer = last([*entries, "{type: attention, heads: 2, from: [q, k, v]}"], "10x12")
    assert str(layer.output) == "10x20"
    assert layer.macs == 10 * 5 * 12 + 10 * 5 * 20
    branches = "{type: attention, branches: [[], [{type: relu}], [{type: gelu}]]}"
    assert str(last(branches, "4x3x12").output) == "4x3x12"


def test_fewer_heads_of_key_and_value() -> None:
    entries = [
        "{type: linear, name: k, units: 4, flatten: false, from: input}",
        "{type: linear, name: v, units: 6, flatten: false, from: input}",
        "{type: attention, heads: 6, kv_heads: 2, from: [input, k, v]}",
    ]
    layer = last(entries, "10x12")
    assert str(layer.output) == f"10x{6 * 3}"
    assert layer.macs == 10 * 10 * 12 + 10 * 10 * 18


def test_windows() -> None:
    """A query sees the 4 x 3 keys of its window, and a shift moves the windows."""
    layer = last("{type: attention, heads: 3, window: [4, 3], shift: [1, 0]}", "8x6x12")
    assert layer.macs == 2 * 48 * 12 * 12
    assert layer.activation_elements == 48 * 12 + 3 * 48 * 12
    assert layer.field.axes is not None
    height, width = layer.field.axes
    assert [height.at(o) for o in range(6)] == [(-3, 0), *[(1, 4)] * 4, (5, 8)]
    assert [width.at(o) for o in range(4)] == [*[(0, 2)] * 3, (3, 5)]
    assert not layer.field.is_global


def test_one_window_is_not_shifted() -> None:
    layer = last("{type: attention, window: [8, 3], shift: 2}", "8x6x12")
    assert layer.field.axes is not None
    assert [axis.at(0) for axis in layer.field.axes] == [(0, 7), (-1, 1)]


def test_windows_of_a_grid_have_every_nth_row() -> None:
    """4 of 8 rows, 2 apart, and 3 of 6 columns: as much to count as in windows side by side."""
    layer = last("{type: attention, heads: 3, window: [4, 3], grid: true}", "8x6x12")
    assert layer.macs == 2 * 48 * 12 * 12
    assert layer.field.axes is not None
    height, width = layer.field.axes
    assert [height.at(o) for o in range(4)] == [(0, 6), (1, 7), (0, 6), (1, 7)]
    assert [width.at(o) for o in range(3)] == [(0, 4), (1, 5), (0, 4)]


def test_a_table_of_distances_has_a_number_for_each() -> None:
    layer = last("{type: attention, heads: 3, bias_table: true, symmetric: true}", "8x6x12")
    assert layer.weights == 3 * 8 * 6


@pytest.mark.parametrize(("window", "sizes"), [("", (8, 6)), (", window: [4, 3]", (4, 3))])
def test_a_bias_table_is_trained_and_added_to_every_score(
    window: str, sizes: tuple[int, int]
) -> None:
    plain = last(f"{{type: attention, heads: 3{window}}}", "8x6x12")
    layer = last(f"{{type: attention, heads: 3{window}, bias_table: true}}", "8x6x12")
    assert layer.weights == 3 * (2 * sizes[0] - 1) * (2 * sizes[1] - 1)
    assert layer.flops - plain.flops == 3 * 48 * sizes[0] * sizes[1]
    assert layer.macs == plain.macs


@pytest.mark.parametrize(
    ("entry", "size", "rule"),
    [
        ("attention, heads: 5", "10x12", "indivisible-size"),
        ("attention, heads: 4, kv_heads: 3", "10x12", "indivisible-groups"),
        ("attention, window: 3", "10x12", "indivisible-size"),
        ("attention, window: 5, shift: 5", "10x12", "wrong-value"),
        ("attention, shift: 1", "10x12", "missing-key"),
        ("attention, grid: true", "10x12", "missing-key"),
        ("attention, window: 5, grid: true, shift: 1", "10x12", "conflicting-keys"),
        ("attention, symmetric: true", "10x12", "missing-key"),
        ("attention, window: [5, 2]", "10x12", "axis-count"),
        ("attention, window: 2", "12", "axis-count"),
        ("attention, from: [input, input]", "10x12", "wrong-value"),
        ("matmul, from: [input, input]", "10x12", "merge-mismatch"),
        ("matmul, from: [input, input, input]", "10x12", "wrong-value"),
        ("matmul, from: [input, input], transpose: true, heads: 5", "10x12", "indivisible-size"),
        ("self_attention, heads: 5", "10x12", "indivisible-size"),
        ("self_attention, heads: 4, kv_heads: 3", "10x12", "indivisible-groups"),
    ],
)
def test_what_cannot_be(entry: str, size: str, rule: str) -> None:
    assert rules(f"{{type: {entry}}}", size) == [rule]


def test_roles_that_do_not_fit_are_named() -> None:
    entries = ["{type: linear, name: k, units: 8, flatten: false}"]
    ((rule, message),) = broken([*entries, "{type: attention, from: [input, k, k]}"], "10x12")
    assert rule == "merge-mismatch"
    assert message.startswith("channels of the query 12 against 8 of the key; its inputs: input")


def test_rows_with_projections() -> None:
    qkv, attend, out = rows("{type: self_attention, name: a, heads: 3}", "10x12")
    assert [row.name for row in (qkv, attend, out)] == ["a.qkv", "a.attend", "a.out_proj"]
    assert (qkv.weights, qkv.biases, qkv.macs) == (12 * 36, 36, 10 * 12 * 36)
    assert (attend.params, attend.macs) == (0, 2 * 10 * 10 * 12)
    assert (out.weights, out.biases, out.macs) == (12 * 12, 12, 10 * 12 * 12)
    assert [row.type for row in (qkv, attend, out)] == ["linear", "attention", "linear"]


def test_rows_follow_the_keys() -> None:
    entry = "{type: self_attention, heads: 4, kv_heads: 2, head_dim: 5, bias: false}"
    qkv, attend, out = rows(entry, "10x12")
    assert str(qkv.output) == f"10x{(4 + 2 + 2) * 5}"
    assert str(attend.output) == f"10x{4 * 5}"
    assert (str(out.output), out.params) == ("10x12", 20 * 12)
    assert len(rows("{type: self_attention, out_proj: false}", "10x12")) == 2


def test_the_channels_of_a_projection_are_not_known_behind_a_mistake() -> None:
    entries = ["{type: conv, filters: 4, kernel: 99}", "{type: self_attention, heads: 2}"]
    assert rules([*entries, "{type: linear, units: 3}"], "10x12") == ["window-too-large"]


def test_attention_written_as_products() -> None:
    """The same MACs, and the same elements beside the projections."""
    entries = [
        "{type: relu, name: q}",
        "{type: matmul, name: scores, from: [q, q], transpose: true, heads: 3}",
        "{type: softmax}",
        "{type: matmul, heads: 3, from: [scores, q]}",
    ]
    written, whole = net(entries, "10x12"), last("{type: attention, heads: 3}", "10x12")
    scores, _, weighed = written.layers[1:]
    assert (str(scores.output), str(weighed.output)) == ("10x30", "10x12")
    assert scores.macs + weighed.macs == whole.macs
    assert weighed.macs_of_activations == weighed.macs


def test_macs_of_two_kinds_in_json() -> None:
    analysis = net(["{type: self_attention, heads: 3}"], "10x12")
    document = json.loads(archcalc.render(analysis, "json"))
    products = 2 * 10 * 10 * 12
    assert document["totals"]["macs_of_activations"] == products
    assert document["totals"]["macs_of_weights"] == analysis.totals.macs - products
    assert "macs_of_activations" not in document["layers"][0]
    assert document["layers"][1]["macs_of_weights"] == 0
    plain = json.loads(archcalc.render(net("{type: relu}", "10x12"), "json"))
    assert "macs_of_weights" not in plain["totals"]


def test_sums_are_explained_with_their_shares() -> None:
    analysis = net("{type: attention, heads: 3, bias_table: true}", "10x12")
    (explanation,) = explanations(analysis, analysis.layers)
    lines = dict(line for section in explanation.sections for line in section.lines)
    assert lines["Q K^T"] == "N_q x N_k x C = 10 x 10 x 12 = 1,200, 50.0%"
    assert lines["A V"] == "N_q x N_k x C_v = 10 x 10 x 12 = 1,200, 50.0%"
    assert lines["MACs"] == "1,200 + 1,200 = 2,400"
    assert lines["softmax"] == "heads x N_q x N_k = 3 x 10 x 10 = 300, 50.0%"
    assert lines["scores"] == "heads x N_q x N_k = 3 x 10 x 10 = 300, 71.4%"


@pytest.mark.parametrize(("norm", "weights"), [("rmsnorm", 12), ("l2norm", 0)])
def test_norms_of_a_position(norm: str, weights: int) -> None:
    layer = last(f"{{type: {norm}}}", "8x6x12")
    found = {"output": "8x6x12", "weights": weights, "flops": 2 * 8 * 6 * 12}
    assert quantities(layer) == {key: value for key, value in found.items() if value}
    assert quantities(last("{type: rmsnorm, affine: false}", "12")) == {"output": "12", "flops": 24}


def test_a_layer_norm_may_have_a_scale_alone() -> None:
    assert last("{type: layernorm, bias: false}", "8x6x12").params == 12
    assert rules("{type: layernorm, affine: false, bias: false}", "12") == ["conflicting-keys"]
