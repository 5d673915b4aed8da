"""Operators that show the same elements in another shape or order."""

from __future__ import annotations

from math import prod

from archcalc.importers.onnx.folding import integer, integers
from archcalc.importers.onnx.model import Node
from archcalc.importers.onnx.translating import Operator, Shape, Translation, Unsaid
from archcalc.importers.pytorch.traced import Ref


def same(t: Translation, node: Node) -> None:
    t.alias(node, node.inputs[0])


def _viewed(t: Translation, node: Node, shape: Shape) -> None:
    arguments = {"self": t.ref(node.inputs[0]), "size": list(shape)}
    t.call(node, "view", shape, arguments)


def reshape(t: Translation, node: Node) -> None:
    shape = t.shape(node.inputs[0])
    wanted = list(t.integers(node.inputs[1]))
    if not integer(node, "allowzero"):
        wanted = [shape[at] if size == 0 else size for at, size in enumerate(wanted)]
    if -1 in wanted:
        at = wanted.index(-1)
        wanted[at] = 1
        wanted[at] = prod(shape) // prod(wanted)
    if prod(wanted) != prod(shape):
        raise Unsaid(f"Reshape of {prod(shape):,} elements into {prod(wanted):,}")
    _viewed(t, node, tuple(wanted))


def flatten(t: Translation, node: Node) -> None:
    shape = t.shape(node.inputs[0])
    axis = integer(node, "axis", 1)
    axis = axis + len(shape) if axis < 0 else axis
    _viewed(t, node, (prod(shape[:axis]), prod(shape[axis:])))


def _axes(t: Translation, node: Node) -> tuple[int, ...]:
    if len(node.inputs) > 1 and node.inputs[1]:
        return t.integers(node.inputs[1])
    return integers(node, "axes")


def squeeze(t: Translation, node: Node) -> None:
    shape = t.shape(node.inputs[0])
    axes = {axis % len(shape) for axis in _axes(t, node)}
    axes = axes or {at for at, size in enumerate(shape) if size == 1}
    _viewed(t, node, tuple(size for at, size in enumerate(shape) if at not in axes))


def unsqueeze(t: Translation, node: Node) -> None:
    shape, axes = list(t.shape(node.inputs[0])), _axes(t, node)
    rank = len(shape) + len(axes)
    for axis in sorted(axis % rank for axis in axes):
        shape.insert(axis, 1)
    _viewed(t, node, tuple(shape))


def transpose(t: Translation, node: Node) -> None:
    shape = t.shape(node.inputs[0])
    order = list(integers(node, "perm")) or list(range(len(shape)))[::-1]
    made = tuple(shape[at] for at in order)
    if t.is_stored(node.inputs[0]) and order == [1, 0]:
        t.turned[node.outputs[0]] = t.name(node.inputs[0])
        t.shapes[node.outputs[0]] = made
        return
    t.call(node, "permute", made, {"self": t.ref(node.inputs[0]), "dims": order})


def expand(t: Translation, node: Node) -> None:
    shape, wanted = t.shape(node.inputs[0]), t.integers(node.inputs[1])
    rank = max(len(shape), len(wanted))
    own = (1,) * (rank - len(shape)) + shape
    other = (1,) * (rank - len(wanted)) + wanted
    made = tuple(b if a == 1 else a for a, b in zip(own, other, strict=True))
    if made == shape:
        t.alias(node, node.inputs[0])
        return
    if made[-len(shape) :] != shape:
        raise Unsaid("Expand of a size has no layer type")
    t.call(node, "expand", made, {"self": t.ref(node.inputs[0]), "size": list(made)})


def concat(t: Translation, node: Node) -> None:
    shapes = [t.shape(value) for value in node.inputs]
    axis = integer(node, "axis") % len(shapes[0])
    made = list(shapes[0])
    made[axis] = sum(shape[axis] for shape in shapes)
    tensors = [t.ref(value) for value in node.inputs]
    t.call(node, "cat", tuple(made), {"tensors": tensors, "dim": axis})


def split(t: Translation, node: Node) -> None:
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
    t: Translation, node: Node, x: str, axis: int, start: int, stop: int, step: int, output: int = 0
) -> None:
    shape = list(t.shape(x))
    shape[axis] = len(range(start, stop, step))
    arguments = {"self": t.ref(x), "dim": axis, "start": start, "end": stop, "step": step}
    t.call(node, "slice", tuple(shape), arguments, output)


def slice_(t: Translation, node: Node) -> None:
    """A slice for each of the axes, one on the other."""
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
    cuts = []
    for start, stop, axis, step in zip(starts, stops, axes, steps, strict=True):
        if step < 1:
            raise Unsaid("Slice in reverse order has no layer type")
        place = axis % len(shape)
        cuts.append((place, *slice(start, stop, step).indices(shape[place])))
    cuts = [cut for cut in cuts if cut[1:] != (0, shape[cut[0]], 1)]
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


def gather(t: Translation, node: Node) -> None:
    """One row, by an index that is a number."""
    x, index = node.inputs
    shape = t.shape(x)
    axis = integer(node, "axis") % len(shape)
    at = t.number(index)
    if at is None:
        raise Unsaid("Gather of several rows has no layer type")
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
