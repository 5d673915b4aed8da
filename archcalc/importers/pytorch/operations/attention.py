"""Attention: as one operation, or as the two products that it is made of."""

from __future__ import annotations

from math import prod
from typing import Any

from archcalc.importers.pytorch.arranging import multiplied
from archcalc.importers.pytorch.layout import CHANNELS, Digit, size_of, whole
from archcalc.importers.pytorch.lowering import NOTHING, Lowering
from archcalc.importers.pytorch.operations.broadcasting import merged
from archcalc.importers.pytorch.operations.pointwise import soft_over
from archcalc.importers.pytorch.operations.spelling import as_value, spelled_out
from archcalc.importers.pytorch.traced import Call, Ref
from archcalc.importers.pytorch.values import Constant, Scores, Tensor, Value
from archcalc.network.network import NOWHERE
from archcalc.record import Record


class HeadLayout(Record):
    """How a query, key or value is divided into heads and windows."""

    node: int
    heads: int
    window: tuple[int, ...] | None
    rolled: tuple[int, ...]
    grid: bool = False


class Unfitting(Exception):
    """A layout that is no attention of ours."""


def _part(lowering: Lowering, value: Value) -> HeadLayout:
    """Positions and channels of a head come last, heads and windows before them."""
    volume = lowering.volume(value.node)
    *lead, positions, channels = value.layout
    before = [digit for dimension in lead for digit in dimension]
    size = size_of(channels)
    heads = volume.channels // size
    wanted = {Digit(CHANNELS, size, heads)} if heads > 1 else set()
    if channels != (whole(CHANNELS, size)) or {d for d in before if d.axis == CHANNELS} != wanted:
        raise Unfitting(f"attention whose heads are no parts of the channels of {volume}")
    outside = {digit for digit in before if digit.axis != CHANNELS}
    if not outside:
        inside = [d for axis, n in enumerate(volume.spatial) for d in whole(axis, n)]
        if list(positions) != inside:
            raise Unfitting(f"attention over {size_of(positions)} views of {volume}")
        return HeadLayout(value.node, heads, None, value.rolled)
    window, spread = [], set[bool]()
    for axis, n in enumerate(volume.spatial):
        own = [digit for digit in positions if digit.axis == axis]
        w = size_of(tuple(own))
        is_grid = 1 < w < n and own[0].stride > 1
        beside = [whole(axis, w), (Digit(axis, w, n // w),) if w < n else ()]
        apart = [(Digit(axis, n // w, w),), (Digit(axis, 1, n // w),)]
        inner, outer = apart if is_grid else beside
        if tuple(own) != inner or not outside.issuperset(outer):
            raise Unfitting("attention over such windows has no layer type")
        if 1 < w < n:
            spread.add(is_grid)
        window.append(w)
    if len(spread) > 1:
        raise Unfitting("attention over windows of a grid on one of the axes")
    return HeadLayout(value.node, heads, tuple(window), value.rolled, True in spread)


def _table(lowering: Lowering, part: HeadLayout, table: Constant | None) -> dict[str, Any]:
    """The key for a table of relative biases; another one is refused.

    Raises:
        Unfitting: where it has another size.
    """
    if table is None:
        return {}
    window = part.window or lowering.volume(part.node).spatial
    wanted = part.heads * prod(2 * w - 1 for w in window)
    has = sum(lowering.traced.parameters[name] for name in table.parameters)
    if has == part.heads * prod(window) != wanted:
        return {"bias_table": True, "symmetric": True}
    if has != wanted:
        raise Unfitting(f"attention with a bias of {has:,} numbers has no layer type")
    return {"bias_table": True}


def attend(lowering: Lowering, call: Call, scores: Scores, values: Value, fused: bool) -> Tensor:
    """One layer where its heads and windows are those of attention; else its products."""
    query, key, value = (_unscaled(lowering, r) for r in (scores.query, scores.key, values))
    table = lowering.results[scores.table] if scores.table else None
    assert table is None or isinstance(table, Constant)
    try:
        q, k, v = (_part(lowering, role) for role in (query, key, value))
        keys = {"heads": q.heads, **_windows(q, k, v), **_table(lowering, q, table)}
        if k.heads != v.heads or q.heads % k.heads:
            raise Unfitting("attention with other heads of keys than of values")
        spatial = {lowering.volume(part.node).spatial for part in (q, k, v)}
        if len(spatial) > 1 and (table or q.window is not None):
            raise Unfitting("attention with a table over other keys than queries")
    except Unfitting:
        spelled = spelled_out(lowering, scores)
        made = multiplied(lowering, call, spelled, values) if spelled else None
        return made or NOTHING
    if k.heads != q.heads:
        keys["kv_heads"] = k.heads
    if fused:
        keys["fused"] = True
    inputs = (q.node,) if q.node == k.node == v.node else (q.node, k.node, v.node)
    node = lowering.emit(call, "attention", inputs, keys, (table,))
    if node == NOWHERE:
        return NOTHING
    return Value(node, _after(lowering, query, node, q.heads), query.rolled)


def _windows(q: HeadLayout, k: HeadLayout, v: HeadLayout) -> dict[str, Any]:
    alike = {(part.window, part.rolled, part.grid) for part in (q, k, v)}
    if len(alike) > 1:
        raise Unfitting("attention whose keys have other windows than its queries")
    if q.window is None:
        if any(q.rolled):
            raise Unfitting("roll outside of windows has no layer type")
        return {}
    keys: dict[str, Any] = {"window": _alike(q.window)}
    if q.grid:
        keys["grid"] = True
    if any(q.rolled):
        keys["shift"] = _alike(tuple(-r % w for r, w in zip(q.rolled, q.window, strict=True)))
    return keys


def _alike(sizes: tuple[int, ...]) -> Any:
    return sizes[0] if len(set(sizes)) == 1 else list(sizes)


def _after(lowering: Lowering, query: Value, node: int, heads: int) -> Any:
    """The layout of a query, with the channels of what came out."""
    size = lowering.volume(node).channels // heads
    *lead, positions, _ = query.layout
    dims = []
    for dimension in lead:
        dims.append(
            tuple(Digit(CHANNELS, size, heads) if d.axis == CHANNELS else d for d in dimension)
        )
    return (*dims, positions, whole(CHANNELS, size))


def _unscaled(lowering: Lowering, value: Value) -> Value:
    """What was scaled by a number: attention scales by itself."""
    if not value.node:
        return value
    operation = lowering.assembly.operation(value.node)
    if operation.layer.type == "scale" and getattr(operation.layer, "by", None) is not None:
        return value._replace(node=operation.inputs[0])
    return value


def scaled_dot_product_attention(lowering: Lowering, call: Call) -> Tensor:
    arguments = call.arguments
    query, key, value = (lowering.tensor(arguments[name]) for name in ("query", "key", "value"))
    if not (isinstance(query, Value) and isinstance(key, Value) and isinstance(value, Value)):
        return lowering.refused(call, "attention of something that is no activation")
    by = arguments.get("scale") or query.shape[-1] ** -0.5
    shape = (*query.shape[:-1], key.shape[-2])
    scores = Scores(call, query, key, shape, by=by)
    mask = arguments.get("attn_mask")
    bias = lowering.tensor(mask) if isinstance(mask, Ref) else None
    if isinstance(bias, Value):
        spelled = spelled_out(lowering, scores)
        wide = call._replace(shapes=(shape,))
        summed = merged(lowering, wide, "add", spelled, bias) if spelled else NOTHING
        soft = soft_over(lowering, call, summed, -1) if isinstance(summed, Value) else NOTHING
        made = multiplied(lowering, call, soft, value) if isinstance(soft, Value) else None
        return made or NOTHING
    scores = scores._replace(is_soft=True)
    if isinstance(mask, Ref) and isinstance(bias, Constant) and bias.parameters:
        scores = scores._replace(table=mask.name)
    return attend(lowering, call, scores, value, True)


def matmul(lowering: Lowering, call: Call) -> Tensor:
    names = ("self", "mat2") if "mat2" in call.arguments else ("self", "other")
    first, second = (lowering.tensor(call.arguments[name]) for name in names)
    if isinstance(first, Scores) and first.is_soft and isinstance(second, Value):
        return attend(lowering, call, first, second, False)
    a, b = (as_value(lowering, call.arguments[name]) for name in names)
    if a is None or b is None:
        return NOTHING
    if min(a.rank, b.rank) < 2:
        return lowering.refused(call, f"{call.operation} of such tensors has no layer type")
    if isinstance(first, Value) and isinstance(second, Value):
        turned = b._replace(layout=(*b.layout[:-2], b.layout[-1], b.layout[-2]))
        if _is_channels(a.layout[-1]) and a.layout[-1] == turned.layout[-1]:
            return Scores(call, a, turned, call.shape)
    return multiplied(lowering, call, a, b) or NOTHING


def einsum(lowering: Lowering, call: Call) -> Tensor:
    """Of two tensors and one letter that is summed: a product of matrices."""
    equation = str(call.arguments["equation"]).replace(" ", "")
    names, _, result = equation.partition("->")
    values = [as_value(lowering, ref) for ref in call.arguments["tensors"]]
    terms = names.split(",")
    if None in values:
        return NOTHING
    gone = set("".join(terms)) - set(result)
    if len(terms) != 2 or len(gone) != 1 or not all(gone <= set(term) for term in terms):
        return lowering.refused(call, f"einsum {equation} has no layer type")
    (letter,) = gone
    first, second = terms
    both = [x for x in result if x in first and x in second]
    rows = [x for x in result if x in first and x not in second]
    columns = [x for x in result if x in second and x not in first]
    a, b = (
        dict(zip(term, value.layout, strict=True))
        for term, value in zip(terms, values, strict=True)
        if value
    )
    left, right = values
    assert left is not None
    assert right is not None
    lead = [a.get(x, ()) for x in [*both, *rows[:-1], *columns[:-1]]]
    others = [b.get(x, ()) for x in [*both, *rows[:-1], *columns[:-1]]]
    last, final = rows[-1:] or [""], columns[-1:] or [""]
    made = multiplied(
        lowering,
        call,
        left._replace(layout=(*lead, a.get(last[0], ()), a[letter])),
        right._replace(layout=(*others, b[letter], b.get(final[0], ()))),
    )
    if made is None:
        return NOTHING
    found = [*both, *rows[:-1], *columns[:-1], last[0], final[0]]
    layout = dict(zip(found, made.layout, strict=True))
    return made._replace(layout=tuple(layout[x] for x in result))


def _is_channels(dimension: tuple[Digit, ...]) -> bool:
    return bool(dimension) and all(digit.axis == CHANNELS for digit in dimension)


TABLE = {
    "scaled_dot_product_attention": scaled_dot_product_attention,
    "matmul": matmul,
    "bmm": matmul,
    "einsum": einsum,
}
