"""A sum whose inputs all wait for the last one, where running sums would lower the peak."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from archcalc.analysis.analysis import Analysis
from archcalc.analysis.dtypes import DTYPES
from archcalc.analysis.liveness import peak_with_running_sum
from archcalc.diagnostics import Severity
from archcalc.network.layers.merge import Add
from archcalc.rules.base import Description, Finding, Rule, at_layer

FEWEST = 3


def check(analysis: Analysis) -> Iterator[Finding]:
    """At most one: of the sums that wait while the most memory is taken, the widest."""
    nodes = analysis.network.nodes
    sums = [
        index
        for index, node in enumerate(nodes)
        if isinstance(node.layer, Add) and len(set(node.inputs)) >= FEWEST
    ]
    if not sums:
        return
    at = next(n for n, node in enumerate(nodes) if node.path == analysis.totals.peak_layer)
    waiting = [index for index in sums if min(nodes[index].inputs) <= at <= index]
    if not waiting:
        return
    widest = max(waiting, key=lambda index: len(set(nodes[index].inputs)))
    outputs = [index for _, index in analysis.network.outputs]
    elements = peak_with_running_sum(nodes, outputs, widest)
    lower = elements * DTYPES[analysis.dtype] * analysis.batch
    if lower < analysis.totals.peak_bytes:
        yield at_layer(analysis.nodes[widest], partial(_describe, analysis, widest, lower))


def _describe(analysis: Analysis, index: int, lower: int) -> Description:
    count = len(set(analysis.network.nodes[index].inputs))
    peak = analysis.totals.peak_bytes
    return (
        f"its {count} inputs are all kept until the last one is there; added one by one as they "
        f"come, the peak would be {lower:,} bytes rather than {peak:,}",
        (),
    )


RULE = Rule(
    id="many-inputs",
    severity=Severity.NOTE,
    summary="a sum keeps all its inputs, and running sums would lower the peak memory",
    manual=(
        "An `add` of many inputs runs when the last of them is there, and until then all of them"
        " take memory. Where that makes the peak of the network, the message says what the peak"
        " is if each input is added to a running sum as soon as it is there: an `add` of two"
        " inputs after each. Said once, of the widest sum at the peak."
    ),
    passes="""\
name: sums
input: 8x8x4
layers:
  - {type: conv, name: a, from: input, filters: 4, kernel: 1}
  - {type: conv, name: b, from: input, filters: 4, kernel: 1}
  - {type: conv, name: c, from: input, filters: 4, kernel: 1}
  - {type: conv, name: d, from: input, filters: 4, kernel: 1}
  - {type: concat, from: [a, b, c, d]}
""",
    fails="""\
name: sums
input: 8x8x4
layers:
  - {type: conv, name: a, from: input, filters: 4, kernel: 1}
  - {type: conv, name: b, from: input, filters: 4, kernel: 1}
  - {type: conv, name: c, from: input, filters: 4, kernel: 1}
  - {type: conv, name: d, from: input, filters: 4, kernel: 1}
  - {type: add, from: [a, b, c, d]}
#   ^
""",
    check=check,
)
