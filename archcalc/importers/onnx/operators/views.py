"""Operators that show the same elements in another shape or order."""

from __future__ import annotations

from math import prod

from archcalc.importers.graph import Untranslatable
from archcalc.importers.onnx.folding import integer, integers
from archcalc.importers.onnx.model import OnnxNode
from archcalc.importers.onnx.translation import Operator, Shape, Translation
from archcalc.importers.pytorch.traced import Ref


def same(t: Translation, node: OnnxNode) -> None:
    t.alias(node, node.inputs[0])


def _viewed(t: Translation, node: OnnxNode, shape: Shape) -> None:
    arguments = {"self": t.ref(node.inputs[0]), "size": list(shape)}
    t.call(node, "view", shape, arguments)


def reshape(t: Translation, node: OnnxNode) -> None:
    shape = t.shape(node.inputs[0])
    wanted = list(t.integers(node.inputs[1]))
    if not integer(node, "allowzero"):
        wanted = [shape[at] if size == 0 else size for at, size in enumerate(wanted)]
    if -1 in wanted:
        at = wanted.index(-1)
        wanted[at] = 1
        wanted[at] = prod(shape) // prod(wanted)
    if prod(wanted) != prod(shape):
        raise Untranslatable(f"Reshape of {prod(shape):,} elements into {prod(wanted):,}")
    _viewed(t, node, tuple(wanted))


def flatten(t: Translation, node: OnnxNode) -> None:
    shape = t.shape(node.inputs[0])
    axis = integer(node, "axis", 1)
    axis = axis + len(shape) if axis < 0 else axis
    _viewed(t, node, (prod(shape[:axis]), prod(shape[axis:])))


def _axes(t: Translation, node: OnnxNode) -> tuple[int, ...]:
    if len(node.inputs) > 1 and node.inputs[1]:
        return t.integers(node.inputs[1])
    return integers(node, "axes")


def squeeze(t: Translation, node: OnnxNode) -> None:
    shape = t.shape(node.inputs[0])
    axes = {axis % len(shape) for axis in _axes(t, node)}
    axes = axes or {at for at, size in enumerate(shape) if size == 1}
    _viewed(t, node, tuple(size for at, size in enumerate(shape) if at not in axes))


def unsqueeze(t: Translation, node: OnnxNode) -> None:
    shape, axes = list(t.shape(node.inputs[0])), _axes(t, node)
    rank = len(shape) + len(axes)
    for axis in sorted(axis % rank for axis in axes):
        shape.insert(axis, 1)
    _viewed(t, node, tuple(shape))


def transpose(t: Translation, node: OnnxNode) -> None:
    shape = t.shape(node.inputs[0])
    order = list(integers(node, "perm")) or list(range(len(shape)))[::-1]
    made = tuple(shape[at] for at in order)
    if t.is_stored(node.inputs[0]) and order == [1, 0]:
        t.turned[node.outputs[0]] = t.name(node.inputs[0])
        t.shapes[node.outputs[0]] = made
        return
    t.call(node, "permute", made, {"self": t.ref(node.inputs[0]), "dims": order})


def expand(t: Translation, node: OnnxNode) -> None:
    shape, wanted = t.shape(node.inputs[0]), t.integers(node.inputs[1])
    rank = max(len(shape), len(wanted))
    own = (1,) * (rank - len(shape)) + shape
    other = (1,) * (rank - len(wanted)) + wanted
    made = tuple(b if a == 1 else a for a, b in zip(own, other, strict=True))
    if made == shape:
        t.alias(node, node.inputs[0])
        return
    if made[-len(shape) :] != shape:
        raise Untranslatable("Expand of a size has no layer type")
    t.call(node, "expand", made, {"self": t.ref(node.inputs[0]), "size": list(made)})


def concat(t: Translation, node: OnnxNode) -> None:
    halves = [t.makers[value] for value in node.inputs if value in t.makers]
    if len(halves) == 2 and all(_half_of(t, half) is node for half in halves):
        if _rolled(t, node, halves):
            return
        for half in halves:
            _sliced(t, half)
    shapes = [t.shape(value) for value in node.inputs]
    axis = integer(node, "axis") % len(shapes[0])
    made = list(shapes[0])
    made[axis] = sum(shape[axis] for shape in shapes)
    tensors = [t.ref(value) for value in node.inputs]
    t.call(node, "cat", tuple(made), {"tensors": tensors, "dim": axis})


