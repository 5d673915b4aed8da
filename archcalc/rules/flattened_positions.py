"""A fully connected layer that flattens what frameworks apply it to position by position."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from archcalc.analysis.analysis import Analysis, LayerAnalysis
from archcalc.diagnostics import Severity
from archcalc.rules.base import Description, Finding, Rule, Suggestion, at_layer


def check(analysis: Analysis) -> Iterator[Finding]:
    flattening = [layer for layer in analysis.layers if _flattens(layer)]
    if not flattening:
        return
    tokens: list[bool] = []
    for node in analysis.nodes:
        shape = node.costs.shape
        is_windowed = bool(shape.windows or shape.transposed)
        inherits = not is_windowed and any(tokens[feed] for feed in node.node.inputs)
        tokens.append(inherits or node.layer.makes_tokens(shape))
    for layer in flattening:
        if tokens[layer.node.inputs[0]]:
            yield at_layer(layer, partial(_describe, layer))


def _flattens(layer: LayerAnalysis) -> bool:
    return layer.type == "linear" and (
        layer.input_volumes[0].positions > 1 and not layer.output.spatial
    )


def _describe(layer: LayerAnalysis) -> Description:
    volume, units = layer.input_volumes[0], layer.output.channels
    weights = volume.channels * units
    message = (
        f"it flattens {volume.described()} to {volume.elements:,} inputs, {layer.weights:,} "
        f"weights; frameworks apply it to each of the {volume.positions:,} positions"
    )
    text = f"`flatten: false` has {volume.channels:,} x {units:,} = {weights:,} weights"
    return message, (Suggestion(text, (("flatten", False),)),)


RULE = Rule(
    id="flattened-positions",
    severity=Severity.NOTE,
    summary="a fully connected layer flattens what frameworks read position by position",
    manual=(
        "A fully connected layer flattens a volume, as after a convolution. Behind a table, a"
        " learned tensor, attention, a transposition or a reshape to one axis, the positions are"
        " tokens, and PyTorch and Keras apply the layer to the channels of each."
    ),
    passes="""\
name: tokens
input: 8x8x16
layers:
  - {type: reshape, shape: -1x16}
  - {type: linear, units: 32, flatten: false}
""",
    fails="""\
name: tokens
input: 8x8x16
layers:
  - {type: reshape, shape: -1x16}
  - {type: linear, units: 32, flatten: true}
#   ^
""",
    check=check,
)
