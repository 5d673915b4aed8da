"""What an exporter computes of shapes: small tensors of numbers, known before anything runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from math import ceil, floor, prod

from archcalc.importers.onnx.model import VALUES_LIMIT, OnnxNode, Tensor
from archcalc.record import Record

Number = int | float


class Known(Record):
    """A small tensor: its shape, and its values in order."""

    shape: tuple[int, ...]
    values: tuple[Number, ...]

    @property
    def integers(self) -> tuple[int, ...]:
        return tuple(map(int, self.values))


Fold = Callable[[OnnxNode, Sequence[Known]], Known | None]


def vector(values: Sequence[Number]) -> Known:
    return Known((len(values),), tuple(values))


def known(tensor: Tensor) -> Known | None:
    """A tensor as what is known; None where it is larger than a shape could be."""
    return None if tensor.values is None else Known(tensor.shape, tensor.values)


def integers(node: OnnxNode, name: str, default: tuple[int, ...] = ()) -> tuple[int, ...]:
    """An attribute that is a list of integers."""
    attribute = node.attributes.get(name)
    value = attribute.value if attribute else default
    return value if isinstance(value, tuple) else default


def integer(node: OnnxNode, name: str, default: int = 0) -> int:
    """An attribute that is an integer."""
    attribute = node.attributes.get(name)
    value = attribute.value if attribute else default
    return value if isinstance(value, int) else default


def folded(node: OnnxNode, inputs: Sequence[Known]) -> Known | None:
    """The result of an operator on known tensors; None where it is not one of those here."""
    fold = FOLDS.get(node.operator) if not node.domain else None
    try:
        result = fold(node, inputs) if fold else None
    except (ArithmeticError, IndexError, ValueError, TypeError):
        return None
    if result is None or len(result.values) > VALUES_LIMIT:
        return None
    return result if prod(result.shape) == len(result.values) else None


def _elementwise(operate: Callable[[Number, Number], Number]) -> Fold:
    def fold(node: OnnxNode, inputs: Sequence[Known]) -> Known | None:
        a, b = inputs
        shape = _broadcast(a.shape, b.shape)
        if shape is None or prod(shape) > VALUES_LIMIT:
            return None
        pairs = zip(_spread(a, shape), _spread(b, shape), strict=True)
        return Known(shape, tuple([operate(x, y) for x, y in pairs]))

    return fold


def _broadcast(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...] | None:
    rank = max(len(a), len(b))
    sizes = []
    for x, y in zip((1,) * (rank - len(a)) + a, (1,) * (rank - len(b)) + b, strict=True):
        if x != y and 1 not in (x, y):
            return None
        sizes.append(max(x, y) if 0 not in (x, y) else 0)
    return tuple(sizes)


def _spread(tensor: Known, shape: tuple[int, ...]) -> list[Number]:
    own = (1,) * (len(shape) - len(tensor.shape)) + tensor.shape
    places = product(*(range(size) for size in shape))
    found = []
    for place in places:
        index = 0
        for at, size in zip(place, own, strict=True):
            index = index * size + (at if size > 1 else 0)
        found.append(tensor.values[index])
    return found


def _each(operate: Callable[[Number], Number]) -> Fold:
    def fold(node: OnnxNode, inputs: Sequence[Known]) -> Known | None:
        return Known(inputs[0].shape, tuple(map(operate, inputs[0].values)))

    return fold


def _same(node: OnnxNode, inputs: Sequence[Known]) -> Known | None:
    return inputs[0]


def _cast(node: OnnxNode, inputs: Sequence[Known]) -> Known | None:
    to = integer(node, "to")
    convert: Callable[[Number], Number] = int if to in (2, 3, 4, 5, 6, 7, 9, 12, 13) else float
    return Known(inputs[0].shape, tuple(map(convert, inputs[0].values)))


def _divided(a: Number, b: Number) -> Number:
    """Integers are divided towards zero."""
    if isinstance(a, int) and isinstance(b, int):
        return abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)
    return a / b


def _gather(node: OnnxNode, inputs: Sequence[Known]) -> Known | None:
    data, places = inputs
    if len(data.shape) != 1 or integer(node, "axis") not in (0, -1):
        return None
    return Known(places.shape, tuple([data.values[place] for place in places.integers]))


def _concat(node: OnnxNode, inputs: Sequence[Known]) -> Known | None:
    if any(len(part.shape) != 1 for part in inputs):
        return None
    return vector([value for part in inputs for value in part.values])


def _slice(node: OnnxNode, inputs: Sequence[Known]) -> Known | None:
    data, *rest = inputs
    if len(data.shape) != 1:
        return None
    starts, stops = (part.integers[0] for part in rest[:2])
    step = rest[3].integers[0] if len(rest) > 3 else 1
    return vector(data.values[slice(starts, stops, step)])


def _unsqueeze(node: OnnxNode, inputs: Sequence[Known]) -> Known | None:
    axes = inputs[1].integers if len(inputs) > 1 else integers(node, "axes")
    shape = list(inputs[0].shape)
    rank = len(shape) + len(axes)
    for axis in sorted(axis % rank for axis in axes):
        shape.insert(axis, 1)
    return Known(tuple(shape), inputs[0].values)


def _squeeze(node: OnnxNode, inputs: Sequence[Known]) -> Known | None:
    return Known(tuple(size for size in inputs[0].shape if size != 1), inputs[0].values)


def _reshape(node: OnnxNode, inputs: Sequence[Known]) -> Known | None:
    data, shape = inputs[0], list(inputs[1].integers)
    if -1 in shape:
        shape[shape.index(-1)] = len(data.values) // max(1, abs(prod(shape)))
    return Known(tuple(shape), data.values)


def _filled(node: OnnxNode, inputs: Sequence[Known]) -> Known | None:
    attribute = node.attributes.get("value")
    value = attribute.value if attribute else None
    number = value.values[0] if isinstance(value, Tensor) and value.values else 0.0
    shape = inputs[0].integers
    elements = prod(shape)
    return Known(shape, (number,) * elements) if 0 <= elements <= VALUES_LIMIT else None


def _range(node: OnnxNode, inputs: Sequence[Known]) -> Known | None:
    start, stop, step = (part.integers[0] for part in inputs)
    return (
        vector(range(start, stop, step)) if len(range(start, stop, step)) <= VALUES_LIMIT else None
    )


def _where(node: OnnxNode, inputs: Sequence[Known]) -> Known | None:
    condition, a, b = inputs
    if not condition.shape == a.shape == b.shape:
        return None
    chosen = zip(condition.values, a.values, b.values, strict=True)
    return Known(a.shape, tuple([x if c else y for c, x, y in chosen]))


def _product(node: OnnxNode, inputs: Sequence[Known]) -> Known | None:
    shape = (1,) if integer(node, "keepdims", 1) else ()
    return Known(shape, (prod(inputs[0].values),))


FOLDS: dict[str, Fold] = {
    "Add": _elementwise(lambda a, b: a + b),
    "Sub": _elementwise(lambda a, b: a - b),
    "Mul": _elementwise(lambda a, b: a * b),
    "Div": _elementwise(_divided),
    "Mod": _elementwise(lambda a, b: a % b),
    "Min": _elementwise(min),
    "Max": _elementwise(max),
    "Equal": _elementwise(lambda a, b: int(a == b)),
    "Less": _elementwise(lambda a, b: int(a < b)),
    "Greater": _elementwise(lambda a, b: int(a > b)),
    "Pow": _elementwise(lambda a, b: a**b if abs(b) <= 16 else a / 0),
    "Floor": _each(floor),
    "Ceil": _each(ceil),
    "Neg": _each(lambda a: -a),
    "Not": _each(lambda a: int(not a)),
    "Sqrt": _each(lambda a: a**0.5),
    "Identity": _same,
    "Cast": _cast,
    "Gather": _gather,
    "Concat": _concat,
    "Slice": _slice,
    "Unsqueeze": _unsqueeze,
    "Squeeze": _squeeze,
    "Reshape": _reshape,
    "ConstantOfShape": _filled,
    "Range": _range,
    "Where": _where,
    "ReduceProd": _product,
}
