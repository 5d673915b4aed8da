"""The structure of ONNX files, read without the onnx package; also of those that are none."""

from __future__ import annotations

import time
import tracemalloc
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from importers import onnx_bytes as written

from archcalc.importers.onnx import stretch
from archcalc.importers.onnx.folding import Known, folded, vector
from archcalc.importers.onnx.functions import inlined
from archcalc.importers.onnx.model import OnnxModel, OnnxNode
from archcalc.importers.onnx.reading import read_model
from archcalc.importers.onnx.stretch import CutShort, Stretch
from archcalc.importers.onnx.wire import Malformed, fields, signed, varint

CONV = written.node(
    "Conv", ["x", "w"], ["y"], {"kernel_shape": [3, 3], "pads": [1, 1, 1, 1], "group": 1}
)
RELU = written.node("Relu", ["y"], ["z"], name="/body/relu/Relu")
SMALL = written.model(
    [CONV, RELU],
    [written.tensor("w", [8, 3, 3, 3]), written.tensor("shape", [2], [1, -1])],
    [written.typed("x", ["batch", 3, 32, 32]), written.typed("w", [8, 3, 3, 3])],
    [written.typed("z", [1, 8, 32, 32])],
)


def read(data: bytes) -> OnnxModel:
    return read_model(memoryview(data))


def test_nodes_shapes_and_names() -> None:
    model = read(SMALL)
    assert (model.producer, model.opset, model.name) == ("tests", 17, "graph")
    assert model.inputs == {"x": (None, 3, 32, 32)}
    assert model.outputs == ("z",)
    assert [(n.operator, n.inputs, n.outputs) for n in model.nodes] == [
        ("Conv", ("x", "w"), ("y",)),
        ("Relu", ("y",), ("z",)),
    ]
    assert model.nodes[0].attributes["pads"].value == (1, 1, 1, 1)
    assert model.nodes[1].name == "/body/relu/Relu"
    assert model.initializers["w"].shape == (8, 3, 3, 3)
    assert model.initializers["w"].values is None
    assert model.initializers["shape"].values == (1, -1)


@given(st.integers(1, 40), st.integers(64, 100), st.integers(0, 8))
def test_a_file_is_read_as_its_bytes_are(block: int, small: int, cut: int) -> None:
    """Whatever is read at once, and also where the file ends early."""
    data = SMALL[: len(SMALL) - cut]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stretch, "BLOCK", block)
        patch.setattr(stretch, "SMALL", small)
        whole = Stretch(BytesIO(data), 0, len(data))
        assert bytes(whole[place] for place in range(len(data))) == data
        assert whole[3:90].tobytes() == data[3:90]
        if not cut:
            assert read_model(Stretch(BytesIO(data), 0, len(data))) == read(data)
            return
        with pytest.raises(Malformed):
            read_model(Stretch(BytesIO(data), 0, len(data)))
        with pytest.raises(CutShort):
            read_model(Stretch(BytesIO(data), 0, len(SMALL)))


def test_a_number_of_too_many_bytes_is_not_read() -> None:
    """One integer, and a megabyte in its place."""
    tensor = written.field(1, 1) + written.field(2, 3) + written.field(9, bytes(2**20))
    assert (
        read(written.model([], [tensor + written.field(8, "w")], [], [])).initializers["w"].values
        is None
    )


@given(st.integers(-(2**63), 2**63 - 1))
def test_integers_of_64_bits(value: int) -> None:
    data = memoryview(written.varint(value))
    number, end = varint(data, 0)
    assert (signed(number), end) == (value, len(data))


def test_weights_are_not_looked_at() -> None:
    """A file of 64 MB is read in a moment, and in a few kilobytes."""
    weights = written.field(1, 2**24) + written.field(2, 1) + written.field(8, "w")
    weights += written.field(9, bytes(2**26))
    data = written.model([CONV], [weights], [], [])
    tracemalloc.start()
    start = time.process_time()
    model = read(data)
    taken, (_, peak) = time.process_time() - start, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert model.initializers["w"].shape == (2**24,)
    assert (taken < 0.05, peak < 200_000) == (True, True)


def call(name: str, inputs: list[str], outputs: list[str]) -> bytes:
    return written.node(name, inputs, outputs, domain="own")


def test_functions_are_put_in_place() -> None:
    inner = [
        written.node("Relu", ["a"], ["t"]),
        written.node("Sigmoid", ["t"], ["b"]),
    ]
    data = written.model(
        [call("Two", ["x"], ["y"]), call("Two", ["y"], ["z"])],
        [],
        [],
        [],
        [written.function("Two", ["a"], ["b"], inner)],
    )
    nodes = inlined(read(data))
    assert [node.operator for node in nodes] == ["Relu", "Sigmoid"] * 2
    assert [node.inputs[0] for node in nodes] == [
        "x",
        nodes[0].outputs[0],
        "y",
        nodes[2].outputs[0],
    ]
    assert [node.outputs[0] for node in nodes][1::2] == ["y", "z"]
    assert nodes[0].outputs != nodes[2].outputs


