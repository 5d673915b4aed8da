"""An input that nothing reads, of a network with several."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from archcalc.analysis.analysis import Analysis
from archcalc.diagnostics import Severity
from archcalc.rules.base import Description, Finding, Rule
from archcalc.wording import quoted


def check(analysis: Analysis) -> Iterator[Finding]:
    network = analysis.network
    if not network.names_inputs:
        return
    read = {feed for node in network.nodes for feed in (*node.inputs, *node.likes)}
    read.update(index for _, index in network.outputs)
    for index, name in enumerate(network.inputs):
        if index not in read:
            span = network.input_spans.get(name)
            yield Finding(span, None, partial(_describe, name), about=name)


def _describe(name: str) -> Description:
    return f"nothing reads the input {quoted(name)}, and it is no output", ()


RULE = Rule(
    id="unused-input",
    severity=Severity.WARNING,
    summary="an input that nothing reads",
    manual=(
        "Of the inputs that a file names under `inputs`, every one should be read. It counts among "
        "the activations all the same. Mostly a name in `from` is wrong."
    ),
    passes="""\
name: pair
inputs: {left: 8x8x3, right: 8x8x3}
layers:
  - {type: add, from: [left, right]}
""",
    fails="""\
name: pair
inputs: {left: 8x8x3, right: 8x8x3}
#                            ^
layers:
  - {type: add, from: [left, left]}
""",
    check=check,
)
