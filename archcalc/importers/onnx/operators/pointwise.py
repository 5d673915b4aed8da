"""Activations, fully connected layers, sums and products."""

from __future__ import annotations

from functools import reduce
from math import isclose, prod
from typing import Any

from archcalc.importers.graph import Untranslatable
from archcalc.importers.onnx.folding import integer, integers
from archcalc.importers.onnx.model import OnnxNode
from archcalc.importers.onnx.translation import Operator, Shape, Translation
from archcalc.importers.pytorch.traced import Ref


def _real(node: OnnxNode, name: str, default: float) -> float:
    attribute = node.attributes.get(name)
    value = attribute.value if attribute else default
    return float(value) if isinstance(value, int | float) else default


def activation(operation: str) -> Operator:
    def apply(t: Translation, node: OnnxNode) -> None:
        t.call(node, operation, t.shape(node.inputs[0]), {"self": t.ref(node.inputs[0])})

    return apply


def hardsigmoid(t: Translation, node: OnnxNode) -> None:
    if not isclose(_real(node, "alpha", 0.2), 1 / 6, rel_tol=1e-4):
        t.notes.append("a HardSigmoid with another slope than 1/6 counts as one with it")
    activation("hardsigmoid")(t, node)


def softmax(t: Translation, node: OnnxNode) -> None:
    shape = t.shape(node.inputs[0])
    axis = integer(node, "axis", -1 if t.model.opset >= 13 else 1)
    t.call(node, "softmax", shape, {"self": t.ref(node.inputs[0]), "dim": axis})


def clip(t: Translation, node: OnnxNode) -> None:
    x, *bounds = node.inputs
    if bounds:
        low, high = ([*(t.number(b) if b else None for b in bounds), None])[:2]
    else:
        given = [
            node.attributes[name].value if name in node.attributes else None
            for name in ("min", "max")
        ]
        low, high = given  # type: ignore[assignment]
    if high is not None and high > 1e30:
        high = None
    t.call(node, "clamp", t.shape(x), {"self": t.ref(x), "min": low, "max": high})


def prelu(t: Translation, node: OnnxNode) -> None:
    x, slope = node.inputs
    size = prod(t.shape(slope))
    (weight,) = t.weights(slope)
    assert weight is not None
    t.stored[weight.name] = t.stored[weight.name]._replace(shape=(size,))
    t.call(node, "prelu", t.shape(x), {"self": t.ref(x), "weight": weight})


def gemm(t: Translation, node: OnnxNode) -> None:
    x, w, *bias = node.inputs
    turned = not integer(node, "transB")
    if integer(node, "transA") or _real(node, "alpha", 1.0) != 1 or _real(node, "beta", 1.0) != 1:
        raise Untranslatable("Gemm with transA, alpha or beta")
    _linear(t, node, x, w, bias[0] if bias else "", turned)


def _linear(t: Translation, node: OnnxNode, x: str, w: str, bias: str, turned: bool) -> None:
    weight, offset = t.weights(w, bias, turned=turned)
    units = t.shape(w)[1 if turned else 0]
    shape = (*t.shape(x)[:-1], units)
    t.call(node, "linear", shape, {"input": t.ref(x), "weight": weight, "bias": offset})


def matmul(t: Translation, node: OnnxNode) -> None:
    """A product with a stored matrix is a linear layer, with the biases that are added to it."""
    x, w = node.inputs
    turned = w not in t.turned
    matrix = t.turned.get(w, w)
    if not t.is_stored(matrix) or len(t.shape(w)) != 2:
        first, second = t.shape(x), t.shape(w)
        shape = (*broadcast(first[:-2], second[:-2]), first[-2], second[-1])
        t.call(node, "matmul", shape, {"self": t.ref(x), "other": t.ref(w)})
        return
    reader, bias = t.only_reader(node.outputs[0]), ""
    if reader is not None and reader.operator == "Add":
        (other,) = [value for value in reader.inputs if value != node.outputs[0]] or [""]
        if other and t.is_stored(other) and t.shape(other) == t.shape(w)[1:]:
            t.skip(reader)
            node, bias = node._replace(outputs=reader.outputs), other
    _linear(t, node, x, matrix, bias, turned)


def erf(t: Translation, node: OnnxNode) -> None:
    """The middle of GELU: x (1 + erf(x / sqrt(2))) / 2, in any order of its products."""
    divided = t.makers.get(node.inputs[0])
    add = t.only_reader(node.outputs[0])
    times = t.only_reader(add.outputs[0]) if add else None
    if divided is None or add is None or times is None or times.operator != "Mul":
        raise Untranslatable("Erf has no layer type outside of GELU")
    source = t.name(divided.inputs[0])
    (other,) = [value for value in times.inputs if value != add.outputs[0]]
    halved = t.makers.get(other)
    last = times
    if t.name(other) == source:
        last = t.only_reader(times.outputs[0]) or times
        t.skip(times)
    elif halved is None or t.name(halved.inputs[0]) != source:
        raise Untranslatable("Erf has no layer type outside of GELU")
    t.skip(add)
    t.skip(last)
    t.call(last, "gelu", t.shape(source), {"self": t.ref(source)})


