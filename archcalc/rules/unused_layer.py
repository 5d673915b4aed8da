"""A layer whose output reaches no output of the network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial

from archcalc.analysis.analysis import Analysis
from archcalc.diagnostics import Severity
from archcalc.network.network import Node
from archcalc.rules.base import Description, Finding, Rule, at_layer

ELSEWHERE = -1


def check(analysis: Analysis) -> Iterator[Finding]:
    """One finding per layer that nobody reads; what serves it alone is counted in its message."""
    nodes = analysis.network.nodes
    outputs = [index for _, index in analysis.network.outputs]
    read = {feed for node in nodes for feed in node.inputs}
    read.update(feed for node in nodes if node.likes for feed in node.likes)
    read.update(outputs)
    unread = [
        index for index in range(analysis.network.first_layer, len(nodes)) if index not in read
    ]
    if unread:
        leads = Counter(_leads(nodes, outputs, unread))
        for index in unread:
            alone = leads[index] - 1
            yield at_layer(analysis.nodes[index], partial(_describe, alone))


def _leads(nodes: list[Node], outputs: list[int], unread: list[int]) -> list[int]:
    """Per node the one unread layer that all its readers lead to, or `ELSEWHERE`."""
    leads: list[int | None] = [None] * len(nodes)
    for index in unread:
        leads[index] = index
    for index in outputs:
        leads[index] = ELSEWHERE
    for index in reversed(range(len(nodes))):
        for feed in (*nodes[index].inputs, *nodes[index].likes):
            same = leads[feed] is None or leads[feed] == leads[index]
            leads[feed] = leads[index] if same else ELSEWHERE
    return [ELSEWHERE if lead is None else lead for lead in leads]


def _describe(alone: int) -> Description:
    served = f"; {alone:,} more before it {'serves' if alone == 1 else 'serve'} it alone"
    return f"nothing reads it, and it is no output{served if alone else ''}", ()


RULE = Rule(
    id="unused-layer",
    severity=Severity.WARNING,
    summary="its output reaches no output of the network",
    manual=(
        "The layer is computed, and counted, for nothing. Mostly a name in `from` is wrong, or"
        " the layer is an output that `outputs` does not list."
    ),
    passes="""\
name: ends
input: 8x8x3
layers:
  - {type: conv, name: kept, filters: 8, kernel: 3}
  - {type: conv, name: forgotten, filters: 4, kernel: 3}
  - {type: global_avgpool, from: forgotten}
""",
    fails="""\
name: ends
input: 8x8x3
layers:
  - {type: conv, name: kept, filters: 8, kernel: 3}
  - {type: conv, name: forgotten, filters: 4, kernel: 3}
#   ^
  - {type: global_avgpool, from: kept}
""",
    check=check,
)
