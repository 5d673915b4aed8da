"""The volumes of a layer, and the formula for the size of its output."""

from __future__ import annotations

from archcalc.analysis.analysis import LayerAnalysis
from archcalc.views.explanation.base import Section, together


def volumes(layer: LayerAnalysis) -> Section:
    lines = [
        ("input", f"{volume.described()}, from {name}")
        for name, volume in zip(layer.inputs, layer.input_volumes, strict=True)
    ]
    return Section("", [*lines, ("output", layer.output.described())])


def output_size(layer: LayerAnalysis) -> Section:
    """The formula of the layer type, and its numbers for each spatial axis."""
    formula, per_axis = layer.layer.formula, layer.layer.size_arithmetic(layer.costs.shape)
    if not per_axis:
        return Section("Output", [("", f"{formula}: {layer.output}")])
    lines = zip(layer.input_volumes[0].axis_names, per_axis, strict=True)
    return Section(f"Output size: {formula}", together(list(lines)))
