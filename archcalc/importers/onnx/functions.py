"""Functions of a model in the place of the nodes that call them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from archcalc.importers.onnx.model import NODES_LIMIT, Attribute, Function, OnnxModel, OnnxNode
from archcalc.importers.onnx.wire import Malformed

DEPTH_LIMIT = 16


def inlined(model: OnnxModel) -> list[OnnxNode]:
    """The nodes of a model without calls of its own functions.

    Raises:
        Malformed: where functions call each other without end, or into too many nodes.
    """
    if not model.functions:
        return list(model.nodes)
    nodes = []
    for node in _expanded(model.nodes, model.functions, 0):
        nodes.append(node)
        if len(nodes) > NODES_LIMIT:
            raise Malformed(f"its functions come to more than {NODES_LIMIT:,} nodes")
    return nodes


def _expanded(
    nodes: Iterable[OnnxNode], functions: Mapping[tuple[str, str], Function], depth: int
) -> Iterator[OnnxNode]:
    if depth > DEPTH_LIMIT:
        raise Malformed(f"its functions call each other more than {DEPTH_LIMIT} levels deep")
    for number, node in enumerate(nodes):
        function = functions.get((node.domain, node.operator))
        if function is None:
            yield node
        else:
            yield from _expanded(
                _body(function, node, f"{node.name or number}"), functions, depth + 1
            )


def _body(function: Function, call: OnnxNode, name: str) -> list[OnnxNode]:
    """The nodes of a function under the names of the values that it is called with."""
    names = dict(zip(function.inputs, call.inputs, strict=False))
    names.update(zip(function.outputs, call.outputs, strict=False))

    def inner(value: str) -> str:
        return names.get(value, f"{name}/{value}" if value else "")

    return [
        node._replace(
            name=f"{name}/{node.name}",
            inputs=tuple(map(inner, node.inputs)),
            outputs=tuple(map(inner, node.outputs)),
            attributes=_bound(node.attributes, call.attributes),
            metadata=node.metadata or call.metadata,
        )
        for node in function.nodes
    ]


def _bound(
    attributes: Mapping[str, Attribute], given: Mapping[str, Attribute]
) -> dict[str, Attribute]:
    """Attributes with those of the call in the place of references to them."""
    bound = {}
    for name, attribute in attributes.items():
        if not attribute.reference:
            bound[name] = attribute
        elif attribute.reference in given:
            bound[name] = given[attribute.reference]._replace(name=name)
    return bound