def dropout(t: Translation, node: OnnxNode) -> None:
    """The share of a newer node is an input; of what is exported for inference there is none."""
    rate = _real(node, "ratio", 0.5)
    if len(node.inputs) > 1 and node.inputs[1]:
        rate = float(t.number(node.inputs[1]) or 0)
    t.call(node, "dropout", t.shape(node.inputs[0]), {"input": t.ref(node.inputs[0]), "p": rate})


def mean(operation: str) -> Operator:
    def apply(t: Translation, node: OnnxNode) -> None:
        x, *rest = node.inputs
        shape = t.shape(x)
        axes = t.integers(rest[0]) if rest and rest[0] else integers(node, "axes")
        places = sorted({axis % len(shape) for axis in axes}) or list(range(len(shape)))
        keeps = bool(integer(node, "keepdims", 1))
        made = [1 if at in places else size for at, size in enumerate(shape)]
        if not keeps:
            made = [size for at, size in enumerate(shape) if at not in places]
        arguments = {"self": t.ref(x), "dim": places, "keepdim": keeps}
        t.call(node, operation, tuple(made), arguments)

    return apply


def broadcast(a: Shape, b: Shape) -> Shape:
    """The shape of what two shapes come to.

    Raises:
        Untranslatable: where they do not fit.
    """
    rank = max(len(a), len(b))
    first, second = (1,) * (rank - len(a)) + a, (1,) * (rank - len(b)) + b
    if any(x != y and 1 not in (x, y) for x, y in zip(first, second, strict=True)):
        raise Untranslatable("tensors whose shapes do not fit")
    return tuple(map(max, first, second))


def merge(operation: str) -> Operator:
    def apply(t: Translation, node: OnnxNode) -> None:
        a, b = node.inputs
        shape = broadcast(t.shape(a), t.shape(b))
        first: Any = t.operand(a)
        second: Any = t.operand(b)
        if operation in ("add", "mul") and not isinstance(first, Ref):
            first, second = second, first
        t.call(node, operation, shape, {"self": first, "other": second})

    return apply


def total(t: Translation, node: OnnxNode) -> None:
    """A sum of any number of tensors: one on the other."""
    first, *rest = node.inputs
    if not rest:
        t.alias(node, first)
        return
    for value in rest[:-1]:
        shape = broadcast(t.shape(first), t.shape(value))
        first = t.between(node, "add", shape, {"self": t.ref(first), "other": t.ref(value)})
    shape = broadcast(t.shape(first), t.shape(rest[-1]))
    t.call(node, "add", shape, {"self": t.ref(first), "other": t.ref(rest[-1])})


def power(t: Translation, node: OnnxNode) -> None:
    x, exponent = node.inputs
    arguments = {"self": t.ref(x), "exponent": t.operand(exponent)}
    t.call(node, "pow", t.shape(x), arguments)


def fixed(operation: str, *names: str) -> Operator:
    """What exporters make masks of, from numbers alone: a constant, or there is no layer for it."""

    def apply(t: Translation, node: OnnxNode) -> None:
        shapes = [t.shape(value) for value in node.inputs]
        arguments = {name: t.operand(value) for name, value in zip(names, node.inputs, strict=True)}
        t.call(node, operation, reduce(broadcast, shapes), arguments)

    return apply


OPERATORS: dict[str, Operator] = {
    "Equal": fixed("equal", "self", "other"),
    "Where": fixed("where", "condition", "self", "other"),
    "Relu": activation("relu"),
    "Elu": activation("elu"),
    "Selu": activation("selu"),
    "LeakyRelu": activation("leaky_relu"),
    "Sigmoid": activation("sigmoid"),
    "Tanh": activation("tanh"),
    "Softplus": activation("softplus"),
    "Mish": activation("mish"),
    "Gelu": activation("gelu"),
    "HardSwish": activation("hardswish"),
    "Swish": activation("silu"),
    "Erf": erf,
    "HardSigmoid": hardsigmoid,
    "Softmax": softmax,
    "Clip": clip,
    "PRelu": prelu,
    "Gemm": gemm,
    "MatMul": matmul,
    "Dropout": dropout,
    "ReduceMean": mean("mean"),
    "ReduceMax": mean("amax"),
    "Add": merge("add"),
    "Sub": merge("sub"),
    "Mul": merge("mul"),
    "Div": merge("div"),
    "Sum": total,
    "Pow": power,
}
