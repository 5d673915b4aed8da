"""Values put in the place of expressions."""

from __future__ import annotations

from collections.abc import Callable

from archcalc.archfile import arithmetic, expressions
from archcalc.archfile.expressions import COPY
from archcalc.archfile.nodes import (
    UNKNOWN,
    MappingNode,
    ScalarNode,
    SequenceNode,
    Unknown,
    Value,
    Word,
    YamlNode,
)
from archcalc.archfile.scope import Scope
from archcalc.archfile.values import value_of
from archcalc.diagnostics import Fault, Findings, Span
from archcalc.limits import LIST_DEPTH_LIMIT, LIST_LIMIT

SHORT = 4  # as many values as a volume has


def substituted(
    node: YamlNode,
    scope: Scope,
    findings: Findings,
    spend: Callable[[int, Span], None],
) -> YamlNode:
    """A node with the value of each expression in it; UNKNOWN where that is a mistake.

    Expressions see the values of the scope, and the sizes of the layers that it can name.
    Long lists take steps, be they written or the values of expressions.
    """
    if isinstance(node, ScalarNode):
        if "$" not in node.text or node.value is not None:
            return node
        return node._replace(value=_evaluated(node, scope, findings, spend))
    if isinstance(node, SequenceNode):
        if len(node.items) > SHORT:
            spend(len(node.items), node.span)
        items = [substituted(item, scope, findings, spend) for item in node.items]
        return SequenceNode(items, node.span, node.key)
    pairs = {key: substituted(item, scope, findings, spend) for key, item in node.pairs.items()}
    return MappingNode(pairs, node.span, key=node.key)


def _evaluated(
    node: ScalarNode,
    scope: Scope,
    findings: Findings,
    spend: Callable[[int, Span], None],
) -> Value:
    try:
        expression = expressions.parse(node.text)
        spend(2 * expression.size, node.span)
        values = scope.values
        if COPY in expression.names and COPY not in values and scope.copy is not None:
            values = {**values, COPY: scope.copy}
        value = arithmetic.evaluate(expression, values, scope.size_of)
        if isinstance(value, tuple):
            spend(_extent(value)[1], node.span)
        return value
    except Fault as fault:
        findings.once(fault, node.span)
        return UNKNOWN


def value_of_argument(node: YamlNode, scope: Scope | None) -> Value:
    """What a node gives an argument: words remember the scope in which they may name a layer.

    Raises:
        Fault: ``limit-exceeded`` for a list too long or too deep, since lists of lists multiply.
    """
    if isinstance(node, SequenceNode):
        return _bounded(tuple(value_of_argument(item, scope) for item in node.items), node.span)
    if isinstance(node, MappingNode):
        return UNKNOWN
    value = value_of(node)
    if isinstance(value, Word) and value.scope is None and scope is not None:
        return Word(value, scope, value.span)
    return value


def is_literal(value: Value) -> bool:
    """Whether a value is the same in every scope: a word may name a layer."""
    if isinstance(value, tuple):
        return all(map(is_literal, value))
    return not isinstance(value, str | Unknown)


def _bounded(value: tuple[Value, ...], span: Span) -> Value:
    depth, elements = _extent(value)
    if depth > LIST_DEPTH_LIMIT or elements > LIST_LIMIT:
        raise Fault(
            "limit-exceeded",
            f"a list of {elements:,} values in {depth} levels; at most {LIST_LIMIT:,} in "
            f"{LIST_DEPTH_LIMIT} are read",
            span=span,
        )
    return value


def _extent(value: Value) -> tuple[int, int]:
    """How deep a list is, and how many values it holds with those of the lists inside."""
    if not isinstance(value, tuple):
        return 0, 1
    below = [_extent(part) for part in value]
    return 1 + max((d for d, _ in below), default=0), 1 + sum(n for _, n in below)
