"""The per-layer table with stages as sections."""

from __future__ import annotations

from collections.abc import Sequence

from archcalc.analysis.analysis import Analysis, LayerAnalysis, Totals
from archcalc.renderers.markup import code, escaped, table
from archcalc.views.cells import cells, written
from archcalc.views.columns import COLUMNS, ILLEGAL, NOTHING_LOST, Column, flag
from archcalc.views.outline import stages
from archcalc.views.rows import Row, row_of
from archcalc.wording import exact, share

SECTIONS = 24
COUNTS = ("output", "params", "macs", "activation_bytes", "receptive_field")
MARKED = {None: "", ILLEGAL: " **!**", NOTHING_LOST: " ·"}
LEGEND = (
    "The window is kernel/stride, and padding, dilation and groups where there are any; **!** "
    "marks a stride that does not divide, · one that leaves nothing but padding unread."
)


def section(analysis: Analysis) -> list[str]:
    """A table for each stage, or one for all if there are too many stages to be of use."""
    lines = ["", "## Layers", "", LEGEND]
    staged = stages(analysis)
    if not 1 < len(staged) <= SECTIONS:
        return [*lines, "", *_table(analysis.layers, analysis.totals)]
    for number, stage in enumerate(staged, 1):
        lines += ["", f"### Stage {number}: {escaped(stage.title)}, {stage.resolution}"]
        layers = stage.layers(analysis)
        lines += ["", _sums(analysis, layers), "", *_table(layers, analysis.totals)]
    return lines


def _sums(analysis: Analysis, layers: Sequence[LayerAnalysis]) -> str:
    params, macs = sum(layer.params for layer in layers), sum(layer.macs for layer in layers)
    return (
        f"{exact(params)} params ({share(params, analysis.totals.params)}), {exact(macs)} MACs "
        f"({share(macs, analysis.totals.macs)})"
    )


def _table(layers: Sequence[LayerAnalysis], totals: Totals) -> list[str]:
    columns = [COLUMNS[name] for name in ("name", "type", "kernel", *COUNTS)]
    headings = [("name", False), ("type", False), ("window", False)]
    headings += [(column.heading, column.numeric) for column in columns[len(headings) :]]
    return table(headings, cells((row_of(layer, totals) for layer in layers), columns, _cell))


def _cell(column: Column, row: Row) -> str:
    if column.name == "kernel":
        return f"{_window(row)}{MARKED[flag(row)]}"
    text = text_of(column.name, row)
    if column.name == "name":
        return code(text)
    return text if column.numeric else escaped(text)


def _window(row: Row) -> str:
    """``11/4``, ``3, pad 1``, ``3, dilation 2, 4 groups``: defaults are left out."""
    kernel = text_of("kernel", row)
    if not kernel:
        return ""
    stride, padding = text_of("stride", row), text_of("padding", row)
    dilation, groups = text_of("dilation", row), text_of("groups", row)
    parts = [
        f"{kernel}{'' if stride == '1' else f'/{stride}'}",
        "" if padding == "0" else f"pad {padding}",
        "" if dilation == "1" else f"dilation {dilation}",
        "" if groups in ("", "1") else f"{groups} groups",
    ]
    return ", ".join(part for part in parts if part)


def text_of(column: str, row: Row) -> str:
    return written(COLUMNS[column].value(row), exact)
