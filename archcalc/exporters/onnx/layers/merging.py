"""Merges, views and changes of size as ONNX's operators."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from archcalc.exporters.onnx.body import GraphBody, NodeSite
from archcalc.exporters.onnx.layers.channels import last
from archcalc.exporters.onnx.layers.windows import Emit, shuffled
from archcalc.network.layers.axes import place_of


def merge(operator: str) -> Emit:
    def emit(body: GraphBody, site: NodeSite, layer: Any) -> str:
        """The first two, then each further one; a vector is spread over the positions."""
        rank = len(site.shape.output.spatial)
        values = []
        for name, volume in zip(site.inputs, site.shape.inputs, strict=False):
            missing = rank - len(volume.spatial)
            shape = (1, volume.channels, *volume.spatial, *(1,) * missing)
            values.append(body.reshaped(name, shape) if missing else name)
        y, *rest = values
        if not rest:
            return body.add("Identity", [y])
        for value in rest:
            y = body.add(operator, [y, value])
        return y

    return emit


def concat(body: GraphBody, site: NodeSite, layer: Any) -> str:
    place = place_of(layer.axis, site.read)
    return body.add("Concat", site.inputs, axis=1 if place is None else place + 2)


def dropout(body: GraphBody, site: NodeSite, layer: Any) -> str:
    return body.add("Dropout", [site.x, body.number(float(layer.rate))])


def reshape(body: GraphBody, site: NodeSite, layer: Any) -> str:
    return body.reshaped(site.x, site.output)


def slice_(body: GraphBody, site: NodeSite, layer: Any) -> str:
    place = place_of(layer.axis, site.read)
    if layer.groups > 1:
        sizes = list(site.read.spatial)
        parts = body.reshaped(site.x, [1, layer.groups, -1, *sizes])
        cut = body.sliced(parts, 2, layer.start, layer.stop, layer.step)
        return body.reshaped(cut, [1, site.shape.output.channels, *sizes])
    axis = 1 if place is None else place + 2
    return body.sliced(site.x, axis, layer.start, layer.stop, layer.step)


MODES = {"zeros": "constant", "ones": "constant", "reflect": "reflect", "replicate": "edge"}


def pad(body: GraphBody, site: NodeSite, layer: Any) -> str:
    before, after = [0, 0], [0, 0]
    if layer.channels:
        before[1], after[1] = layer.channels
    axes = zip(site.read.spatial, _before(site, layer), site.shape.output.spatial, strict=True)
    for size, lead, made in axes:
        before.append(lead)
        after.append(made - size - lead)
    pads = [body.integers([*before, *after])]
    if layer.mode == "ones":
        pads.append(body.number(1))
    return body.add("Pad", [site.x, *pads], mode=MODES[layer.mode])


def _before(site: NodeSite, layer: Any) -> list[int]:
    """The rows in front of each axis, which the receptive field starts before."""
    reach = layer.reach(site.shape)
    if not reach:
        return [0] * site.rank
    return [-field.spans[0][0] for field in reach]


def crop(body: GraphBody, site: NodeSite, layer: Any) -> str:
    y = site.x
    axes = zip(layer.reach(site.shape), site.shape.output.spatial, strict=True)
    for axis, (field, size) in enumerate(axes, 2):
        start = field.spans[0][0]
        if size != site.read.spatial[axis - 2]:
            y = body.sliced(y, axis, start, start + size)
    return y if y != site.x else body.add("Identity", [y])


def upsample(body: GraphBody, site: NodeSite, layer: Any) -> str:
    sizes = body.integers(site.output)
    how: dict[str, Any] = {"mode": layer.mode}
    if layer.mode == "nearest":
        how["coordinate_transformation_mode"] = "asymmetric"
        how["nearest_mode"] = "floor"
    return body.add("Resize", [site.x, "", "", sizes], **how)


def pixel_shuffle(body: GraphBody, site: NodeSite, layer: Any) -> str:
    n, channels, *_ = site.output
    rank, scale = site.rank, layer.scale
    parts = body.reshaped(site.x, [n, channels, *(scale,) * rank, *site.read.spatial])
    order = [0, 1]
    for axis in range(rank):
        order += [2 + rank + axis, 2 + axis]
    return body.reshaped(body.transposed(parts, order), site.output)


def space_to_depth(body: GraphBody, site: NodeSite, layer: Any) -> str:
    rank, scale = site.rank, layer.scale
    cut = [part for size in site.read.spatial for part in (size // scale, scale)]
    parts = body.reshaped(site.x, [1, site.channels, *cut])
    order = [0, 1, *(3 + 2 * axis for axis in range(rank)), *(2 + 2 * axis for axis in range(rank))]
    return body.reshaped(body.transposed(parts, order), site.output)


def channel_shuffle(body: GraphBody, site: NodeSite, layer: Any) -> str:
    return shuffled(body, site.x, layer.groups, site.output)


def transpose(body: GraphBody, site: NodeSite, layer: Any) -> str:
    return body.transposed(site.x, [0, 2, 1])


def parameter(body: GraphBody, site: NodeSite, layer: Any) -> str:
    return body.add("Identity", [body.weight("weight", *site.output)])


def embedding(body: GraphBody, site: NodeSite, layer: Any) -> str:
    """Indices are floats where they come from a layer."""
    indices = body.add("Cast", [site.x], to=7)
    if site.rank:
        indices = body.reshaped(indices, [1, *site.read.spatial])
    table = body.weight("weight", layer.entries, layer.channels)
    rows = body.add("Gather", [table, indices], axis=0)
    rank = len(site.output) - 2
    return body.transposed(rows, [0, rank + 1, *range(1, rank + 1)])


def positions(body: GraphBody, x: str, spatial: Sequence[int], channels: int) -> str:
    """A map as rows of channels, one for each position."""
    rows = last(body, x, len(spatial))
    count = 1
    for size in spatial:
        count *= size
    return body.reshaped(rows, [1, count, channels])


EMITS: dict[str, Emit] = {
    "add": merge("Add"),
    "subtract": merge("Sub"),
    "multiply": merge("Mul"),
    "divide": merge("Div"),
    "concat": concat,
    "dropout": dropout,
    "flatten": reshape,
    "reshape": reshape,
    "slice": slice_,
    "pad": pad,
    "crop": crop,
    "upsample": upsample,
    "pixel_shuffle": pixel_shuffle,
    "space_to_depth": space_to_depth,
    "channel_shuffle": channel_shuffle,
    "transpose": transpose,
    "parameter": parameter,
    "embedding": embedding,
}
