"""The receptive fields, in sentences and after each part of the outline."""

from __future__ import annotations

from collections.abc import Iterator

from archcalc.analysis.analysis import Analysis
from archcalc.renderers.markup import code, escaped, table
from archcalc.renderers.report.layers import text_of
from archcalc.views.fields import growth, local_size, milestones
from archcalc.views.inputs import seen
from archcalc.views.rows import Row
from archcalc.wording import exact, share

HEADINGS = [
    ("after", False), ("size", True), ("stride", True), ("start", True), ("of the input", True),
]  # fmt: skip


def section(analysis: Analysis) -> list[str]:
    """Size, stride and start wherever the field changes; nothing for an input without axes."""
    if not analysis.seen.spatial:
        return []
    cells: list[list[str]] = []
    for path, row in milestones(analysis):
        field = _field(analysis, row)
        if not cells or cells[-1][1:] != field:
            cells.append([code(path), *field])
    lines = ["", "## Receptive fields", "", *_sentences(analysis)]
    return [*lines, "", "Where it changes:", "", *table(HEADINGS, cells)]


def _field(analysis: Analysis, row: Row) -> list[str]:
    field, size = row.last.field, local_size(row.last)
    local = share(size, analysis.seen.spatial[0]) if size else ""
    return [
        escaped(text_of("receptive_field", row)),
        text_of("field_stride", row),
        text_of("field_start", row),
        "100%" if field.is_global else local,
    ]


def _sentences(analysis: Analysis) -> Iterator[str]:
    axis, size = analysis.seen.axis_names[0], analysis.seen.spatial[0]
    largest, outgrown, whole, is_aligned = growth(analysis)
    yield (
        f"Rows of {seen(analysis)} that an output sees: the size, the step from one output to "
        "the next, and the first row that output 0 sees (negative in the padding)."
    )
    if largest:
        yield (
            f"The largest local field has {exact(local_size(largest))} rows, first at "
            f"{code(largest.name)}."
        )
    if outgrown:
        yield (
            f"It outgrows the {axis} of {exact(size)} at {code(outgrown.name)}, with "
            f"{exact(local_size(outgrown))}."
        )
    if whole:
        yield f"From {code(whole.name)} on, every output sees the whole input."
    if not is_aligned:
        yield "Marked ~: paths with other strides or centres meet, and start is output 0's."
