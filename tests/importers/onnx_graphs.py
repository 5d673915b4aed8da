"""ONNX models of a few nodes, written and read: their graphs and rows, and why they are refused."""

from __future__ import annotations

import pytest
from importers import onnx_bytes as written

from archcalc.importers.graph import Graph, Refused
from archcalc.importers.onnx import graph_of
from archcalc.importers.onnx.reading import read_model
from archcalc.network.layers import LAYERS
from archcalc.network.volume import Volume

ANY = written.typed("z", [])
CONV = {"kernel_shape": [3, 3], "pads": [1, 1, 1, 1]}


def graph(
    nodes: list[bytes],
    weights: list[bytes] | None = None,
    shape: list[int | str] | None = None,
    *,
    input: Volume | None = None,
    opset: int = 17,
) -> Graph:
    inputs = [written.typed("x", shape or [1, 8, 32, 32])]
    data = written.model(nodes, weights or [], inputs, [ANY], opset=opset)
    return graph_of(read_model(memoryview(data)), "net", input, "net.onnx")


def rows(*arguments: object, **keywords: object) -> list[tuple[object, str | None]]:
    made = graph(*arguments, **keywords)  # type: ignore[arg-type]
    return [(operation.layer, operation.activation) for operation in made.operations]


def refusal(*arguments: object, **keywords: object) -> str:
    with pytest.raises(Refused) as refused:
        graph(*arguments, **keywords)  # type: ignore[arg-type]
    return str(refused.value)


def layer(type: str, **keys: object) -> tuple[object, str | None]:
    return LAYERS[type](**keys), None