def split(t: Translation, node: OnnxNode) -> None:
    x, *rest = node.inputs
    shape = t.shape(x)
    axis = integer(node, "axis") % len(shape)
    if rest and rest[0]:
        sizes = list(t.integers(rest[0]))
    elif "split" in node.attributes:
        sizes = list(integers(node, "split"))
    else:
        each = -(-shape[axis] // len(node.outputs))
        sizes = [each] * (len(node.outputs) - 1)
        sizes.append(shape[axis] - sum(sizes))
    start = 0
    for at, size in enumerate(sizes):
        _slice(t, node, x, axis, start, start + size, 1, at)
        start += size


def _slice(
    t: Translation,
    node: OnnxNode,
    x: str,
    axis: int,
    start: int,
    stop: int,
    step: int,
    output: int = 0,
) -> None:
    shape = list(t.shape(x))
    shape[axis] = len(range(start, stop, step))
    arguments = {"self": t.ref(x), "dim": axis, "start": start, "end": stop, "step": step}
    t.call(node, "slice", tuple(shape), arguments, output)


Cut = tuple[int, int, int, int]


def _cuts(t: Translation, node: OnnxNode) -> list[Cut]:
    """The axes that are cut, with start, stop and step."""
    x, *rest = node.inputs
    shape = t.shape(x)
    if rest:
        starts, stops = t.integers(rest[0]), t.integers(rest[1])
        axes = t.integers(rest[2]) if len(rest) > 2 and rest[2] else tuple(range(len(starts)))
        steps = t.integers(rest[3]) if len(rest) > 3 and rest[3] else (1,) * len(axes)
    else:
        starts, stops = integers(node, "starts"), integers(node, "ends")
        axes = integers(node, "axes", tuple(range(len(starts))))
        steps = (1,) * len(axes)
    cuts: list[Cut] = []
    for start, stop, axis, step in zip(starts, stops, axes, steps, strict=True):
        if step < 1:
            raise Untranslatable("Slice in reverse order has no layer type")
        place = axis % len(shape)
        cuts.append((place, *slice(start, stop, step).indices(shape[place])))
    return [cut for cut in cuts if cut[1:] != (0, shape[cut[0]], 1)]


def slice_(t: Translation, node: OnnxNode) -> None:
    """What may be half of a rotation is left to the Concat that reads it."""
    if _half_of(t, node) is None:
        _sliced(t, node)


def _sliced(t: Translation, node: OnnxNode) -> None:
    """A slice for each of the axes, one on the other."""
    x, cuts = node.inputs[0], _cuts(t, node)
    if not cuts:
        t.alias(node, x)
        return
    for axis, start, stop, step in cuts[:-1]:
        sized = list(t.shape(x))
        sized[axis] = len(range(start, stop, step))
        arguments = {"self": t.ref(x), "dim": axis, "start": start, "end": stop, "step": step}
        x = t.between(node, "slice", tuple(sized), arguments)
    axis, start, stop, step = cuts[-1]
    _slice(t, node, x, axis, start, stop, step)


def _half_of(t: Translation, node: OnnxNode) -> OnnxNode | None:
    """The Concat of two slices of one tensor, of which a node is one and read nowhere else."""
    reader = t.only_reader(node.outputs[0]) if node.operator == "Slice" else None
    if reader is None or reader.operator != "Concat" or len(reader.inputs) != 2:
        return None
    halves = [t.makers.get(value) for value in reader.inputs]
    sources = {
        t.name(half.inputs[0])
        for half in halves
        if half and half.operator == "Slice" and t.only_reader(half.outputs[0]) is reader
    }
    are_two = halves[0] is not halves[1] and all(h and h.operator == "Slice" for h in halves)
    return reader if are_two and len(sources) == 1 else None


def _rolled(t: Translation, node: OnnxNode, halves: list[OnnxNode]) -> bool:
    """Whether the rows behind a place come first, and then those before it; it is a call then."""
    x = halves[0].inputs[0]
    shape, (first, second) = t.shape(x), (_cuts(t, half) for half in halves)
    axis = integer(node, "axis") % len(shape)
    if len(first) != 1 or len(second) != 1:
        return False
    at = first[0][1]
    if first[0] != (axis, at, shape[axis], 1) or second[0] != (axis, 0, at, 1):
        return False
    shift = -at if 2 * at <= shape[axis] else shape[axis] - at
    t.call(node, "roll", shape, {"self": t.ref(x), "shifts": [shift], "dims": [axis]})
    return True


def gather(t: Translation, node: OnnxNode) -> None:
    """One row, by an index that is a number; several of what is stored."""
    x, index = node.inputs
    shape = t.shape(x)
    axis = integer(node, "axis") % len(shape)
    at = t.number(index)
    if at is None and t.is_stored(x) and t.is_stored(index):
        rows = (*shape[:axis], *t.shape(index), *shape[axis + 1 :])
        places = [*[None] * axis, t.ref(index)]
        t.call(node, "index", rows, {"self": t.ref(x), "indices": places})
        return
    if at is None:
        raise Untranslatable("Gather of several rows has no layer type")
    made = shape[:axis] + shape[axis + 1 :]
    t.call(node, "select", made, {"self": t.ref(x), "dim": axis, "index": int(at)})
    if t.shape(index):
        name = node.outputs[0]
        t.calls[-1] = t.calls[-1]._replace(name=f"{name}/row")
        t.shapes[f"{name}/row"] = made
        full = (*shape[:axis], 1, *shape[axis + 1 :])
        t.call(node, "view", full, {"self": Ref(f"{name}/row"), "size": list(full)})


OPERATORS: dict[str, Operator] = {
    **dict.fromkeys(("Identity", "Cast", "CastLike"), same),
    "Reshape": reshape,
    "Flatten": flatten,
    "Squeeze": squeeze,
    "Unsqueeze": unsqueeze,
    "Transpose": transpose,
    "Expand": expand,
    "Concat": concat,
    "Split": split,
    "Slice": slice_,
    "Gather": gather,
}
