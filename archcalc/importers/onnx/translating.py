"""An ONNX model as calls of PyTorch's operations, with the shape of every value.

ONNX's operators are PyTorch's under other names, with sizes in other orders: what they come to in
layers of ours is said once, for PyTorch.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any

from archcalc.importers.graph import Module, Refused, Unfit
from archcalc.importers.onnx.folding import Known, folded, known, vector
from archcalc.importers.onnx.functions import inlined
from archcalc.importers.onnx.model import OnnxModel, OnnxNode, Tensor
from archcalc.importers.onnx.naming import modules_by_weight, modules_of
from archcalc.importers.pytorch.traced import Call, Ref, Stored, Traced
from archcalc.network.volume import Volume
from archcalc.wording import counted, listed

Shape = tuple[int, ...]
INPUT = "input"

Operator = Callable[["Translation", OnnxNode], None]


class Unsaid(Exception):
    """An operator that has no counterpart, or not with these attributes."""


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
            Unsaid: where it is not known.
        """
        name = self.name(value)
        if name not in self.shapes:
            raise Unsaid("it reads what is not known")
        return self.shapes[name]

    def integers(self, value: str) -> tuple[int, ...]:
        """A shape, axes or sizes that an operator reads.

        Raises:
            Unsaid: where they depend on what runs.
        """
        name = self.name(value)
        if name not in self.known:
            raise Unsaid("sizes that are computed from activations")
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
                raise Unsaid("weights that are computed")
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


def translated(
    model: OnnxModel, input: Volume | None, operators: dict[str, Operator]
) -> tuple[Traced, Volume]:
    """The calls of a model, and its input.

    Raises:
        Malformed: where its functions have no end.
        Refused: where an operator has no counterpart, or a size is open.
    """
    translation = Translation(model)
    volume, first = _input(translation, input)
    for node in translation.nodes:
        if id(node) not in translation.skipped:
            _translate(translation, node, operators)
    if translation.reasons:
        raise Refused(translation.reasons)
    folded_norms = sum(map(_has_folded_norm, translation.nodes))
    if folded_norms:
        translation.notes.append(
            f"the exporter folded batch norms into {counted(folded_norms, 'convolution')}: their "
            "parameters are biases here"
        )
    outputs = tuple(map(translation.name, model.outputs))
    traced = Traced(
        first,
        translation.stored,
        tuple(translation.calls),
        outputs,
        translation.sizes,
        notes=tuple(dict.fromkeys(translation.notes)),
    )
    return traced, volume


def _has_folded_norm(node: OnnxNode) -> bool:
    """Whether a convolution's kernel was made anew: it then has a number and no name."""
    if node.operator != "Conv" or len(node.inputs) < 2:
        return False
    rules = node.metadata.get("pkg.onnxscript.rewriter.rule_name", "")
    return node.inputs[1].startswith("onnx::") or "FuseBatchNorm" in rules


def _translate(translation: Translation, node: OnnxNode, operators: dict[str, Operator]) -> None:
    values = [translation.name(value) for value in node.inputs if value]
    if any(value in translation.hidden for value in values):
        translation.hidden.update(node.outputs)
        return
    where = ".".join(module.name for module in modules_of(node)) or node.name or node.operator
    try:
        if _is_known(translation, node, values):
            return
        operator = operators.get(node.operator) if not node.domain else None
        if operator is None or any(a.graph for a in node.attributes.values()):
            domain = f"{node.domain}." if node.domain else ""
            raise Unsaid(f"{domain}{node.operator} has no layer type")
        operator(translation, node)
    except Unsaid as unsaid:
        translation.reasons.append(Unfit(str(unsaid), where))
        translation.hidden.update(node.outputs)
    except (IndexError, KeyError, TypeError, ValueError, ZeroDivisionError):
        fact = f"{node.operator} with attributes or inputs that it cannot have"
        translation.reasons.append(Unfit(fact, where))
        translation.hidden.update(node.outputs)


def _is_known(translation: Translation, node: OnnxNode, values: Sequence[str]) -> bool:
    """Whether the result is a small tensor of numbers, which is noted."""
    if node.operator == "Shape" and values and values[0] in translation.shapes:
        result: Known | None = vector(translation.shapes[values[0]])
    elif values and all(value in translation.known for value in values):
        result = folded(node, [translation.known[value] for value in values])
    elif node.operator == "Constant":
        return _noted(translation, node)
    else:
        result = None
    if result is None or len(node.outputs) != 1:
        return False
    translation.known[node.outputs[0]] = result
    translation.shapes[node.outputs[0]] = result.shape
    return True


def _noted(translation: Translation, node: OnnxNode) -> bool:
    """The tensor or numbers of a Constant."""
    attribute = next(iter(node.attributes.values()), None)
    value = attribute.value if attribute else None
    (output,) = node.outputs
    if isinstance(value, Tensor):
        translation.constant(output, value)
        translation.model.initializers.setdefault(output, value)  # type: ignore[attr-defined]
        return True
    if isinstance(value, int | float):
        translation.known[output] = Known((), (value,))
    elif isinstance(value, tuple):
        translation.known[output] = vector(value)
    else:
        return False
    translation.shapes[output] = translation.known[output].shape
    return True


def _input(translation: Translation, given: Volume | None) -> tuple[Volume, str]:
    """The input's volume, and the name of the value that has the channels first.

    Raises:
        Refused: where there are several inputs, or a size is open.
    """
    inputs = translation.model.inputs
    if len(inputs) != 1:
        fact = f"it has {counted(len(inputs), 'input')}: {listed(list(inputs))}"
        raise Refused([Unfit(fact if inputs else "it has no input", "input")])
    ((name, shape),) = inputs.items()
    if len(shape) < 2 or len(shape) > 5:
        raise Refused([Unfit(f"an input of {len(shape)} dimensions", name)])
    if shape[0] not in (None, 1) and (shape[0] or 0) > 1:
        fact = f"it is exported for a batch of {shape[0]}: a batch of 1 or an open one is needed"
        raise Refused([Unfit(fact, name)])
    last = _is_channels_last(translation, name)
    sizes = shape[1:] if not last else (shape[-1], *shape[1:-1])
    if given is not None:
        wanted = (given.channels, *given.spatial)
        if len(wanted) != len(sizes) or any(
            s not in (None, w) for s, w in zip(sizes, wanted, strict=True)
        ):
            fixed = "x".join("?" if s is None else str(s) for s in (*sizes[1:], sizes[0]))
            raise Refused([Unfit(f"it is exported for an input of {fixed}", name)])
        sizes = wanted
    if any(size is None or size < 1 for size in sizes):
        fact = "a size of its input is open: state one with --input"
        raise Refused([Unfit(fact, name)])
    channels, *spatial = [size for size in sizes if size is not None]
    volume = Volume(channels, tuple(spatial))
    translation.shapes[name] = (1, channels, *spatial)
    if not last:
        return volume, name
    order = [0, *range(2, len(sizes) + 1), 1]
    shown = (1, *spatial, channels)
    first = f"{name}/channels first"
    translation.shapes[name] = shown
    translation.calls.append(
        Call(name, "permute", {"self": Ref(first), "dims": order}, (shown,), (Module("input"),))
    )
    return volume, first


def _is_channels_last(translation: Translation, name: str) -> bool:
    """Whether all that reads the input first brings its channels, which are last, to the front."""
    readers = translation.readers.get(name, [])
    return bool(readers) and all(
        node.operator == "Transpose"
        and (perm := node.attributes.get("perm")) is not None
        and isinstance(perm.value, tuple)
        and perm.value[1:2] == (len(perm.value) - 1,)
        for node in readers
    )
