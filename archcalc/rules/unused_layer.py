"""A layer whose output reaches no output of the network."""

from __future__ import annotations

from collections.abc import Iterator

from archcalc.analysis import Analysis
from archcalc.diagnostics import Severity
from archcalc.rules.base import Description, Finding, Rule


def check(analysis: Analysis) -> Iterator[Finding]:
    """One finding per layer that nobody reads; what serves it alone is counted in its message."""
    nodes = analysis.graph.nodes
    reached = _reached_from(analysis, [index for _, index in analysis.graph.outputs])
    if len(reached) == len(nodes):
        return
    read = {feed for node in nodes for feed in (*node.inputs, *node.likes)}
    for index, node in enumerate(nodes):
        if index not in reached and index not in read:
            alone = len(_reached_from(analysis, [index]) - reached) - 1
            yield Finding(node.place, node.path, lambda count=alone: _describe(count))  # type: ignore[misc]


def _reached_from(analysis: Analysis, ends: list[int]) -> set[int]:
    nodes, found = analysis.graph.nodes, set()
    waiting = [index for index in ends if index >= 0]
    while waiting:
        index = waiting.pop()
        if index not in found:
            found.add(index)
            node = nodes[index]
            waiting += [feed for feed in (*node.inputs, *node.likes) if feed >= 0]
    return found


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
