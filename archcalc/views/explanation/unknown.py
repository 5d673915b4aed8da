"""What a convolution is whose number of filters is not known: its size and field, and no sums."""

from __future__ import annotations

from archcalc.analysis.analysis import Analysis, LayerAnalysis
from archcalc.network.counts import Product, Sum
from archcalc.views.explanation.base import Section, written
from archcalc.views.explanation.field import receptive_field
from archcalc.views.explanation.shape import output_size, volumes
from archcalc.wording import counted

FILTERS = "K"


def of_any_filters(analysis: Analysis, layer: LayerAnalysis) -> list[Section]:
    """The sections of a convolution that hold for every number of filters.

    ``layer`` has any number; only factors that do not depend on it are shown.
    """
    return [
        _volumes(layer),
        output_size(layer),
        _parameters(layer),
        *filter(None, [receptive_field(analysis, layer)]),
    ]


def _volumes(layer: LayerAnalysis) -> Section:
    section, output = volumes(layer), layer.output
    sizes = "x".join(map(str, (*output.spatial, FILTERS)))
    names = " x ".join((*output.axis_names, "channels"))
    return Section(section.title, [*section.lines[:-1], ("output", f"{sizes} ({names})")])


def _parameters(layer: LayerAnalysis) -> Section:
    weights = Sum(
        Product(factor for factor in product if factor[0] != FILTERS)
        for product in layer.costs.weights
    )
    biases = layer.biases // layer.output.channels
    per_filter = f"{written(weights)} {'weight' if weights.value == 1 else 'weights'}"
    per_filter += f" and {counted(biases, 'bias')}" if biases else ""
    unknown = f"parameters, MACs and memory take the number of filters, {FILTERS}: give --filters"
    return Section("Not known", [("", unknown), ("each filter", per_filter)])
