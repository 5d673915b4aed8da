"""From calls of PyTorch's operations to layers of ours."""

from __future__ import annotations

from math import prod

from archcalc.importers.graph import Graph
from archcalc.importers.pytorch.lowering import NOTHING, Lowering, Result
from archcalc.importers.pytorch.operations import OPERATIONS, PRODUCTS, of_constants, of_module
from archcalc.importers.pytorch.operations.broadcasting import merged
from archcalc.importers.pytorch.operations.merging import scaled
from archcalc.importers.pytorch.operations.slicing import spelled_phase
from archcalc.importers.pytorch.operations.spelling import as_value
from archcalc.importers.pytorch.operations.views import SAME, VIEWED
from archcalc.importers.pytorch.traced import Call, Ref, Traced, refs
from archcalc.importers.pytorch.values import (
    Constant,
    Negative,
    Nothing,
    Phase,
    Scores,
    Swung,
    Value,
)
from archcalc.network.volume import Volume


def lowered(traced: Traced, name: str, input: Volume) -> Graph:
    """The flat graph of a traced module.

    Raises:
        Refused: for every operation that no layer of ours is.
    """
    lowering = Lowering(traced, name, input, applied)
    inside: set[str] = set()
    for call in traced.calls:
        if call.name in inside:
            continue
        swallowed = of_module(lowering, call)
        if swallowed:
            inside |= swallowed
            continue
        arguments = [lowering.tensor(ref) for ref in refs(call)]
        if any(isinstance(argument, Nothing) for argument in arguments):
            lowering.results[call.name] = NOTHING
            continue
        result = of_constants(call, arguments)
        if result is None:
            result = applied(lowering, call)
        lowering.results[call.name] = result
        if call.in_place:
            _overwrite(lowering, call, result)
    return lowering.graph(_outputs(lowering))


def applied(lowering: Lowering, call: Call) -> Result:
    """What a call gives, whose arguments are known."""
    if call.operation.startswith("_assert"):
        return NOTHING
    apply = OPERATIONS.get(call.operation)
    if apply is None:
        return lowering.refused(call, f"{call.operation} has no layer type")
    if not _spell_out(lowering, call):
        return NOTHING
    return _agreed(lowering, call, apply(lowering, call))


def _spell_out(lowering: Lowering, call: Call) -> bool:
    """Makes layers of scores, and of computed tensors, where a call reads them otherwise than
    as attention does.
    """
    for ref in refs(call):
        tensor = lowering.tensor(ref)
        if isinstance(tensor, Phase | Negative | Swung) and not _may_wait(call, tensor):
            lowering.results[ref.name] = _made(lowering, call, tensor) or NOTHING
            if lowering.results[ref.name] is NOTHING:
                return False
        is_read = (isinstance(tensor, Scores) and not _may_stay(lowering, call, tensor)) or (
            isinstance(tensor, Constant) and _is_read(lowering, call, tensor)
        )
        if is_read:
            value = as_value(lowering, ref)
            if value is None:
                return False
            lowering.results[ref.name] = value
    return True


def _may_wait(call: Call, tensor: Phase | Negative | Swung) -> bool:
    """Whether it may still become a part of a rotation, or of patches that are merged."""
    if isinstance(tensor, Phase):
        return call.operation in ("cat", "stack", "slice", "neg")
    if isinstance(tensor, Negative):
        return call.operation in ("cat", "stack")
    return call.operation == "add"


def _made(lowering: Lowering, call: Call, tensor: Phase | Negative | Swung) -> Value | None:
    """The layers that it is, where it is no such part."""
    if isinstance(tensor, Phase):
        return spelled_phase(lowering, call, tensor)
    if isinstance(tensor, Negative):
        value = tensor.value
        read = value if isinstance(value, Value) else spelled_phase(lowering, call, value)
        made: Result = scaled(lowering, tensor.call, read, -1) if read else NOTHING
    else:
        fixed = [r for r in refs(tensor.call) if isinstance(lowering.tensor(r), Constant)]
        numbers = as_value(lowering, fixed[0]) if fixed else None
        known = numbers is not None and isinstance(tensor.value, Value)
        made = (
            merged(lowering, tensor.call, "multiply", tensor.value, numbers)  # type: ignore[arg-type]
            if known
            else NOTHING
        )
    return made if isinstance(made, Value) else None


def _may_stay(lowering: Lowering, call: Call, scores: Scores) -> bool:
    """Whether scores are only scaled, masked, viewed, biased once or brought to a sum of 1."""
    operation, arguments = call.operation, call.arguments
    if operation in SAME or operation == "dropout":
        return True
    if operation in VIEWED:
        return call.shape[-2:] == scores.shape[-2:]
    if operation == "softmax":
        return bool(arguments["dim"] % len(scores.shape) == len(scores.shape) - 1)
    if operation in ("matmul", "bmm"):
        return scores.is_soft and lowering.tensor(arguments["self"]) is scores
    if operation not in ("add", "mul", "div") or scores.is_soft:
        return False
    others = [lowering.tensor(ref) for ref in refs(call)]
    constants = [other for other in others if isinstance(other, Constant)]
    if len(constants) + 1 < len(others):
        return False
    if not any(constant.parameters for constant in constants):
        return True
    return operation == "add" and not scores.table


def _is_read(lowering: Lowering, call: Call, constant: Constant) -> bool:
    """Whether a constant is read as an activation is."""
    if call.operation in PRODUCTS:
        read = call.arguments.get("input", call.arguments.get("self"))
        return isinstance(read, Ref) and lowering.tensor(read) is constant
    others = [lowering.tensor(ref) for ref in refs(call)]
    has_scores = any(isinstance(other, Scores) for other in others)
    if call.operation not in ("add", "sub", "mul", "div") or has_scores:
        return False
    if call.operation == "mul" and not constant.parameters:
        return False  # perhaps half a rotation
    return not constant.plain and (bool(constant.parameters) or prod(constant.shape) > 1)


def _agreed(lowering: Lowering, call: Call, result: Result) -> Result:
    """A result whose shape is the traced one; a difference is refused, never passed on."""
    if (
        isinstance(result, Value)
        and not call.operation.startswith("expand")
        and result.shape != call.shape
    ):
        ours, traced = ("x".join(map(str, s)) for s in (result.shape, call.shape))
        return lowering.refused(call, f"{call.operation} gives {traced}, a layer of ours {ours}")
    return result


def _overwrite(lowering: Lowering, call: Call, result: Result) -> None:
    """Whatever shows the tensor that was written to shows the result from here on."""
    first = next(iter(refs(call)), None)
    before = lowering.tensor(first) if first else None
    if first is None or not isinstance(before, Value) or not isinstance(result, Value):
        return
    for name, value in lowering.results.items():
        if isinstance(value, Value) and value.node == before.node and name != call.name:
            lowering.results[name] = value._replace(node=result.node)


def _outputs(lowering: Lowering) -> list[int]:
    outputs = []
    for name in lowering.traced.outputs:
        value = lowering.results.get(name, NOTHING)
        if isinstance(value, Value):
            outputs.append(value.node)
        elif isinstance(value, Scores | Constant | Phase):
            lowering.assembly.refuse(
                f"an output that is no activation: {type(value).__name__}", name
            )
    return list(dict.fromkeys(outputs))