def test_functions_that_call_each_other() -> None:
    functions = [
        written.function("A", ["a"], ["b"], [call("B", ["a"], ["b"])]),
        written.function("B", ["a"], ["b"], [call("A", ["a"], ["b"])]),
    ]
    with pytest.raises(Malformed, match="16 levels deep"):
        inlined(read(written.model([call("A", ["x"], ["y"])], [], [], [], functions)))


def test_functions_that_grow() -> None:
    functions = [
        written.function(f"F{n}", ["a"], ["b"], [call(f"F{n + 1}", ["a"], ["b"])] * 8)
        for n in range(9)
    ]
    functions.append(written.function("F9", ["a"], ["b"], [written.node("Relu", ["a"], ["b"])]))
    with pytest.raises(Malformed, match="more than 200,000 nodes"):
        inlined(read(written.model([call("F0", ["x"], ["y"])], [], [], [], functions)))


def nested(levels: int) -> bytes:
    data = b""
    for _ in range(levels):
        data = written.field(1, data)
    return data


@pytest.mark.parametrize(
    ("data", "fact"),
    [
        (b"", "it has no graph"),
        (b"\x08", "a number does not end"),
        (b"\xff" * 30, "a number does not end"),
        (b"\x3a\xff\xff\xff\x07abc", "bytes where 3 are left"),
        (b"\x0b\x0c", "a field of wire type 3"),
        (SMALL[:-20], "bytes where"),
        (written.field(7, 3), "a number where bytes belong"),
        (written.model([written.field(1, 7)], [], [], []), "a number where bytes belong"),
        (written.model([], [written.tensor("w", [1] * 9)], [], []), "a tensor of shape"),
        (written.model([], [written.tensor("w", [-4])], [], []), "a tensor of shape"),
        (written.field(7, written.field(15, b"")), "it has sparse weights"),
        (written.model([b""] * 200_001, [], [], []), "more than 200,000 nodes"),
    ],
)
def test_what_is_no_model(data: bytes, fact: str) -> None:
    with pytest.raises(Malformed, match=fact):
        read(data)


def test_depth_does_not_matter() -> None:
    data = written.model([written.field(5, written.field(6, nested(50_000)))], [], [], [])
    (node,) = read(data).nodes
    assert node.attributes[""].graph


@given(st.data())
def test_a_damaged_model_is_read_or_refused(data: st.DataObject) -> None:
    damaged = bytearray(SMALL)
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(damaged) - 1))
        damaged[place] = data.draw(st.integers(0, 255))
    stop = data.draw(st.integers(0, len(damaged)))
    with suppress(Malformed):
        read(bytes(damaged[:stop]))


@given(st.binary(max_size=200))
def test_any_bytes_are_fields_or_none(data: bytes) -> None:
    with suppress(Malformed):
        assert sum(1 for _ in fields(memoryview(data))) <= len(data)


def fold(operator: str, *inputs: Known, **attributes: int | list[int]) -> Known | None:
    data = written.node(operator, [], [], dict(attributes))
    (node,) = read(written.model([data], [], [], [])).nodes
    return folded(node, inputs)


def test_arithmetic_on_shapes() -> None:
    shape = vector([1, 64, 7, 7])
    assert fold("Gather", shape, Known((), (1,)), axis=0) == Known((), (64,))
    assert fold("Slice", shape, vector([2]), vector([2**63 - 1])) == vector([7, 7])
    assert fold("Concat", vector([1]), vector([-1]), axis=0) == vector([1, -1])
    assert fold("Mul", vector([2, 3]), Known((), (4,))) == vector([8, 12])
    assert fold("Div", vector([-7]), vector([2])) == vector([-3])
    assert fold("Unsqueeze", Known((), (5,)), vector([0])) == vector([5])
    assert fold("Range", Known((), (0,)), Known((), (3,)), Known((), (1,))) == vector([0, 1, 2])
    assert fold("ReduceProd", shape, keepdims=0) == Known((), (64 * 49,))
    assert fold("ConstantOfShape", vector([2])) == vector([0.0, 0.0])


@pytest.mark.parametrize(
    ("operator", "inputs"),
    [
        ("Div", (vector([1]), vector([0]))),
        ("Gather", (vector([1]), vector([9]))),
        ("Pow", (vector([9]), vector([10**9]))),
        ("Range", (Known((), (0,)), Known((), (10**12,)), Known((), (1,)))),
        ("ConstantOfShape", (vector([10**9, 10**9]),)),
        ("Conv", (vector([1]),)),
    ],
)
def test_what_is_not_known(operator: str, inputs: tuple[Known, ...]) -> None:
    assert fold(operator, *inputs) is None


def test_nodes_of_other_domains_are_not_folded() -> None:
    node = OnnxNode("Add", "own", "", (), (), {}, {})
    assert folded(node, (vector([1]), vector([2]))) is None
