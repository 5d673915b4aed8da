"""The structure of an ONNX model, without its weights.

Of a tensor only the shape, and the values of small ones, are looked at.
"""

from __future__ import annotations

from collections.abc import Mapping

from archcalc.record import Record

NODES_LIMIT = 200_000  # nodes of a graph and its functions
VALUES_LIMIT = 64  # values of a tensor that may be a shape, an axis or a scale


class Tensor(Record):
    """A tensor's name and shape, and its values where they are few."""

    name: str
    shape: tuple[int, ...]
    values: tuple[int | float, ...] | None
    is_real: bool = True


class Attribute(Record):
    """``value`` is an integer, a float, a text, a tensor or a list; ``graph`` where it is code.

    ``reference`` names an attribute of the function around it, which stands in its place.
    """

    name: str
    value: object
    reference: str = ""
    graph: bool = False


class OnnxNode(Record):
    """An operator on named values. ``metadata`` are what the exporter noted about it."""

    operator: str
    domain: str
    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: Mapping[str, Attribute]
    metadata: Mapping[str, str]


class Function(Record):
    """A function of the model itself: an operator that stands for nodes."""

    name: str
    domain: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    nodes: tuple[OnnxNode, ...]


class OnnxModel(Record):
    """``inputs`` have None for sizes that are open."""

    producer: str
    opset: int
    name: str
    nodes: tuple[OnnxNode, ...]
    initializers: Mapping[str, Tensor]
    inputs: Mapping[str, tuple[int | None, ...]]
    outputs: tuple[str, ...]
    functions: Mapping[tuple[str, str], Function]
