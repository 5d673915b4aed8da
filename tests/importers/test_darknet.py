"""Darknet's files, held against what Darknet prints of them."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from importers import darknet_networks as networks

from archcalc import analyze
from archcalc.diagnostics import Source
from archcalc.importers.darknet import read
from archcalc.importers.graph import Graph, Refused, flat_network
from archcalc.network.layers import LAYERS
from archcalc.network.volume import Volume


def graph(text: str, input: Volume | None = None) -> Graph:
    return read(Source("net.cfg", text), "net", input)


def refusal(text: str) -> str:
    with pytest.raises(Refused) as refused:
        graph(networks.net(32) + text)
    return str(refused.value)


# Twice the MACs of convolutions, in billions: the sums of what Darknet prints per layer. It
# prints 65.86 for YOLOv3, 18.57 for Darknet-53, and 128.5 for YOLOv4 with the poolings and
# shortcuts that its fork counts; VGG-16's 30.94 has the connected layers (2 x 123,633,664).
@pytest.mark.parametrize(
    ("name", "billions", "params"),
    [
        ("yolov3", "65.864", 61_949_149),
        ("yolov3_tiny", "5.565", 8_852_366),
        ("yolov4", "128.389", 64_363_101),
        ("darknet53", "18.570", 41_609_928),
        ("vgg16", "30.693", 138_357_544),
    ],
)
def test_published_networks(name: str, billions: str, params: int) -> None:
    analysis = analyze(flat_network(graph(getattr(networks, name)())))
    convolutions = [layer.macs for layer in analysis.layers if layer.type == "conv"]
    assert f"{2 * sum(convolutions) / 1e9:.3f}" == billions
    assert analysis.totals.params == params


def test_the_field_of_the_coarsest_head() -> None:
    document = analyze(flat_network(graph(networks.yolov3()))).to_dict()
    heads = [output["name"] for output in document["outputs"]]
    layers = {layer["name"]: layer for layer in document["layers"]}
    assert [layers[head]["output"]["spatial"] for head in heads] == [[13] * 2, [26] * 2, [52] * 2]
    assert layers[heads[0]]["receptive_field"]["size"] == [917, 917]


def output(text: str, size: int = 32) -> Volume:
    made = flat_network(graph(networks.net(size) + text))
    volume = made.nodes[-1].shape
    assert volume is not None
    return volume.output


@pytest.mark.parametrize("rows", range(5, 33))
@pytest.mark.parametrize(("size", "stride"), [(2, 1), (2, 2), (3, 2), (5, 1), (3, 3), (13, 1)])
def test_pooling_pads_size_less_one_in_all(rows: int, size: int, stride: int) -> None:
    made = output(networks.section("maxpool", size=size, stride=stride), rows)
    assert made.spatial[0] == (rows + (size - 1) - size) // stride + 1


def test_pad_beats_padding() -> None:
    text = networks.section("convolutional", filters=4, size=5, pad=1, padding=0)
    assert output(text) == Volume(4, (32, 32))
    text = networks.section("convolutional", filters=4, size=5, padding=1)
    assert output(text) == Volume(4, (30, 30))


def test_activation_of_a_convolution_is_logistic_unless_said() -> None:
    (operation,) = graph(networks.net(8) + "[convolutional]\nfilters=2\n").operations
    assert operation.activation == "sigmoid"


def test_routes_in_groups() -> None:
    text = networks.conv(8, 1) + networks.route(-1, groups=2, group_id=1)
    (cut,) = [o for o in graph(networks.net(8) + text).operations if o.layer.type == "slice"]
    assert cut.layer == LAYERS["slice"](start=4, stop=8)


def test_groups_of_one_channel_are_depthwise() -> None:
    text = networks.section("convolutional", filters=6, size=3, groups=3, pad=1)
    (operation,) = graph(networks.net(8) + text).operations
    assert operation.layer == LAYERS["depthwise_conv"](kernel=3, padding=1, multiplier=2)


def test_a_reorg_is_said_to_mix_the_elements() -> None:
    made = graph(networks.net(8) + networks.section("reorg", stride=2))
    assert [operation.layer.type for operation in made.operations] == ["space_to_depth"]
    assert made.notes == ("net.cfg:7: the reorg of Darknet mixes the elements in another order",)


def test_another_input() -> None:
    made = graph(networks.yolov3_tiny(), Volume(3, (320, 640)))
    volumes = [flat_network(made).nodes[index].shape for index in made.outputs]
    assert [shape.output.spatial for shape in volumes if shape] == [(10, 20), (20, 40)]


def test_everything_that_cannot_be_said_is_said_at_once() -> None:
    said = refusal(
        networks.section("local", filters=3)
        + networks.conv(8, 1)
        + networks.conv(4, 1)
        + networks.section("shortcut", **{"from": -2})
        + networks.section("convolutional", filters=2, activation="loggy")
        + networks.section("convolutional", filters=2, antialiasing=1)
    )
    assert "no layer type for [local]" in said
    assert "no layer type for activation=loggy" in said
    assert 'has "antialiasing", which nothing here reads' in said


def test_unequal_shortcuts_are_refused_with_both_volumes() -> None:
    text = networks.conv(8, 1) + networks.conv(4, 1) + networks.section("shortcut", **{"from": -2})
    assert "a shortcut of unequal volumes (32x32x4, 32x32x8)" in refusal(text)


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("[convolutional]\nfilters=three\n", "net.cfg:7: filters is three, which is no integer"),
        ("[convolutional]\nfilters=-3\n", "filters is -3, which is no integer from 1"),
        ("[route]\nlayers=\n", "net.cfg:7: layers of [route] is no list of integers"),
        ("[route]\nlayers=7\n", "layers names layer 7, and there are 0 before this one"),
        ("[dropout]\nprobability=1e999999999\n", "probability is no number"),
        ("[crop]\ncrop_height=64\ncrop_width=64\n", "a crop of 64x64 from 32x32x3"),
        ("[lstm]\noutput=3\n", "net.cfg:6: no layer type for [lstm]"),
        ("nonsense\n", "net.cfg:6: no key=value"),
    ],
)
def test_mistakes_have_their_line(text: str, fact: str) -> None:
    assert fact in refusal(text)


@pytest.mark.parametrize("text", ["", "width=3", "[convolutional]\nfilters=2\n", "\x00[net]"])
def test_what_is_no_darknet_file(text: str) -> None:
    with pytest.raises(Refused):
        graph(text)


def test_missing_sizes() -> None:
    with pytest.raises(Refused, match=r"\[net\] needs height, width and channels"):
        graph("[net]\nwidth=3\n")


OPTIONS = """
[net] width=9 height=9 channels=3 [convolutional] filters=4 size=3 pad=1 stride=2 dilation=2
[route] layers=-1,-2 groups=2 group_id=1 [shortcut] from=-2 [maxpool] [reorg] stride=0 [yolo]
[crop] crop_width=4 crop_height=99 activation=x [connected] output=10**9 =
"""
LINES = st.sampled_from(OPTIONS.split())


@given(st.lists(LINES | st.text(max_size=12), max_size=40))
def test_any_text_is_read_or_refused(lines: list[str]) -> None:
    with suppress(Refused):
        made = graph("\n".join(["[net]", "width=9", "height=9", "channels=3", *lines]))
        assert len(flat_network(made).nodes) == len(made.operations) + 1
