"""How the receptive field grows along a network, on the first axis of an input."""

from __future__ import annotations

from archcalc.analysis.analysis import Analysis, LayerAnalysis
from archcalc.record import Record
from archcalc.views.outline import outline
from archcalc.views.rows import Row, row_of


class Growth(Record):
    """The layers at which the field reaches certain sizes; None if there is no such layer.

    ``largest`` is the first layer with the largest local field, ``outgrown`` the first whose local
    field is larger than the input, and ``whole`` the first that sees all of it. ``is_aligned`` is
    false if paths of different strides or centres meet anywhere.
    """

    largest: LayerAnalysis | None
    outgrown: LayerAnalysis | None
    whole: LayerAnalysis | None
    is_aligned: bool


def growth(analysis: Analysis) -> Growth:
    layers = analysis.layers
    local = [layer for layer in layers if layer.field.axes]
    size = analysis.seen.spatial[0]
    return Growth(
        max(local, key=local_size, default=None),
        next((layer for layer in local if local_size(layer) > size), None),
        next((layer for layer in layers if layer.field.is_global), None),
        all(layer.field.aligned for layer in layers),
    )


def local_size(layer: LayerAnalysis) -> int:
    """The number of rows of the local field; 0 if there is none."""
    return layer.field.axes[0].size if layer.field.axes else 0


def milestones(analysis: Analysis) -> list[tuple[str, Row]]:
    """The path of each part of the outline, and the row of its last layer."""
    return [(part.path, row_of(part.last(analysis), analysis.totals)) for part in outline(analysis)]
