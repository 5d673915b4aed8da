"""ONNX files that cannot be imported: all reasons at once, and nothing breaks."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from importers import onnx_bytes as written
from importers.onnx_graphs import ANY, CONV, refusal

from archcalc.importers.graph import Refused, flat_network
from archcalc.importers.onnx import graph_of, read
from archcalc.importers.onnx.reading import read_model
from archcalc.importers.onnx.wire import Malformed


def test_everything_that_cannot_be_said_is_said_at_once() -> None:
    nodes = [
        written.node("NonMaxSuppression", ["x"], ["a"]),
        written.node("TopK", ["x"], ["b"]),
        written.node("Relu", ["a"], ["z"]),
        written.node("Gelu", ["x"], ["c"], domain="com.example"),
    ]
    assert refusal(nodes).splitlines() == [
        "NonMaxSuppression: NonMaxSuppression has no layer type",
        "TopK: TopK has no layer type",
        "Gelu: com.example.Gelu has no layer type",
    ]


@pytest.mark.parametrize(
    ("node", "fact"),
    [
        (written.node("Relu", ["nothing"], ["z"]), "it reads what is not known"),
        (written.node("Conv", ["x"], ["z"]), "Conv with attributes or inputs that it cannot have"),
        (written.node("Conv", ["x", "x"], ["z"]), "weights that are computed"),
        (written.node("Reshape", ["x", "x"], ["z"]), "sizes that are computed from activations"),
        (written.node("Concat", ["x"], [], {"axis": 1}), "cannot have"),
        (written.node("Transpose", ["x"], ["z"], {"perm": [0, 9]}), "cannot have"),
        (written.node("MaxPool", ["x"], ["z"], {"kernel_shape": [3]}), "cannot have"),
        (written.node("Relu", ["z"], ["z"]), "it reads what is not known"),
    ],
)
def test_nodes_that_make_no_sense(node: bytes, fact: str) -> None:
    assert fact in refusal([node])


def test_a_batch_and_several_inputs_are_refused() -> None:
    nodes = [written.node("Relu", ["x"], ["z"])]
    assert "exported for a batch of 8" in refusal(nodes, None, [8, 3, 32, 32])
    inputs = [written.typed("x", [1, 3, 8, 8]), written.typed("y", [1, 3, 8, 8])]
    data = written.model(nodes, [], inputs, [ANY])
    with pytest.raises(Refused, match="it has 2 inputs"):
        graph_of(read_model(memoryview(data)), "net", None, "net.onnx")


def test_files_that_are_none(tmp_path: Path) -> None:
    for data, fact in ((b"", "the file is empty"), (b"\x08", "it is no ONNX model")):
        path = tmp_path / "a.onnx"
        path.write_bytes(data)
        with pytest.raises(Refused, match=fact):
            read(str(path), "net")


@given(st.data())
def test_damaged_models_are_read_or_refused(data: st.DataObject) -> None:
    nodes = [
        written.node("Conv", ["x", "w"], ["a"], CONV),  # type: ignore[arg-type]
        written.node("MaxPool", ["a"], ["b"], {"kernel_shape": [2, 2], "strides": [2, 2]}),
        written.node("Reshape", ["b", "to"], ["c"]),
        written.node("Gemm", ["c", "v"], ["z"]),
    ]
    weights = [
        written.tensor("w", [8, 8, 3, 3]),
        written.tensor("to", [2], [1, -1]),
        written.tensor("v", [8 * 16 * 16, 10]),
    ]
    inputs = [written.typed("x", [1, 8, 32, 32])]
    damaged = bytearray(written.model(nodes, weights, inputs, [ANY]))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(damaged) - 1))
        damaged[place] = data.draw(st.integers(0, 255))
    with suppress(Malformed, Refused):
        model = read_model(memoryview(bytes(damaged)))
        flat_network(graph_of(model, "net", None, "net.onnx"))
