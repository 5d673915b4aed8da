"""The per-layer table with stages as sections, and the receptive fields."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archcalc.analysis.analysis import Analysis, LayerAnalysis
from archcalc.renderers.markup import code, escaped, table
from archcalc.views.columns import COLUMNS, Column, written
from archcalc.views.outline import Part, outline
from archcalc.views.rows import Row, rows
from archcalc.views.stages import stages
from archcalc.wording import exact, share

SECTIONS = 24
COUNTS = ("output", "params", "macs", "activation_bytes", "receptive_field")
LEGEND = (
    "The window is kernel/stride, and padding, dilation and groups where there are any; **!** "
    "marks a stride that does not divide."
)


def section(analysis: Analysis) -> list[str]:
    """A table per stage; one table where there are more stages than a reader would follow."""
    lines = ["", "## Layers", "", LEGEND]
    staged, found = stages(analysis), rows(analysis)
    if not 1 < len(staged) <= SECTIONS:
        return [*lines, "", *_table(found)]
    for number, stage in enumerate(staged, 1):
        lines += ["", f"### Stage {number}: {escaped(stage.title)}, {stage.resolution}"]
        lines += ["", _sums(analysis, stage.layers(analysis))]
        lines += ["", *_table(found[stage.parts[0].start - 1 : stage.parts[-1].stop - 1])]
    return lines


def _sums(analysis: Analysis, layers: Sequence[LayerAnalysis]) -> str:
    params, macs = sum(x.params for x in layers), sum(x.macs for x in layers)
    return (
        f"{exact(params)} params ({share(params, analysis.totals.params)}), {exact(macs)} MACs "
        f"({share(macs, analysis.totals.macs)})"
    )


def _table(shown: Sequence[Row]) -> list[str]:
    chosen = [COLUMNS[name] for name in COUNTS]
    headings = [("name", False), ("type", False), ("window", False)]
    headings += [(column.heading, column.numeric) for column in chosen]
    return table(headings, (_cells(row, chosen) for row in shown))


def _cells(row: Row, chosen: Sequence[Column]) -> list[str]:
    mark = " **!**" if _text("flags", row) else ""
    cells = [code(_text("name", row)), escaped(_text("type", row)), f"{_window(row)}{mark}"]
    counts = ((written(column.value(row), exact), column.numeric) for column in chosen)
    return [*cells, *(text if numeric else escaped(text) for text, numeric in counts)]


def _window(row: Row) -> str:
    """``11/4``, ``3, pad 1``, ``3, dilation 2, 4 groups``: what differs from the plain window."""
    kernel = _text("kernel", row)
    if not kernel:
        return ""
    stride, padding = _text("stride", row), _text("padding", row)
    dilation, groups = _text("dilation", row), _text("groups", row)
    parts = [
        f"{kernel}{'' if stride == '1' else f'/{stride}'}",
        "" if padding == "0" else f"pad {padding}",
        "" if dilation == "1" else f"dilation {dilation}",
        "" if groups in ("", "1") else f"{groups} groups",
    ]
    return ", ".join(part for part in parts if part)


def _text(name: str, row: Row) -> str:
    return written(COLUMNS[name].value(row), exact)


def fields(analysis: Analysis) -> list[str]:
    """Size, stride and start of the field after each part of the outline."""
    if not analysis.input.spatial:
        return []
    headings = [("after", False), ("size", True), ("stride", True), ("start", True),
                ("of the input", True)]  # fmt: skip
    found = rows(analysis)
    cells: list[list[str]] = []
    for part in outline(analysis):
        name, *field = _field(analysis, part, found)
        if not cells or cells[-1][1:] != field:
            cells.append([name, *field])
    lines = ["", "## Receptive fields", "", *_sentences(analysis)]
    return [*lines, "", "Where it changes:", "", *table(headings, cells)]


def _field(analysis: Analysis, part: Part, found: Sequence[Row]) -> list[str]:
    last = part.last(analysis)
    row = found[part.last_index - 1]  # the input is a node, and no row
    steps = [_text(name, row) for name in ("field_stride", "field_start")]
    axes = last.field.axes
    seen = share(axes[0].size, analysis.input.spatial[0]) if axes else ""
    whole = "100%" if last.field.is_global else seen
    return [code(part.path), escaped(_text("receptive_field", row)), *steps, whole]


def _sentences(analysis: Analysis) -> Iterator[str]:
    axis, size = analysis.input.axis_names[0], analysis.input.spatial[0]
    yield (
        "Rows of the network's input that an output sees: the size, the step from one output to "
        "the next, and the first row that output 0 sees (negative in the padding)."
    )
    yield from _largest(analysis)
    outgrown = next(
        (x for x in analysis.layers if x.field.axes and x.field.axes[0].size > size), None
    )
    if outgrown is not None and outgrown.field.axes is not None:
        seen = outgrown.field.axes[0].size
        yield f"It outgrows the {axis} of {size:,} at {code(outgrown.name)}, with {seen:,}."
    whole = next((x for x in analysis.layers if x.field.is_global), None)
    if whole is not None:
        yield f"From {code(whole.name)} on, every output sees the whole input."
    if any(not layer.field.aligned for layer in analysis.layers):
        yield "Marked ~: paths with other strides or centres meet, and start is output 0's."


def _largest(analysis: Analysis) -> Iterator[str]:
    known = [(x.field.axes[0].size, -i) for i, x in enumerate(analysis.layers) if x.field.axes]
    if known:
        largest, place = max(known)
        name = code(analysis.layers[-place].name)
        yield f"The largest local field has {largest:,} rows, first at {name}."
