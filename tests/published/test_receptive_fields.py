"""A printed table of receptive fields, and the small graphs that its authors test with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from nets import last

import archcalc

DATA: dict[str, Any] = json.loads(
    Path(__file__).with_name("receptive_fields.json").read_text(encoding="utf-8")
)
SAME_NETWORK = {"alexnet_v2": "alexnet-single", "vgg_a": "vgg11", "vgg_16": "vgg16"}
RESNETS = {f"resnet_v1_{depth}": f"resnet{depth}" for depth in (50, 101, 152)}
FINAL = "(final feature map)"
FINAL_LAYER = {"alexnet_v2": "pool3", "vgg_16": "pool5"}


def field(name: str, layer: str, old: str = "", new: str = "") -> tuple[int, int, int]:
    """Size, stride and start of a layer, or of a group's last output, with a text replaced."""
    text = archcalc.load(name).source.text
    assert old in text
    analysis = archcalc.analyze(archcalc.loads(text.replace(old, new) if old else text))
    row = analysis.nodes[analysis.network.named()[layer].output]
    assert row.field.axes is not None
    axis = row.field.axes[0]
    assert row.field.axes == (axis, axis)
    assert axis.stride.denominator == 1
    assert axis.start is not None
    return axis.size, axis.stride.numerator, axis.start


def rows(networks: dict[str, str]) -> list[Any]:
    chosen = [row for row in DATA["rows"] if row["network"] in networks]
    return [pytest.param(row, id=row["end_point"]) for row in chosen]


@pytest.mark.parametrize("row", rows(SAME_NETWORK))
def test_networks_that_are_the_same(row: dict[str, Any]) -> None:
    """Their padding is our start, the other way round."""
    layer = row["end_point"].rsplit("/", 1)[-1]
    if row["end_point"] == FINAL:
        layer = FINAL_LAYER[row["network"]]
    if row["network"] == "alexnet_v2" and layer == "pool5":
        layer = "pool3"
    ours = field(SAME_NETWORK[row["network"]], layer)
    assert ours == (row["rf"], row["stride"], -row["padding"])


@pytest.mark.parametrize("row", rows(RESNETS))
def test_resnets_with_the_stride_elsewhere(row: dict[str, Any]) -> None:
    """TF-Slim strides in the last unit of a block, the paper in the first of the next one.

    So a block's size is the same, and its stride twice ours, but for the last block, which has
    none. Its first pooling pads as SAME does, at the end only, where the paper pads one row on both
    sides: at stride 2 that is 2 rows of the input.
    """
    name = RESNETS[row["network"]]
    number = 4 if row["end_point"] == FINAL else int(row["end_point"][-1])
    size, stride, start = field(name, f"layer{number}")
    assert (size, stride * (2 if number < 4 else 1)) == (row["rf"], row["stride"])
    if row["padding"] is not None:
        pool = "name: pool1, kernel: 3, stride: 2, padding: "
        *_, theirs = field(name, f"layer{number}", f"{pool}1", f"{pool}same")
        assert theirs == -row["padding"]
        assert start == theirs - 2


def test_every_row_is_compared() -> None:
    assert {row["network"] for row in DATA["rows"]} == {*SAME_NETWORK, *RESNETS}


PAD = "{type: pad, padding: [[1, 0], [1, 0]]}"
ONE = "{type: conv, filters: 1, kernel: 1, stride: %d}"
THREE = "{type: conv, filters: 1, kernel: 3, stride: 2}"
SAME = "{type: conv, filters: 1, kernel: 3, stride: 2, padding: same}"
LEFT, HALF = ONE % 4, ONE % 2


def add(left: list[str], right: list[str], activation: str = "identity") -> str:
    listed = f"[[{', '.join(left)}], [{', '.join(right)}]]"
    return f"{{type: add, branches: {listed}, activation: {activation}}}"


FIRST = add([LEFT], [PAD, THREE, HALF])
POOLS = ["{type: maxpool, kernel: 3, stride: 2}", "{type: maxpool, kernel: 1, stride: 2}"]
WIDE = "{type: conv, filters: 1, kernel: 5, stride: 2, padding: [[2, 1], [2, 1]]}"
DENSE = "{type: conv, filters: 1, kernel: 3}"
GRAPHS = [
    ([FIRST], "8x8x1"),
    ([add([LEFT], [PAD, *POOLS])], "8x8x1"),
    ([add([WIDE], [DENSE, DENSE])], "8x8x1"),
    ([add([LEFT], [SAME, HALF])], "33x33x1"),
    ([add([LEFT], [SAME, HALF])], "9x9x1"),
    ([add([LEFT], [SAME, HALF])], "8x8x1"),
    (
        [
            "{type: conv, filters: 1, kernel: [3, 5], stride: 2}",
            "{type: conv, filters: 1, kernel: [3, 1], stride: 2}",
            "{type: relu}",
        ],
        "32x32x1",
    ),
    ([add([LEFT], [PAD, THREE, "{type: dropout}", HALF])], "8x8x1"),
    ([FIRST], "8x8x1"),
    ([add([LEFT], [PAD, THREE, HALF], "relu"), add([HALF], [PAD, THREE], "relu")], "16x16x1"),
    ([add([LEFT], [SAME, HALF], "relu"), add([HALF], [SAME], "relu")], "17x17x1"),
]


@pytest.mark.parametrize(("number", "graph"), list(enumerate(GRAPHS)))
def test_small_graphs(number: int, graph: tuple[list[str], str]) -> None:
    """Where they raise an error, the paths are misaligned, which is marked here."""
    expected = DATA["test_networks"][number]
    found = last(*graph).field
    assert found.axes is not None
    assert found.aligned is not ("error" in expected)
    if "error" in expected:
        return
    height, width = found.axes
    assert (height.size, width.size) == (expected["rf_y"], expected["rf_x"])
    assert height.stride == width.stride == expected["stride"]
    if expected["padding"] is not None:
        assert height.start == width.start == -expected["padding"]


def test_all_small_graphs_are_there() -> None:
    assert len(GRAPHS) == len(DATA["test_networks"])
