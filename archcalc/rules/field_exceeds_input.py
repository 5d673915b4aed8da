"""The first layer whose receptive field is larger than the whole input."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from archcalc.analysis.analysis import Analysis, LayerAnalysis
from archcalc.diagnostics import Severity
from archcalc.rules.base import Description, Finding, Rule, at_layer


def check(analysis: Analysis) -> Iterator[Finding]:
    sizes = analysis.seen.spatial
    if not sizes:
        return
    before = None
    for layer in analysis.layers:
        axes = layer.field.axes
        if axes is before:
            continue
        before = axes
        if axes and all(axis.size > n for axis, n in zip(axes, sizes, strict=True)):
            yield at_layer(layer, partial(_describe, layer, analysis))
            return


def _describe(layer: LayerAnalysis, analysis: Analysis) -> Description:
    sizes = "x".join(str(axis.size) for axis in layer.field.axes or ())
    whole = "x".join(map(str, analysis.seen.spatial))
    return f"from here on an output sees {sizes}, more than the whole input of {whole}", ()


RULE = Rule(
    id="field-exceeds-input",
    severity=Severity.NOTE,
    summary="the first layer that sees more than the whole input",
    manual=(
        "From this layer on, windows see padding on both sides of the input at once. That is "
        "common in deep classifiers, and worth knowing in networks that should keep positions "
        "apart."
    ),
    passes="""\
name: field
input: 7x7x3
layers:
  - {type: conv, filters: 8, kernel: 5, padding: 2}
  - {type: conv, filters: 8, kernel: 3, padding: 1}
""",
    fails="""\
name: field
input: 7x7x3
layers:
  - {type: conv, filters: 8, kernel: 5, padding: 2}
  - {type: conv, filters: 8, kernel: 5, padding: 2}
#   ^
""",
    check=check,
)
