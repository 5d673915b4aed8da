"""Files held against the graphs that they were written from, row by row."""

from __future__ import annotations

import pytest
from importers import darknet_networks as networks

from archcalc.diagnostics import Source
from archcalc.importers.darknet import read
from archcalc.importers.graph import Graph, Operation
from archcalc.importers.readable import unfolded as flat
from archcalc.importers.verifying import Unlike, verify
from archcalc.network.layers import LAYERS
from archcalc.network.volume import Volume

IMAGE = Volume(3, (8, 8))
CONV = LAYERS["conv"](filters=3, kernel=3, padding=1)


def graph(*operations: Operation, input: Volume = IMAGE) -> Graph:
    return Graph("net", input, operations, (len(operations),))


@pytest.mark.parametrize("text", [networks.yolov3(), networks.yolov4(), networks.darknet53()])
def test_files_of_darknet_read_back_as_they_are(text: str) -> None:
    read_ = read(Source("net.cfg", text), "net", None)
    verify(flat(read_), read_)


@pytest.mark.parametrize(
    ("change", "fact"),
    [
        (("input: 8x8x3", "input: 9x9x3"), "output 9x9x3, and in the source 8x8x3"),
        (("activation: relu", "activation: silu"), "activation silu, and in the source relu"),
        (("from: [residual, input]", "from: [input, residual]"), "inputs (0, 2)"),
        ((", share: conv", ""), "params 84, and in the source 0"),
        (("  - {type: add, from: [residual, input]}\n", ""), "2 rows for 3"),
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
