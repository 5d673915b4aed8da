"""The rows of a table: layers in order, or folded to groups, sorted and cut as asked."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from archcalc.analysis import Analysis, LayerAnalysis


class Row(NamedTuple):
    """One layer, or all layers below a path folded to one."""

    name: str
    type: str
    layers: Sequence[LayerAnalysis]
    last: LayerAnalysis

    @property
    def is_folded(self) -> bool:
        return len(self.layers) > 1


def rows(
    analysis: Analysis, fold: int | None = None, sort: str | None = None, top: int | None = None
) -> list[Row]:
    """The rows of an analysis.

    ``fold`` keeps that many parts of a path: what lies deeper becomes one row with its sums.
    ``sort`` orders by a column, numbers from the largest; ``top`` keeps that many rows.

    Raises:
        ValueError: where ``sort`` is no column.
    """
    found = _folded(analysis, fold) if fold else [_single(layer) for layer in analysis.layers]
    if sort is not None:
        from archcalc.report.columns import column

        value = column(sort).value
        numeric = column(sort).numeric
        found.sort(key=lambda row: -_number(value(row)) if numeric else str(value(row) or ""))
    return found if top is None else found[:top]


def _number(value: object) -> int:
    return value if isinstance(value, int) else -1


def _single(layer: LayerAnalysis) -> Row:
    return Row(layer.name, layer.type, (layer,), layer)


def _folded(analysis: Analysis, level: int) -> list[Row]:
    blocks = {group.name: group.block or "group" for group in analysis.groups}
    outputs = {
        region.path: analysis.layers[region.output]
        for region in (*(g.region for g in analysis.groups), *analysis.graph.merges)
        if 0 <= region.output < len(analysis.layers)
    }
    found = []
    for path, members in groupby(analysis.layers, lambda layer: _prefix(layer.name, level)):
        layers = tuple(members)
        last = outputs.get(path, layers[-1])
        alone = len(layers) == 1 and layers[0].name == path
        found.append(
            Row(path, layers[0].type if alone else blocks.get(path, last.type), layers, last)
        )
    return found


def _prefix(path: str, level: int) -> str:
    return ".".join(path.split(".")[:level])
