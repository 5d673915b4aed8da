"""A bias right before a batch normalisation, which subtracts it again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial

from archcalc.analysis.analysis import Analysis, LayerAnalysis
from archcalc.diagnostics import Severity
from archcalc.rules.base import Description, Finding, Rule, Suggestion, at_layer


def check(analysis: Analysis) -> Iterator[Finding]:
    layers = analysis.nodes
    biased = {}
    for norm in analysis.layers:
        if norm.layer.cancels_bias:
            index = norm.node.inputs[0]
            before = layers[index]
            if before.biases and before.macs and not before.activation:
                biased[index] = norm
    if not biased:
        return
    readers = Counter(feed for layer in layers for feed in layer.node.inputs)
    readers.update(index for _, index in analysis.network.outputs)
    for index, norm in biased.items():
        if readers[index] == 1:
            yield at_layer(layers[index], partial(_describe, layers[index], norm))


def _describe(before: LayerAnalysis, norm: LayerAnalysis) -> Description:
    message = (
        f"its bias is subtracted again with the mean by {norm.name}: {before.biases:,} parameters "
        "without effect"
    )
    return message, (Suggestion("`bias: false`", (("bias", False),)),)


RULE = Rule(
    id="redundant-bias",
    severity=Severity.WARNING,
    summary="a bias right before a batch normalisation has no effect",
    manual=(
        "Batch normalisation subtracts the mean of each channel, and with it any constant that"
        " was added before; its own shift takes the place of the bias (Ioffe and Szegedy 2015,"
        " section 3.2)."
    ),
    passes="""\
name: biased
input: 8x8x3
layers:
  - {type: conv, filters: 8, kernel: 3, bias: false}
  - {type: batchnorm}
""",
    fails="""\
name: biased
input: 8x8x3
layers:
  - {type: conv, filters: 8, kernel: 3, bias: true}
#   ^
  - {type: batchnorm}
""",
    check=check,
)
