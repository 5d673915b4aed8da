"""The recurrence of the receptive field with its numbers, for each axis of an input."""

from __future__ import annotations

from archcalc.analysis.analysis import Analysis, LayerAnalysis
from archcalc.network.following import Following
from archcalc.network.receptive_field import Field, ReceptiveField
from archcalc.views.explanation.base import Section, together
from archcalc.views.inputs import seen

Fields = tuple[Field, ...]


def receptive_field(analysis: Analysis, layer: LayerAnalysis) -> Section | None:
    """How a field follows from the one below; None if the input has no spatial axis."""
    axes = analysis.seen.axis_names
    if not axes:
        return None
    lines = _merge(analysis, layer) if layer.layer.merges else _path(analysis, layer, axes)
    if layer.field.is_global:
        whole = "x".join(map(str, analysis.seen.spatial))
        lines.append(("", f"every output sees the whole input, {whole}"))
    if not layer.field.aligned:
        lines.append(("", "paths with other strides or centres are merged: start is output 0's"))
    return Section(f"Receptive field, in rows of {seen(analysis)}", lines)


def _path(analysis: Analysis, layer: LayerAnalysis, axes: tuple[str, ...]) -> list[tuple[str, str]]:
    if layer.field.reads_nothing:
        return [("", "none: it does not depend on the input")]
    below = _below(analysis, layer)[0].axes
    reach, result = layer.costs.reach, layer.field.axes
    if reach is None or below is None or result is None:
        return []
    if not reach:
        return [("", f"as below: {shown(result, ', ')}")]
    if not all(_regular(field) for field in (*reach, *below, *result)):
        return _periodic(reach, below, result, axes)
    steps = zip(axes, reach, below, result, strict=True)
    rows = [(axis, _recurrence(*fields)) for axis, *fields in steps]
    return [
        line
        for index, quantity in enumerate(("size", "stride", "start"))
        for line in _labelled(quantity, [(axis, texts[index]) for axis, texts in rows])
    ]


def _regular(field: Field) -> bool:
    return len(field.spans) == 1 and field.start is not None


def _recurrence(reach: Field, below: Field, result: Field) -> tuple[str, str, str]:
    """Size, stride and start: what is below has r, j and start, the window is D(F - 1) + 1 rows.

    r + (window - 1) j, S j and start - P_before j.
    """
    first = _signed(reach.start or 0)
    return (
        f"size + (window - 1) x stride, of what is below = "
        f"{below.size} + ({reach.size} - 1) x {below.stride} = {result.size}",
        f"S x stride below = {reach.stride} x {below.stride} = {result.stride}",
        f"start below - P_before x stride below = "
        f"{below.start} {first} x {below.stride} = {result.start}",
    )


def _signed(number: int) -> str:
    return f"- {-number}" if number <= 0 else f"+ {number}"


def _periodic(
    reach: Fields, below: Fields, result: Fields, axes: tuple[str, ...]
) -> list[tuple[str, str]]:
    """The fields involved, where neighbouring outputs see fields of different sizes."""
    lines = []
    for label, fields in (("this layer alone", reach), ("below", below), ("together", result)):
        lines += _labelled(label, [(axis, _of(f)) for axis, f in zip(axes, fields, strict=True)])
    return lines


def _labelled(label: str, lines: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """A single line if all axes agree, otherwise one per axis."""
    joined = together(lines)
    return [(f"{label}, {axis}" if len(joined) > 1 else label, text) for axis, text in joined]


def _of(field: Field) -> str:
    if not field.size:
        return "nothing"
    start = "none" if field.start is None else field.start
    period = f", repeating every {len(field.spans)} outputs" if len(field.spans) > 1 else ""
    return f"size {field.size}, stride {field.stride}, start {start}{period}"


def shown(fields: Fields, between: str = " and ") -> str:
    return between.join(dict.fromkeys(map(_of, fields)))


def _merge(analysis: Analysis, layer: LayerAnalysis) -> list[tuple[str, str]]:
    lines = []
    paths = zip(layer.inputs, _below(analysis, layer), layer.costs.reaches, strict=True)
    for name, below, reach in paths:
        path = Following().through(reach, below)
        lines.append((name, shown(path.axes) if path.axes else "the whole input"))
    if layer.field.axes is not None:
        lines.append(("union", shown(layer.field.axes)))
    return lines


def _below(analysis: Analysis, layer: LayerAnalysis) -> list[ReceptiveField]:
    """The fields of the layer's inputs; an input sees itself."""
    return [analysis.nodes[index].field for index in layer.node.inputs]
