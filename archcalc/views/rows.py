"""The rows of a table: the layers in order, or folded into groups."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from archcalc.analysis.analysis import Analysis, LayerAnalysis, Totals
from archcalc.network.network import INPUT, Origin, RegionKind
from archcalc.record import Record


class Row(Record):
    """A layer, or all layers below a path folded into one row; ``last`` has the output.

    ``totals`` are those of the whole network.
    """

    name: str
    type: str
    activation: str | None
    layers: Sequence[LayerAnalysis]
    last: LayerAnalysis
    totals: Totals

    @property
    def is_folded(self) -> bool:
        return len(self.layers) > 1 or self.layers[0].name != self.name


def rows(analysis: Analysis, fold: int | None = None) -> list[Row]:
    """A row per layer; with ``fold``, layers whose paths share that many parts become one row."""
    if fold:
        return _folded(analysis, fold)
    return [row_of(layer, analysis.totals) for layer in analysis.layers]


def row_of(layer: LayerAnalysis, totals: Totals) -> Row:
    """The row of a single layer."""
    return Row(layer.name, layer.type, layer.activation, (layer,), layer, totals)


def _folded(analysis: Analysis, level: int) -> list[Row]:
    regions, totals = analysis.network.regions, analysis.totals
    groups = {region.path: region for region in regions if region.is_group}
    several = (RegionKind.MERGE, RegionKind.PARTS)
    merges = {region.path: region for region in regions if region.kind in several}
    folded = []
    for path, members in groupby(analysis.layers, lambda layer: _prefix(layer.name, level)):
        layers = tuple(members)
        region = groups.get(path) or merges.get(path)
        has_output = region is not None and region.output > INPUT
        last = analysis.nodes[region.output] if region and has_output else layers[-1]
        if path in groups:
            kind = groups[path].block or _written(groups[path].origin) or "group"
            folded.append(Row(path, kind, None, layers, last, totals))
        elif path in merges:
            folded.append(Row(path, _written_type(last), last.activation, layers, last, totals))
        elif len(layers) == 1 and last.name == path:
            folded.append(row_of(last, totals))
        else:
            folded.append(Row(path, "branch", None, layers, last, totals))
    return folded


def _written_type(layer: LayerAnalysis) -> str:
    """The type as the file writes it, also for a layer that becomes several rows."""
    return _written(layer.node.origin) or layer.type


def _written(origin: Origin | None) -> str | None:
    return origin.written if origin else None


def _prefix(path: str, level: int) -> str:
    return ".".join(path.split(".")[:level])
