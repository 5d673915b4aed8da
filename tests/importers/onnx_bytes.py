"""ONNX models for tests, from the messages that the exporter writes."""

from __future__ import annotations

from archcalc.exporters.onnx import wire
from archcalc.exporters.onnx.wire import field, node, typed, varint

__all__ = ["field", "function", "model", "node", "tensor", "typed", "varint"]


def tensor(name: str, shape: list[int], values: list[int] | None = None) -> bytes:
    """Weights without their values, or integers of 64 bits."""
    return wire.tensor(name, shape, values)


def model(
    nodes: list[bytes],
    weights: list[bytes],
    inputs: list[bytes],
    outputs: list[bytes],
    functions: list[bytes] | None = None,
    opset: int = 17,
) -> bytes:
    """A model of one opset, by the tests."""
    opsets = [wire.opset("", opset)]
    return wire.model(
        "graph", nodes, weights, inputs, outputs, functions or [], opsets, producer="tests"
    )


def function(
    name: str, inputs: list[str], outputs: list[str], nodes: list[bytes], domain: str = "own"
) -> bytes:
    """A function of a model."""
    return wire.function(domain, name, inputs, outputs, nodes)
