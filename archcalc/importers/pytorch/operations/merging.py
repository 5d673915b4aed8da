"""Sums and products: of activations, with parameters, with numbers."""

from __future__ import annotations

from math import prod
from typing import Any

from archcalc.importers.pytorch.arranging import in_groups
from archcalc.importers.pytorch.lowering import NOTHING, Lowering
from archcalc.importers.pytorch.operations.broadcasting import merged
from archcalc.importers.pytorch.operations.pointwise import exactly, of_type
from archcalc.importers.pytorch.operations.trained import coefficients, shifted
from archcalc.importers.pytorch.traced import Call, Ref, refs
from archcalc.importers.pytorch.values import (
    Constant,
    Lengths,
    Negative,
    Phase,
    Scores,
    Swung,
    Tensor,
    Turned,
    Value,
)

EPSILON = 1e-3
"""What is added to keep a divisor from 0, and no more than that."""

SELF_GATED = {"sigmoid": "silu", "hardsigmoid": "hardswish"}


def operands(lowering: Lowering, call: Call) -> tuple[Any, Any]:
    """Tensors, or the numbers that stand in their place."""
    pair = []
    for name in ("self", "other"):
        argument = call.arguments[name]
        pair.append(lowering.tensor(argument) if isinstance(argument, Ref) else argument)
    return pair[0], pair[1]


def add(lowering: Lowering, call: Call) -> Tensor:
    first, second = operands(lowering, call)
    if call.arguments.get("alpha", 1) != 1:
        return lowering.refused(call, "add of a multiple has no layer type")
    if isinstance(first, Constant | int | float):
        first, second = second, first
    if isinstance(first, Value) and isinstance(second, int | float):
        if 0 <= second <= EPSILON:
            return first
        return plus(lowering, call, first, second)
    if isinstance(first, Lengths) and isinstance(second, float) and 0 < second < 1:
        return first  # so that no length is 0
    if isinstance(first, Swung) and isinstance(second, Swung):
        return rotated(lowering, call, first, second)
    if isinstance(first, Scores) and isinstance(second, Constant):
        return biased(lowering, call, first, second)
    if isinstance(first, Value) and isinstance(second, Value):
        return merged(lowering, call, "add", first, second)
    if isinstance(first, Value) and isinstance(second, Constant):
        return shifted(lowering, call, first, second)
    return lowering.refused(call, f"add of {_what(second)} has no layer type")


def rotated(lowering: Lowering, call: Call, first: Swung, second: Swung) -> Tensor:
    """A tensor times cosines and its turned pairs times sines."""
    plain, turned = (first, second) if isinstance(first.value, Value) else (second, first)
    value, pairs = plain.value, turned.value
    if not isinstance(value, Value) or not isinstance(pairs, Turned) or pairs.node != value.node:
        return lowering.refused(call, "add of products with fixed numbers has no layer type")
    return of_type(lowering, call, value, "rotary")


def _what(operand: object) -> str:
    return "a number" if isinstance(operand, int | float) else "such tensors"


def biased(lowering: Lowering, call: Call, scores: Scores, bias: Constant) -> Tensor:
    """A mask costs nothing; a table of biases belongs to the attention."""
    if not bias.parameters:
        return scores
    name = next(ref.name for ref in refs(call) if lowering.tensor(ref) is bias)
    return scores._replace(table=name)


def plus(lowering: Lowering, call: Call, value: Value, number: float) -> Tensor:
    """A fixed number that is added."""
    node = lowering.emit(call, "scale", (value.node,), {"by": 1, "plus": exactly(number)})
    return lowering.placed(node, value.layout, value.rolled)


def subtract(lowering: Lowering, call: Call) -> Tensor:
    first, second = operands(lowering, call)
    if isinstance(first, Value) and isinstance(second, int | float):
        return plus(lowering, call, first, -second)
    if isinstance(first, Value) and isinstance(second, Value):
        return merged(lowering, call, "subtract", first, second)
    return lowering.refused(call, f"subtraction of {_what(second)} has no layer type")


