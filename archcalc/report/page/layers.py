"""The per-layer table with stages as sections, and the receptive fields."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archcalc.analysis import Analysis, LayerAnalysis
from archcalc.report.columns import COLUMNS, DEFAULT, Column, written
from archcalc.report.markdown import escaped
from archcalc.report.markup import code, table
from archcalc.report.numbers import exact
from archcalc.report.outline import Part, outline
from archcalc.report.ratio import share
from archcalc.report.rows import Row, rows
from archcalc.report.stages import stages

SECTIONS = 24


def section(analysis: Analysis) -> list[str]:
    """A table per stage; one table where there are more stages than a reader would follow."""
    lines = ["", "## Layers"]
    staged, found = stages(analysis), rows(analysis)
    if not 1 < len(staged) <= SECTIONS:
        return [*lines, "", *_table(found)]
    for number, stage in enumerate(staged, 1):
        lines += ["", f"### Stage {number}: {escaped(stage.title)}, {stage.resolution}"]
        lines += ["", _sums(analysis, stage.layers(analysis))]
        lines += ["", *_table(found[stage.parts[0].start : stage.parts[-1].stop])]
    return lines


def _sums(analysis: Analysis, layers: Sequence[LayerAnalysis]) -> str:
    params, macs = sum(x.params for x in layers), sum(x.macs for x in layers)
    return (
        f"{exact(params)} params ({share(params, analysis.totals.params)}), {exact(macs)} MACs "
        f"({share(macs, analysis.totals.macs)})"
    )


def _table(shown: Sequence[Row]) -> list[str]:
    chosen = [COLUMNS[name] for name in DEFAULT if name != "flags"]
    if any(COLUMNS["flags"].value(row) for row in shown):
        chosen.append(COLUMNS["flags"])
    headings = [(column.heading or "flags", column.numeric) for column in chosen]
    return table(headings, ([_cell(column, row) for column in chosen] for row in shown))


def _cell(column: Column, row: Row) -> str:
    text = written(column.value(row), exact)
    return code(text) if column.name == "name" else text if column.numeric else escaped(text)


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
    row = found[part.last_index]
    names = ("receptive_field", "field_stride", "field_start")
    cells = [written(COLUMNS[name].value(row), exact) for name in names]
    axes = last.field.axes
    seen = share(axes[0].size, analysis.input.spatial[0]) if axes else ""
    return [code(part.path), *cells, "100%" if last.field.is_global else seen]


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
