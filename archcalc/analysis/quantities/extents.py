"""How large an output is, and how much of the input it sees."""

from __future__ import annotations

from math import inf, prod

from archcalc.analysis.analysis import Analysis, LayerAnalysis
from archcalc.analysis.quantities.quantity import Quantity
from archcalc.network.values import SIZES, VOLUME
from archcalc.network.volume import Volume


def _output(layer: LayerAnalysis) -> Volume:
    return layer.output


def _last_output(analysis: Analysis) -> Volume:
    return analysis.outputs[-1][1]


def _elements(layer: LayerAnalysis) -> int:
    return layer.output.elements


def _field_sizes(layer: LayerAnalysis) -> tuple[int, ...] | None:
    """The local sizes; None where an output has no local receptive field."""
    axes = layer.field.axes
    return None if axes is None else tuple(axis.size for axis in axes)


def _field_rows(layer: LayerAnalysis) -> float:
    return inf if layer.field.is_global else prod(_field_sizes(layer) or ())


OUTPUT = Quantity(
    "output", "output", "output volume: sizes x channels",
    _output, _last_output, VOLUME, is_of_output=True,
    rank=2, is_default=True, order=_elements,
)  # fmt: skip
RECEPTIVE_FIELD = Quantity(
    "receptive_field", "field", "rows of the network's input that an output sees",
    _field_sizes, None, SIZES, is_of_output=True,
    rank=7, is_default=True, order=_field_rows,
)  # fmt: skip
