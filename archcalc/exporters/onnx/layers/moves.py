"""Elements moved to other places, sums along an axis, and fixed numbers as ONNX's operators."""

from __future__ import annotations

from math import prod
from typing import Any

from archcalc.exporters.onnx.body import GraphBody, NodeSite
from archcalc.exporters.onnx.layers.channels import first, last
from archcalc.exporters.onnx.layers.windows import Emit
from archcalc.network.layers.axes import place_of
from archcalc.network.layers.checks import per_axis
from archcalc.network.order import order_of


def rearrange(body: GraphBody, site: NodeSite, layer: Any) -> str:
    """The channels last, as the order has them, cut and moved."""
    order = order_of(layer.order)
    sizes = order.sized(site.read)
    before = [part for axis in order.before for part in axis]
    places = [1 + before.index(part) for axis in order.after for part in axis]
    rows = last(body, site.x, site.rank)
    moved = body.transposed(
        body.reshaped(rows, [1, *(sizes[part] for part in before)]), [0, *places]
    )
    result = [prod(sizes[part] for part in axis) for axis in order.after]
    return first(body, body.reshaped(moved, [1, *result]), len(result) - 1)


def roll(body: GraphBody, site: NodeSite, layer: Any) -> str:
    y = site.x
    for axis, rows in enumerate(per_axis(layer.shift, site.read, "shift")):
        size = site.read.spatial[axis]
        if rows % size:
            cut = size - rows % size
            parts = [body.sliced(y, axis + 2, cut, size), body.sliced(y, axis + 2, 0, cut)]
            y = body.add("Concat", parts, axis=axis + 2)
    return y if y != site.x else body.add("Identity", [y])


def gather(body: GraphBody, site: NodeSite, layer: Any) -> str:
    """The places are numbers, which the file does not have, as it has no weights."""
    sizes = site.shape.output.spatial
    places = body.integers([0] * prod(sizes), sizes)
    return body.add("Gather", [site.x, places], axis=2)


def constant(body: GraphBody, site: NodeSite, layer: Any) -> str:
    return body.add("Identity", [body.weight("numbers", *site.output)])


def reduce_sum(body: GraphBody, site: NodeSite, layer: Any) -> str:
    place = place_of(layer.axis, site.read)
    axes = body.integers([1 if place is None else place + 2])
    return body.add("ReduceSum", [site.x, axes], keepdims=1)


def response_norm(body: GraphBody, site: NodeSite, layer: Any) -> str:
    axes = list(range(2, 2 + site.rank))
    lengths = body.add("ReduceL2", [site.x], axes=axes, keepdims=1)
    mean = body.add("ReduceMean", [lengths], axes=[1], keepdims=1)
    y = body.add("Mul", [site.x, body.add("Div", [lengths, mean])])
    if layer.affine:
        y = body.add("Mul", [y, body.weight("weight", *site.per_channel())])
        y = body.add("Add", [y, body.weight("bias", *site.per_channel())])
    return body.add("Add", [site.x, y])


def rotary(body: GraphBody, site: NodeSite, layer: Any) -> str:
    raise ValueError("rotary is not exported to ONNX: its pairs and angles are not in the file")


EMITS: dict[str, Emit] = {
    "rearrange": rearrange,
    "roll": roll,
    "gather": gather,
    "constant": constant,
    "reduce_sum": reduce_sum,
    "grn": response_norm,
    "rotary": rotary,
}
