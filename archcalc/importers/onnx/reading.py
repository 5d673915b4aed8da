"""The bytes of an ONNX file as a model."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from struct import calcsize, iter_unpack

from archcalc.importers.onnx.model import (
    NODES_LIMIT,
    VALUES_LIMIT,
    Attribute,
    Function,
    OnnxModel,
    OnnxNode,
    Tensor,
)
from archcalc.importers.onnx.wire import (
    Data,
    Malformed,
    fields,
    message,
    number,
    numbers,
    real,
    text,
)

RANK_LIMIT = 8
LIST_LIMIT = 10_000  # integers of an attribute
INTEGERS = {6: "<i", 7: "<q", 12: "<I", 13: "<Q", 2: "<B", 3: "<b", 5: "<h", 9: "<?"}
REALS = {1: "<f", 11: "<d"}


def read_model(data: Data) -> OnnxModel:
    """The model in the bytes of a file.

    Raises:
        Malformed: where they are none, or larger than the limits.
    """
    producer, opset = "", 0
    graph: _Graph | None = None
    functions = {}
    budget = _Budget()
    for field, _, value in fields(data):
        if field == 2:
            producer = text(value)
        elif field == 7:
            graph = _Graph(message(value), budget)
        elif field == 8:
            domain, version = _opset(message(value))
            opset = version if domain in ("", "ai.onnx") else opset
        elif field == 25:
            function = _function(message(value), budget)
            functions[function.domain, function.name] = function
    if graph is None or not opset:
        raise Malformed("it has no graph")
    return OnnxModel(
        producer,
        opset,
        graph.name,
        tuple(graph.nodes),
        graph.initializers,
        {name: s for name, s in graph.inputs.items() if name not in graph.initializers},
        tuple(graph.outputs),
        functions,
    )


class _Budget:
    """How many nodes may still come."""

    def __init__(self) -> None:
        self.left = NODES_LIMIT

    def spend(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Malformed(f"it has more than {NODES_LIMIT:,} nodes")


class _Graph:
    def __init__(self, data: Data, budget: _Budget) -> None:
        self.name = ""
        self.nodes: list[OnnxNode] = []
        self.initializers: dict[str, Tensor] = {}
        self.inputs: dict[str, tuple[int | None, ...]] = {}
        self.outputs: list[str] = []
        for field, _, value in fields(data):
            if field == 1:
                budget.spend()
                self.nodes.append(_node(message(value)))
            elif field == 2:
                self.name = text(value)
            elif field == 5:
                budget.spend()
                tensor = _tensor(message(value))
                self.initializers[tensor.name] = tensor
            elif field == 11:
                name, shape = _typed(message(value))
                self.inputs[name] = shape
            elif field == 12:
                self.outputs.append(_typed(message(value))[0])
            elif field == 15:
                raise Malformed("it has sparse weights, which nothing here reads")


def _opset(data: Data) -> tuple[str, int]:
    domain, version = "", 0
    for field, _, value in fields(data):
        if field == 1:
            domain = text(value)
        elif field == 2:
            version = number(value)
    return domain, version


def _node(data: Data) -> OnnxNode:
    inputs, outputs, attributes, metadata = [], [], {}, {}
    name = operator = domain = ""
    for field, _, value in fields(data):
        if field == 1:
            inputs.append(text(value))
        elif field == 2:
            outputs.append(text(value))
        elif field == 3:
            name = text(value)
        elif field == 4:
            operator = text(value)
        elif field == 5:
            attribute = _attribute(message(value))
            attributes[attribute.name] = attribute
        elif field == 7:
            domain = text(value)
        elif field == 9:
            key, noted = _pair(message(value))
            metadata[key] = noted
        if max(len(inputs), len(outputs), len(attributes)) > LIST_LIMIT:
            raise Malformed(f"a node with more than {LIST_LIMIT:,} values")
    domain = "" if domain == "ai.onnx" else domain
    return OnnxNode(operator, domain, name, tuple(inputs), tuple(outputs), attributes, metadata)


def _pair(data: Data) -> tuple[str, str]:
    key = value = ""
    for field, _, item in fields(data):
        if field == 1:
            key = text(item)
        elif field == 2:
            value = text(item)
    return key, value


def _attribute(data: Data) -> Attribute:
    name = reference = ""
    value: object = None
    integers: list[int] = []
    floats: list[float] = []
    graph = False
    for field, kind, item in fields(data):
        if field == 1:
            name = text(item)
        elif field == 2:
            value = real(kind, item)
        elif field == 3:
            value = number(item)
        elif field == 4:
            value = text(item)
        elif field == 5:
            value = _tensor(message(item))
        elif field in (6, 11):
            graph = True
        elif field == 7:
            floats.extend(islice(_reals(kind, item), LIST_LIMIT + 1))
        elif field == 8:
            integers.extend(islice(numbers(kind, item), LIST_LIMIT + 1))
        elif field == 21:
            reference = text(item)
        if max(len(integers), len(floats)) > LIST_LIMIT:
            raise Malformed(f"an attribute of more than {LIST_LIMIT:,} numbers")
    if value is None:
        value = tuple(integers or floats)
    return Attribute(name, value, reference, graph)


def _reals(kind: int, item: Data | int) -> Iterator[float]:
    """Floats of 32 bits, packed or one by one; of many, those that show that they are too many."""
    data = message(item)
    if len(data) % 4:
        raise Malformed("floats of uneven length")
    data = data[: 4 * (LIST_LIMIT + 1)]
    assert isinstance(data, memoryview)
    return (float(value) for (value,) in iter_unpack("<f", data))


def _tensor(data: Data) -> Tensor:
    dims: list[int] = []
    name, kind_of, external = "", 0, False
    raw: Data | None = None
    written: list[int | float] = []
    for field, kind, value in fields(data):
        if field == 1:
            dims.extend(islice(numbers(kind, value), RANK_LIMIT + 1))
        elif field == 2:
            kind_of = number(value)
        elif field == 4:
            written.extend(islice(_reals(kind, value), VALUES_LIMIT + 1))
        elif field in (5, 7, 11):
            written.extend(islice(numbers(kind, value), VALUES_LIMIT + 1))
        elif field == 8:
            name = text(value)
        elif field == 9:
            raw = message(value)
        elif field == 14:
            external = number(value) == 1
    if len(dims) > RANK_LIMIT or any(not 0 <= size < 2**40 for size in dims):
        raise Malformed(f"a tensor of shape {dims[:RANK_LIMIT]}")
    is_real = kind_of not in INTEGERS
    elements = 1
    for size in dims:
        elements *= size
    values = None
    if elements <= VALUES_LIMIT and not external:
        values = _values(raw, kind_of, elements) if raw is not None else tuple(written)
        if values is None or len(values) != elements:
            values = None
    return Tensor(name, tuple(dims), values, is_real)


def _values(raw: Data, kind: int, elements: int) -> tuple[int | float, ...] | None:
    form = INTEGERS.get(kind) or REALS.get(kind)
    if form is None or not isinstance(raw, memoryview) or len(raw) != elements * calcsize(form):
        return None
    return tuple(value for (value,) in iter_unpack(form, raw))


def _typed(data: Data) -> tuple[str, tuple[int | None, ...]]:
    """Name and shape of an input or output; an open size is None."""
    name = ""
    shape: list[int | None] = []
    for field, _, value in fields(data):
        if field == 1:
            name = text(value)
        elif field == 2:
            shape = _shape(message(value))
    return name, tuple(shape)


def _shape(data: Data) -> list[int | None]:
    """type > tensor_type > shape > dim > dim_value."""
    for field, _, tensor in fields(data):
        if field != 1:
            continue
        for part, _, shape in fields(message(tensor)):
            if part == 2:
                return [_size(message(d)) for at, _, d in fields(message(shape)) if at == 1]
    return []


def _size(data: Data) -> int | None:
    for field, _, value in fields(data):
        if field == 1:
            return number(value)
    return None


def _function(data: Data, budget: _Budget) -> Function:
    name = domain = ""
    inputs, outputs, nodes = [], [], []
    for field, _, value in fields(data):
        if field == 1:
            name = text(value)
        elif field == 4:
            inputs.append(text(value))
        elif field == 5:
            outputs.append(text(value))
        elif field == 7:
            budget.spend()
            nodes.append(_node(message(value)))
        elif field == 10:
            domain = text(value)
    return Function(name, domain, tuple(inputs), tuple(outputs), tuple(nodes))
