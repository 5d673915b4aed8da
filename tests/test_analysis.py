"""The networks that ship, in the figures that the papers, the lectures and PyTorch give them."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

import pytest
from nets import last, net, text

import archcalc
from archcalc.analysis.analysis import LayerAnalysis

PARAMS_AND_MACS = {
    "lenet5": (60_000, 332_824),
    "alexnet": (60_965_224, 724_406_816),
    "zfnet": (62_357_608, 1_168_032_896),
    "vgg16": (138_357_544, 15_470_264_320),
    "vgg19": (143_667_240, 19_632_062_464),
    "googlenet": (6_998_552, 1_582_671_872),
    "resnet18": (11_689_512, 1_814_073_344),
    "resnet50": (25_557_032, 3_857_973_248),
}


@cache
def analysis(name: str) -> archcalc.Analysis:
    return archcalc.analyze(archcalc.load(name))


def layers(name: str) -> dict[str, LayerAnalysis]:
    return {layer.name: layer for layer in analysis(name).layers}


def flagged(name: str) -> list[LayerAnalysis]:
    return [
        layer
        for layer in analysis(name).layers
        if any(window.exact.denominator > 1 for window in layer.windows)
    ]


@pytest.mark.parametrize("name", PARAMS_AND_MACS)
def test_totals(name: str) -> None:
    totals = analysis(name).totals
    assert (totals.params, totals.macs) == PARAMS_AND_MACS[name]


@pytest.mark.parametrize(
    ("name", "depth"),
    [
        ("lenet5", 5),
        ("alexnet", 8),
        ("zfnet", 8),
        ("vgg16", 16),
        ("vgg19", 19),
        ("googlenet", 22),
        ("resnet18", 18),
        ("resnet50", 50),
    ],
)
def test_depth(name: str, depth: int) -> None:
    assert analysis(name).totals.depth == depth


@pytest.mark.parametrize(
    ("name", "size", "start"),
    [
        ("alexnet", 195, -64),
        ("zfnet", 171, -59),
        ("vgg16", 212, -90),
        ("googlenet", 715, -327),
        ("resnet50", 483, -241),
    ],
)
def test_receptive_field_of_the_last_map(name: str, size: int, start: int) -> None:
    maps = [layer for layer in analysis(name).layers if layer.output.positions > 1]
    axes = maps[-1].field.axes
    assert axes is not None
    assert [(a.size, a.stride, a.start) for a in axes] == [(size, Fraction(32), start)] * 2
    assert maps[-1].field.aligned
    assert not maps[-1].field.is_global


@pytest.mark.parametrize(
    ("layer", "params", "connections"),
    [
        ("c1", (5 * 5 + 1) * 6, (5 * 5 + 1) * 6 * 28 * 28),
        ("s2", 2 * 6, (2 * 2 + 1) * 6 * 14 * 14),
        ("c3", 5 * 5 * (6 * 3 + 9 * 4 + 6) + 16, (5 * 5 * (6 * 3 + 9 * 4 + 6) + 16) * 10 * 10),
        ("s4", 2 * 16, (2 * 2 + 1) * 16 * 5 * 5),
        ("c5", (5 * 5 * 16 + 1) * 120, (5 * 5 * 16 + 1) * 120),
        ("f6", (120 + 1) * 84, (120 + 1) * 84),
        ("output", 0, 84 * 10),
    ],
)
def test_lenet5(layer: str, params: int, connections: int) -> None:
    found = layers("lenet5")[layer]
    assert (found.params, found.connections) == (params, connections)


def test_lenet5_in_all() -> None:
    totals = analysis("lenet5").totals
    assert (
        totals.connections == 122_304 + 5_880 + 151_600 + 2_000 + 48_120 + 10_164 + 840 == 340_908
    )
    biases = 6 * 28 * 28 + 6 * 14 * 14 + 16 * 10 * 10 + 16 * 5 * 5 + 120 + 84
    assert totals.macs == 340_908 - biases
    assert totals.buffers == 84 * 10


def test_vgg16_activations_and_peak() -> None:
    totals = analysis("vgg16").totals
    assert totals.activation_elements == 15_237_608
    assert totals.activation_bytes == 4 * 15_237_608
    assert totals.peak_bytes == 4 * 2 * 224 * 224 * 64 == 25_690_112
    assert totals.peak_layer == "conv1_2"


@pytest.mark.parametrize("name", ["lenet5", "alexnet", "vgg16", "vgg19"])
def test_networks_whose_windows_all_fit(name: str) -> None:
    assert flagged(name) == []
    assert [d for d in analysis(name).diagnostics if d.rule == "illegal-stride"] == []


def test_zfnet_has_three_windows_that_do_not_fit() -> None:
    assert [layer.name for layer in flagged("zfnet")] == ["conv1", "pool1", "pool2"]
    assert [layer.windows[0].exact for layer in flagged("zfnet")] == [
        Fraction(224 + 2 - 7, 2) + 1,
        Fraction(110 + 2 - 3, 2) + 1,
        Fraction(26 + 2 - 3, 2) + 1,
    ]


def test_googlenet_rounds_its_poolings_up() -> None:
    found = {layer.name: layer for layer in flagged("googlenet")}
    assert list(found) == ["conv1", "pool1", "pool2", "pool3", "pool4"]
    for name, size in (("pool1", 56), ("pool2", 28), ("pool3", 14), ("pool4", 7)):
        assert found[name].output.spatial == (size, size)
        assert found[name].windows[0].overhang == 1


def test_resnet50_marks_eight_rows_in_four_diagnostics() -> None:
    assert len(flagged("resnet50")) == 8
    found = {
        d.layer: (d.span.line, d.copies)
        for d in analysis("resnet50").diagnostics
        if d.rule == "illegal-stride" and d.span
    }
    assert len(found) == 4
    assert sum(copies for _, copies in found.values()) == 8
    assert len({line for line, _ in found.values()}) == 4


def test_what_resnet50_leaves_unread() -> None:
    rows = {layer.name: layer.windows for layer in flagged("resnet50")}
    height, width = rows.pop("conv1")
    assert height == width
    assert (height.exact, height.unread, height.unread_input) == (Fraction(223, 2) + 1, 1, 0)
    pool = rows.pop("pool1")[0]
    assert (pool.unread, pool.unread_input) == (1, 0)
    assert len(rows) == 6
    for windows in rows.values():
        for window in windows:
            assert (window.kernel, window.stride) == (1, 2)
            assert (window.unread, window.unread_input) == (1, 1)


@pytest.mark.parametrize(("stride", "size"), [(1, 5), (2, 3)])
def test_seven_by_seven_with_legal_strides(stride: int, size: int) -> None:
    found = net(f"{{type: conv, filters: 10, kernel: 3, stride: {stride}}}", "7x7x3")
    assert found.layers[0].output.spatial == (size, size)
    assert found.diagnostics == []


def test_seven_by_seven_with_stride_three() -> None:
    found = net("{type: conv, filters: 10, kernel: 3, stride: 3}", "7x7x3")
    assert [str(window.exact) for window in found.layers[0].windows] == ["7/3", "7/3"]
    (diagnostic,) = found.diagnostics
    assert (diagnostic.rule, diagnostic.severity.value) == ("illegal-stride", "warning")
    assert "(7 - 3)/3 + 1 = 2.33" in diagnostic.message


@pytest.mark.parametrize("channels", [1, 64, 256])
def test_three_threes_against_a_seven(channels: int) -> None:
    three = f"{{type: conv, filters: {channels}, kernel: 3, padding: 1, bias: false}}"
    seven = f"{{type: conv, filters: {channels}, kernel: 7, padding: 3, bias: false}}"
    stack = net([three] * 3, f"32x32x{channels}")
    single = last(seven, f"32x32x{channels}")
    assert stack.layers[-1].field == single.field
    assert stack.layers[-1].field.axes is not None
    assert [axis.size for axis in stack.layers[-1].field.axes] == [7, 7]
    assert stack.totals.weights == 27 * channels**2
    assert single.weights == 49 * channels**2


@pytest.mark.parametrize("size", [64, 96, 223])
@pytest.mark.parametrize("name", ["vgg16", "resnet18", "resnet50"])
def test_convolutions_keep_their_weights_at_other_inputs(name: str, size: int) -> None:
    """MACs of a convolution are its weights times the positions, whatever the input."""
    other = archcalc.analyze(archcalc.load(name), input=f"{size}x{size + 3}x3")
    for row, printed in zip(other.layers, analysis(name).layers, strict=True):
        if "conv" in row.type:
            assert row.weights == printed.weights
            assert row.macs == row.weights * row.output.positions
    assert other.totals.macs == sum(row.macs for row in other.layers)


@pytest.mark.parametrize("batch", [1, 32])
def test_a_batch_multiplies_activations_and_nothing_else(batch: int) -> None:
    one, many = analysis("alexnet"), archcalc.analyze(archcalc.load("alexnet"), batch=batch)
    for name in ("params", "macs", "flops", "connections", "param_bytes", "buffers", "depth"):
        assert getattr(many.totals, name) == getattr(one.totals, name)
    for name in ("activation_elements", "activation_bytes", "peak_bytes"):
        assert getattr(many.totals, name) == batch * getattr(one.totals, name)
    assert many.totals.peak_layer == one.totals.peak_layer


def test_depth_is_of_the_longest_path_to_an_output() -> None:
    entries = [
        "{type: conv, name: stem, filters: 4, kernel: 1}",
        "{type: add, name: sum, branches: [[{type: conv, filters: 4, kernel: 1}, "
        "{type: conv, filters: 4, kernel: 1}], []]}",
        "{type: conv, name: head, filters: 2, kernel: 1, from: stem}",
        "{type: conv, name: tail, filters: 2, kernel: 1, from: sum}",
    ]
    assert net(entries, "8x8x3", outputs="[head]").totals.depth == 2
    assert net(entries, "8x8x3", outputs="[head, tail]").totals.depth == 4


def test_a_batch_or_type_that_is_none_is_refused() -> None:
    architecture = archcalc.loads(text("{type: relu}", "8x8x3"))
    with pytest.raises(ValueError, match="at least 1"):
        archcalc.analyze(architecture, batch=0)
    with pytest.raises(ValueError, match="float12"):
        archcalc.analyze(architecture, dtype="float12")


def test_outputs_are_named_with_their_volumes() -> None:
    entries = [
        "{type: conv, name: a, filters: 4, kernel: 3}",
        "{type: linear, name: b, units: 10}",
        "{name: stage, layers: [{type: relu, from: a}, {type: global_avgpool}]}",
    ]
    found = net(entries, "8x6x3", outputs="[b, stage, a]")
    assert [(name, str(volume)) for name, volume in found.outputs] == [
        ("b", "10"),
        ("stage", "1x1x4"),
        ("a", "6x4x4"),
    ]
    assert [str(volume) for _, volume in net(entries, "8x6x3").outputs] == ["1x1x4"]


def test_rows_tell_what_feeds_them() -> None:
    found = net(
        ["{type: concat, name: c, branches: {a: [{type: conv, filters: 4, kernel: 1}], b: []}}"],
        "8x6x3",
    )
    merge = found.layers[-1]
    assert merge.inputs == ("c.a.conv1", "input")
    assert [str(volume) for volume in merge.input_volumes] == ["8x6x4", "8x6x3"]


def test_groups_cover_their_layers() -> None:
    found = analysis("resnet50")
    groups = {group.path: group for group in found.groups}
    (copy,) = [group for name, group in groups.items() if name == "layer1.0"]
    assert copy.block == "bottleneck"
    inside = list(found.covered(copy))
    assert all(layer.name.startswith("layer1.0.") for layer in inside)
    # 1x1 to 64, 3x3, 1x1 to 256 and the projection, with a scale and a shift after each
    weights = 64 * 64 + 9 * 64 * 64 + 64 * 256 + 64 * 256
    assert sum(layer.params for layer in inside) == weights + 2 * (64 + 64 + 256 + 256)
    stage = list(found.covered(groups["layer1"]))
    assert len(stage) == len(inside) + 2 * (len(inside) - 2)
