"""A model on its way to calls: what is known of its values, and what its operators add."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

from archcalc.importers.graph import Unfit, Untranslatable
from archcalc.importers.onnx.folding import Known, known
from archcalc.importers.onnx.functions import inlined
from archcalc.importers.onnx.model import OnnxModel, OnnxNode, Tensor
from archcalc.importers.onnx.naming import modules_by_weight, modules_of
from archcalc.importers.pytorch.traced import Call, Ref, Stored

Shape = tuple[int, ...]
INPUT = "input"
Operator = Callable[["Translation", OnnxNode], None]


class Translation:
    """The nodes translated so far: shapes, what is known of small tensors, calls, weights."""

    def __init__(self, model: OnnxModel) -> None:
        self.model = model
        self.nodes = inlined(model)
        self.shapes: dict[str, Shape] = {}
        self.known: dict[str, Known] = {}
        self.calls: list[Call] = []
        self.stored: dict[str, Stored] = {}
        self.sizes: dict[str, int] = {}
        self.aliases: dict[str, str] = {}
        self.reasons: list[Unfit] = []
        self.hidden: set[str] = set()
        self.notes: list[str] = []
        self.uses: dict[str, int] = {}
        self.turned: dict[str, str] = {}
        self.readers: dict[str, list[OnnxNode]] = {}
        self.makers: dict[str, OnnxNode] = {}
        for node in self.nodes:
            self.makers.update(dict.fromkeys(node.outputs, node))
            for value in node.inputs:
                self.readers.setdefault(value, []).append(node)
        self.skipped: set[int] = set()
        for tensor in model.initializers.values():
            self.constant(tensor.name, tensor)

    # What operators read.

    def name(self, value: str) -> str:
        """A value under the name that it had first."""
        while value in self.aliases:
            value = self.aliases[value]
        return value

    def shape(self, value: str) -> Shape:
        """The shape of a value.

        Raises:
            Untranslatable: where it is not known.
        """
        name = self.name(value)
        if name not in self.shapes:
            raise Untranslatable("it reads what is not known")
        return self.shapes[name]

    def integers(self, value: str) -> tuple[int, ...]:
        """A shape, axes or sizes that an operator reads.

        Raises:
            Untranslatable: where they depend on what runs.
        """
        name = self.name(value)
        if name not in self.known:
            raise Untranslatable("sizes that are computed from activations")
        return self.known[name].integers

    def number(self, value: str) -> int | float | None:
        """The number that a tensor of one element is; None for others, and for parameters."""
        name = self.name(value)
        found = self.known.get(name)
        if found is None or len(found.values) != 1 or _is_parameter(name):
            return None
        return found.values[0]

    def operand(self, value: str) -> Any:
        """A number, or a reference to a tensor."""
        number = self.number(value)
        return self.ref(value) if number is None else number

    def ref(self, value: str) -> Ref:
        """A tensor: one that is stored is taken from there."""
        name = self.name(value)
        if name in self.model.initializers or name in self.known:
            self.store(name)
        return Ref(name)

    def is_stored(self, value: str) -> bool:
        """Whether a value is there before anything runs."""
        name = self.name(value)
        return name in self.model.initializers or name in self.known or name in self.stored

    # What they make.

    def constant(self, name: str, tensor: Tensor) -> None:
        self.shapes[name] = tensor.shape
        found = known(tensor)
        if found:
            self.known[name] = found

    def store(self, name: str, shape: Shape | None = None, place: str = "") -> None:
        """A tensor among those that the model stores, under its own name or another."""
        place = place or name
        sized = self.shapes[name] if shape is None else shape
        tensor = self.model.initializers.get(name)
        is_parameter = tensor is None or tensor.is_real
        self.stored.setdefault(place, Stored(place, sized, is_parameter))
        if is_parameter:
            self.sizes.setdefault(place, prod(sized))

    def statistics(self, value: str) -> Ref:
        """A tensor that is stored and no parameter."""
        place = f"{self.name(value)}/statistics"
        self.stored[place] = Stored(place, self.shape(value), False)
        return Ref(place)

    def weights(self, *values: str, turned: bool = False) -> list[Ref | None]:
        """The weights of a layer, the kernel first; one that is left out is None.

        Exporters make one tensor of those that are equal, such as biases of zeros, so each use
        counts; where a kernel is used again, the layer shares the weights of the first.
        """
        kernel = self.name(values[0])
        shared = self.uses.get(kernel, 0) and len(self.shapes[kernel]) > 1
        use = 0 if shared else self.uses.get(kernel, 0)
        if not shared:
            self.uses[kernel] = use + 1
        found: list[Ref | None] = []
        for value in values:
            if not value:
                found.append(None)
                continue
            name = self.name(value)
            if not self.is_stored(name):
                raise Untranslatable("weights that are computed")
            shape = self.shapes[name]
            turn = turned and name == kernel
            place = f"{kernel}/{name}/{use}"
            self.store(name, shape[::-1] if turn else shape, place)
            found.append(Ref(place))
        return found

    def call(
        self,
        node: OnnxNode,
        operation: str,
        shape: Shape,
        arguments: dict[str, Any],
        output: int = 0,
    ) -> str:
        """A call whose result is an output of the node."""
        return self._call(node.outputs[output], node, operation, shape, arguments)

    def between(
        self, node: OnnxNode, operation: str, shape: Shape, arguments: dict[str, Any]
    ) -> str:
        """A call on the way to an output of the node."""
        name = f"{node.outputs[0]}/{len(self.calls)}"
        return self._call(name, node, operation, shape, arguments)

    def _call(
        self, name: str, node: OnnxNode, operation: str, shape: Shape, arguments: dict[str, Any]
    ) -> str:
        weight = arguments.get("weight")
        kernel = weight.name.split("/")[0] if isinstance(weight, Ref) else ""
        modules = modules_by_weight(kernel, node) if kernel else modules_of(node)
        self.calls.append(Call(name, operation, arguments, (shape,), modules))
        self.shapes[name] = shape
        return name

    def alias(self, node: OnnxNode, value: str, output: int = 0) -> None:
        """An output that is a value as it is."""
        self.aliases[node.outputs[output]] = self.name(value)

    def only_reader(self, value: str) -> OnnxNode | None:
        """The node that reads a value, where it is one."""
        readers = self.readers.get(value, [])
        is_output = value in self.model.outputs
        return readers[0] if len(readers) == 1 and not is_output else None

    def skip(self, node: OnnxNode) -> None:
        """Says that a node was translated with one before it."""
        self.skipped.add(id(node))


def _is_parameter(name: str) -> bool:
    """Whether a name is that of a module's parameter, and not of a number in the code."""
    return "." in name and "/" not in name and not name.startswith("onnx::")
