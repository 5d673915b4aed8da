"""Values put in the place of expressions."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from archcalc.diagnostics import Fault, Findings, Place
from archcalc.graph.scope import Scope
from archcalc.spec import arithmetic, expressions
from archcalc.tree import UNKNOWN, Node, Scalar, Sequence, Value, Word, value_of
from archcalc.tree import Mapping as Map


def substituted(
    node: Node,
    values: Mapping[str, Value],
    findings: Findings,
    spend: Callable[[int, Place], None],
) -> Node:
    """A node with the value of each expression in it; UNKNOWN where that is a mistake."""
    if isinstance(node, Scalar):
        if "$" not in node.text or node.value is not None:
            return node
        return Scalar(node.text, node.place, _evaluated(node, values, findings, spend))
    if isinstance(node, Sequence):
        return Sequence([substituted(n, values, findings, spend) for n in node.items], node.place)
    return Map(
        {
            key: (place, substituted(value, values, findings, spend))
            for key, (place, value) in node.pairs.items()
        },
        node.place,
    )


def _evaluated(
    node: Scalar,
    values: Mapping[str, Value],
    findings: Findings,
    spend: Callable[[int, Place], None],
) -> Value:
    try:
        expression = expressions.parse(node.text)
        spend(expression.size, node.place)
        return arithmetic.evaluate(expression, values)
    except Fault as fault:
        findings.once(fault, node.place)
        return UNKNOWN


def value_of_argument(node: Node, scope: Scope | None) -> Value:
    """What a node gives an argument: words remember the scope in which they may name a layer."""
    if isinstance(node, Sequence):
        return tuple(value_of_argument(item, scope) for item in node.items)
    if isinstance(node, Map):
        return UNKNOWN
    value = value_of(node)
    if isinstance(value, Word) and value.scope is None and scope is not None:
        return Word(value.text, scope, value.place)
    return value
