"""A flat graph as a file with an entry a row, which reads back to the same rows."""

from __future__ import annotations

import pytest
from importers import darknet_networks as networks

from archcalc.diagnostics import Source
from archcalc.importers.darknet import read
from archcalc.importers.flat import flat
from archcalc.importers.graph import Graph, Module, Operation
from archcalc.importers.verifying import Unlike, verify
from archcalc.network.layers import LAYERS
from archcalc.network.layers.attention import PackedAttention
from archcalc.network.volume import Volume

IMAGE = Volume(3, (8, 8))
CONV = LAYERS["conv"](filters=3, kernel=3, padding=1)


def graph(*operations: Operation, input: Volume = IMAGE) -> Graph:
    return Graph("net", input, operations, (len(operations),))


def test_a_line_for_every_row() -> None:
    first = Operation(CONV, (0,), (Module("stem"), Module("conv")), "relu")
    second = Operation(CONV, (1,), (Module("body"),), shares=1)
    total = Operation(LAYERS["add"](), (2, 0))
    assert flat(graph(first, second, total)).splitlines()[2:] == [
        "layers:",
        "  - {type: conv, name: stem_conv, filters: 3, kernel: 3, padding: 1, activation: relu}",
        "  - {type: conv, name: body, filters: 3, kernel: 3, padding: 1, share: stem_conv}",
        "  - {type: add, name: add, from: [body, input]}",
    ]


def test_attention_to_one_product_is_an_entry_with_it() -> None:
    tokens = Volume(8, (16,))
    product = Operation(LAYERS["linear"](units=24, flatten=False), (0,))
    attend = Operation(PackedAttention(heads=2), (1,))
    after = Operation(LAYERS["add"](), (2, 0))
    whole = graph(product, attend, after, input=tokens)
    assert "{type: self_attention, name: attention, heads: 2, head_dim: 4, out_proj: false}" in (
        flat(whole)
    )
    verify(flat(whole), whole)


@pytest.mark.parametrize("text", [networks.yolov3(), networks.yolov4(), networks.darknet53()])
def test_files_of_darknet_read_back_as_they_are(text: str) -> None:
    read_ = read(Source("net.cfg", text), "net", None)
    verify(flat(read_), read_)


@pytest.mark.parametrize(
    ("change", "fact"),
    [
        (("input: 8x8x3", "input: 9x9x3"), "output 9x9x3, and in the source 8x8x3"),
        (("activation: relu", "activation: silu"), "activation silu, and in the source relu"),
        (("from: [conv_2, input]", "from: [input, conv_2]"), "inputs (0, 2)"),
        ((", share: conv", ""), "params 84, and in the source 0"),
        (("  - {type: add, name: add, from: [conv_2, input]}\n", ""), "2 rows for 3"),
    ],
)
def test_a_file_that_differs_is_told(change: tuple[str, str], fact: str) -> None:
    first = Operation(CONV, (0,), (), "relu")
    whole = graph(first, Operation(CONV, (1,), shares=1), Operation(LAYERS["add"](), (2, 0)))
    text = flat(whole)
    assert change[0] in text
    with pytest.raises(Unlike) as unlike:
        verify(text.replace(change[0], change[1], 1), whole)
    assert fact in str(unlike.value)