def multiply(lowering: Lowering, call: Call) -> Tensor:
    first, second = operands(lowering, call)
    if isinstance(first, Constant | int | float):
        first, second = second, first
    if isinstance(first, Scores):
        return first._replace(by=first.by * second) if isinstance(second, int | float) else first
    if isinstance(first, Lengths):
        first, second = second, first
    if isinstance(first, Value) and isinstance(second, Lengths):
        if second.value == first and second.is_inverse and second.is_mean:
            node = lowering.emit(call, "rmsnorm", (first.node,), {"affine": False})
            return lowering.placed(node, first.layout, first.rolled)
        return lowering.refused(call, "product with lengths of other channels has no layer type")
    if isinstance(first, Value) and isinstance(second, int | float):
        return scaled(lowering, call, first, second)
    if isinstance(first, Value | Turned) and _is_fixed(second):
        return Swung(call, first)
    if isinstance(first, Value) and isinstance(second, Value):
        return gated(lowering, call, first, second)
    if isinstance(first, Value) and isinstance(second, Constant):
        return coefficients(lowering, call, first, second)
    return lowering.refused(call, "product of such tensors has no layer type")


def _is_fixed(tensor: object) -> bool:
    is_fixed = isinstance(tensor, Constant) and not tensor.parameters
    return is_fixed and prod(tensor.shape) > 1  # type: ignore[attr-defined]


def divide(lowering: Lowering, call: Call) -> Tensor:
    first, second = operands(lowering, call)
    if isinstance(first, Scores) and isinstance(second, int | float):
        return first._replace(by=first.by / second)
    if isinstance(first, Value) and isinstance(second, int | float) and second:
        return scaled(lowering, call, first, 1 / second)
    if isinstance(first, Value) and isinstance(second, Lengths) and second.value == first:
        made = in_groups(lowering, call, first, second.place)
        if made is None:
            return NOTHING
        node = lowering.emit(call, "l2norm", (made[0].node,), made[1])
        return lowering.placed(node, made[0].layout, made[0].rolled)
    if isinstance(first, Value) and isinstance(second, Value):
        return merged(lowering, call, "divide", first, second)
    return lowering.refused(call, "division by a tensor has no layer type")


def scaled(lowering: Lowering, call: Call, value: Value, by: float) -> Tensor:
    if by == 1:
        return value
    node = lowering.emit(call, "scale", (value.node,), {"by": exactly(by)})
    return lowering.placed(node, value.layout, value.rolled)


def gated(lowering: Lowering, call: Call, first: Value, second: Value) -> Tensor:
    """x times its sigmoid is SiLU; else a product."""
    for value, gate in ((first, second), (second, first)):
        operation = lowering.assembly.operation(gate.node) if gate.node else None
        if operation and operation.inputs == (value.node,) and value.layout == gate.layout:
            type = SELF_GATED.get(operation.layer.type)
            if type:
                return of_type(lowering, call, value, type)
    return merged(lowering, call, "multiply", first, second)


def negative(lowering: Lowering, call: Call) -> Tensor:
    """A rotation has one; else it is a product."""
    value = lowering.tensor(call.arguments["self"])
    if isinstance(value, Value | Phase):
        return Negative(call, value)
    return lowering.refused(call, "neg of something that is no activation")


def power(lowering: Lowering, call: Call) -> Tensor:
    """The square is a product with itself."""
    value, exponent = lowering.tensor(call.arguments["self"]), call.arguments.get("exponent", 2)
    if not isinstance(value, Value) or exponent != 2:
        return lowering.refused(call, f"power of {exponent} has no layer type")
    node = lowering.emit(call, "multiply", (value.node, value.node))
    return lowering.placed(node, value.layout, value.rolled)


TABLE = {
    "add": add,
    "neg": negative,
    "sub": subtract,
    "subtract": subtract,
    "mul": multiply,
    "pow": power,
    "square": power,
    "multiply": multiply,
    "div": divide,
    "true_divide": divide,
}
