"""How the receptive field grows along a network, on the first axis of its input."""

from __future__ import annotations

from archcalc.analysis.analysis import Analysis, LayerAnalysis
from archcalc.record import Record
from archcalc.views.outline import outline
from archcalc.views.rows import Row, row_of


class Growth(Record):
    """Where the field reaches certain sizes; None where it does not.

    ``largest`` is the first layer with the largest local field, ``outgrown`` the first whose local
    field is larger than the input, ``whole`` the first that sees all of it. ``is_aligned`` is false
    where paths with other strides or centres meet.
    """

    largest: LayerAnalysis | None
    outgrown: LayerAnalysis | None
    whole: LayerAnalysis | None
    is_aligned: bool


def growth(analysis: Analysis) -> Growth:
    layers = analysis.layers
    local = [layer for layer in layers if layer.field.axes]
    size = analysis.input.spatial[0]
    return Growth(
        max(local, key=local_size, default=None),
        next((layer for layer in local if local_size(layer) > size), None),
        next((layer for layer in layers if layer.field.is_global), None),
        all(layer.field.aligned for layer in layers),
    )


def local_size(layer: LayerAnalysis) -> int:
    """The rows of a local field; 0 where there is none."""
    return layer.field.axes[0].size if layer.field.axes else 0


def milestones(analysis: Analysis) -> list[tuple[str, Row]]:
    """The path of each part of the outline, and the row of the layer that it ends with."""
    return [(part.path, row_of(part.last(analysis))) for part in outline(analysis)]
