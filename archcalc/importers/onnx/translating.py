"""An ONNX model as calls of PyTorch's operations, with the shape of every value.

ONNX's operators are PyTorch's under other names, with sizes in other orders: what they come to in
layers of ours is said once, for PyTorch.
"""

from __future__ import annotations

from collections.abc import Sequence

from archcalc.importers.graph import Module, Refused, Unfit, Untranslatable
from archcalc.importers.onnx.folding import Known, folded, vector
from archcalc.importers.onnx.model import OnnxModel, OnnxNode, Tensor
from archcalc.importers.onnx.naming import modules_of
from archcalc.importers.onnx.translation import Operator, Translation
from archcalc.importers.pytorch.traced import Call, Ref, Traced
from archcalc.network.volume import Volume
from archcalc.wording import counted, listed


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
            raise Untranslatable(f"{domain}{node.operator} has no layer type")
        operator(translation, node)
    except Untranslatable as reason:
        translation.reasons.append(Unfit(str(reason), where))
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
