"""A block that the network has no instance of."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from archcalc.analysis.analysis import Analysis
from archcalc.diagnostics import Severity
from archcalc.rules.base import Description, Finding, Rule
from archcalc.wording import quoted


def check(analysis: Analysis) -> Iterator[Finding]:
    for name, span in analysis.network.unused_blocks.items():
        yield Finding(span, None, partial(_describe, name))


def _describe(name: str) -> Description:
    return f"the block {quoted(name)} is used nowhere in the network", ()


RULE = Rule(
    id="unused-block",
    severity=Severity.WARNING,
    summary="a block that the network has no instance of",
    manual=(
        "A block that only unused blocks use is unused as well. Its mistakes are reported all "
        "the same."
    ),
    passes="""\
name: blocks
input: 8x8x3
blocks:
  stem: {layers: [{type: conv, filters: 16, kernel: 3}]}
layers:
  - {block: stem}
""",
    fails="""\
name: blocks
input: 8x8x3
blocks:
  stem: {layers: [{type: conv, filters: 16, kernel: 3}]}
# ^
layers:
  - {type: conv, filters: 16, kernel: 3}
""",
    check=check,
)
