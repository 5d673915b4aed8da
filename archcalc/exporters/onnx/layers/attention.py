"""Attention and products of activations, written out in ONNX's operators."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod, sqrt
from typing import Any

from archcalc.exporters.onnx.body import GraphBody, NodeSite
from archcalc.exporters.onnx.layers.merging import positions
from archcalc.exporters.onnx.layers.windows import Emit
from archcalc.network.layers.attention import PackedAttention
from archcalc.network.layers.checks import per_axis
from archcalc.network.volume import Volume

HIDDEN = -100.0  # what is added to scores of keys that a query does not see


def matmul(body: GraphBody, site: NodeSite, layer: Any) -> str:
    """Positions are rows; with heads, a product for each part of the channels."""
    a, b = (
        _heads(body, name, volume, layer.heads)
        for name, volume in zip(site.inputs, site.shape.inputs, strict=False)
    )
    if layer.transpose:
        b = body.transposed(b, [0, 1, 3, 2])
    return _joined(body, body.add("MatMul", [a, b]), site)


def _heads(body: GraphBody, x: str, volume: Volume, heads: int) -> str:
    """Heads, then positions, then the channels of a head."""
    rows = positions(body, x, volume.spatial, volume.channels)
    parts = body.reshaped(rows, [1, volume.positions, heads, volume.channels // heads])
    return body.transposed(parts, [0, 2, 1, 3])


def _joined(body: GraphBody, x: str, site: NodeSite) -> str:
    """Heads back side by side in the channels, and the channels in front."""
    output = site.shape.output
    rows = body.transposed(x, [0, 2, 1, 3])
    rank = len(output.spatial)
    maps = body.reshaped(rows, [1, *output.spatial, output.channels])
    return body.transposed(maps, [0, rank + 1, *range(1, rank + 1)])


def attention(body: GraphBody, site: NodeSite, layer: Any) -> str:
    roles = layer.roles(site.shape.inputs)
    names: Sequence[str] = site.inputs
    if isinstance(layer, PackedAttention):
        names, start = [], 0
        for role in roles:
            names.append(body.sliced(site.x, 1, start, start + role.channels))
            start += role.channels
    elif len(names) == 1:
        names = [site.x] * 3
    heads = (layer.heads, layer.groups, layer.groups)
    if layer.window is None:
        parts = [_heads(body, *part) for part in zip(names, roles, heads, strict=True)]
    else:
        parts = [_windows(body, layer, *part) for part in zip(names, roles, heads, strict=True)]
    query, key, value = parts
    if layer.groups != layer.heads:
        key, value = (
            _repeated(body, part, layer, role)
            for part, role in ((key, roles.key), (value, roles.value))
        )
    size = roles.query.channels // layer.heads
    scores = body.add("MatMul", [query, body.transposed(key, [0, 1, 3, 2])])
    scores = body.add("Div", [scores, body.number(sqrt(size))])
    if layer.bias_table:
        scores = body.add("Add", [scores, _biases(body, layer, roles.query)])
    if layer.window is not None and layer.shift:
        scores = body.add("Add", [scores, _mask(body, layer, roles.query)])
    made = body.add("MatMul", [body.add("Softmax", [scores], axis=-1), value])
    return (
        _joined(body, made, site) if layer.window is None else _unwindowed(body, made, site, layer)
    )


def _repeated(body: GraphBody, x: str, layer: Any, role: Volume) -> str:
    """A head of keys for each of the queries that share it."""
    times, size = layer.heads // layer.groups, role.channels // layer.groups
    n = role.positions
    parts = body.reshaped(x, [1, layer.groups, 1, n, size])
    spread = body.add("Expand", [parts, body.integers([1, layer.groups, times, n, size])])
    return body.reshaped(spread, [1, layer.heads, n, size])


def _cut(layer: Any, volume: Volume) -> tuple[list[int], list[int], list[int]]:
    """Per axis: how many windows, their size, and by how much they are shifted."""
    sizes = list(layer.sizes(volume))
    shifts = list(per_axis(layer.shift, volume, "shift"))
    counts = [n // w for n, w in zip(volume.spatial, sizes, strict=True)]
    return counts, sizes, shifts


def _rolled(body: GraphBody, x: str, volume: Volume, shifts: Sequence[int]) -> str:
    """The rows of every axis moved to the front, the first ones behind the last."""
    for axis, (size, shift) in enumerate(zip(volume.spatial, shifts, strict=True), 2):
        if shift % size:
            cut = shift % size
            parts = [body.sliced(x, axis, cut, size), body.sliced(x, axis, 0, cut)]
            x = body.add("Concat", parts, axis=axis)
    return x


def _windows(body: GraphBody, layer: Any, x: str, volume: Volume, heads: int) -> str:
    """Windows as the batch, then heads, the positions of a window, the channels of a head."""
    counts, sizes, shifts = _cut(layer, volume)
    rank, size = len(counts), volume.channels // heads
    rolled = _rolled(body, x, volume, shifts)
    pairs = zip(sizes, counts, strict=True) if layer.grid else zip(counts, sizes, strict=True)
    parts = body.reshaped(rolled, [heads, size, *(part for pair in pairs for part in pair)])
    outer, inner = range(2, 2 + 2 * rank, 2), range(3, 3 + 2 * rank, 2)
    order = [*inner, 0, *outer, 1] if layer.grid else [*outer, 0, *inner, 1]
    return body.reshaped(body.transposed(parts, order), [prod(counts), heads, prod(sizes), size])


def _unwindowed(body: GraphBody, x: str, site: NodeSite, layer: Any) -> str:
    output = site.shape.output
    counts, sizes, shifts = _cut(layer, output)
    rank, size = len(counts), output.channels // layer.heads
    parts = body.reshaped(x, [*counts, layer.heads, *sizes, size])
    order = [rank, 2 * rank + 1]
    for axis in range(rank):
        pair = [axis, rank + 1 + axis]
        order += pair[::-1] if layer.grid else pair
    maps = body.reshaped(body.transposed(parts, order), site.output)
    return _rolled(body, maps, output, [-shift for shift in shifts])


def _places(sizes: Sequence[int]) -> list[tuple[int, ...]]:
    """The positions of a window in order."""
    found: list[tuple[int, ...]] = [()]
    for size in sizes:
        found = [(*place, at) for place in found for at in range(size)]
    return found


def _biases(body: GraphBody, layer: Any, volume: Volume) -> str:
    """For every pair of positions the number of their offset or distance, for each head."""
    sizes = list(layer.sizes(volume))
    numbers = sizes if layer.symmetric else [2 * size - 1 for size in sizes]
    table = body.weight("bias_table", prod(numbers), layer.heads)
    places = _places(sizes)
    index = []
    for mine in places:
        for other in places:
            row = 0
            for size, a, b in zip(sizes, mine, other, strict=True):
                if layer.symmetric:
                    row = row * size + abs(a - b)
                else:
                    row = row * (2 * size - 1) + a - b + size - 1
            index.append(row)
    n = len(places)
    rows = body.add("Gather", [table, body.integers(index)], axis=0)
    return body.transposed(body.reshaped(rows, [1, n, n, layer.heads]), [0, 3, 1, 2])


def _mask(body: GraphBody, layer: Any, volume: Volume) -> str:
    """Windows at the end hold rows of both ends, which do not see each other."""
    counts, sizes, shifts = _cut(layer, volume)
    regions = [0]
    for n, w, s in zip(volume.spatial, sizes, shifts, strict=True):
        own = [0 if at < n - w else 1 if at < n - s else 2 for at in range(n)]
        regions = [3 * before + one for before in regions for one in (own if s else [0] * n)]
    cut = [part for pair in zip(counts, sizes, strict=True) for part in pair]
    rank = len(counts)
    parts = body.reshaped(body.integers(regions, list(volume.spatial)), cut)
    order = [*range(0, 2 * rank, 2), *range(1, 2 * rank, 2)]
    grid = body.transposed(parts, order)
    mine = body.reshaped(grid, [prod(counts), 1, prod(sizes), 1])
    other = body.reshaped(grid, [prod(counts), 1, 1, prod(sizes)])
    same = body.add("Equal", [mine, other])
    return body.add("Where", [same, body.number(0), body.number(HIDDEN)])


EMITS: dict[str, Emit] = {"matmul": matmul, "attention": attention}
