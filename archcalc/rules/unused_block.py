"""A block that the network has no instance of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from archcalc.analysis.analysis import Analysis
from archcalc.archfile.declaration import AnyEntry, BlockEntry, GroupEntry, LayerEntry
from archcalc.diagnostics import Severity
from archcalc.rules.base import Description, Finding, Rule
from archcalc.wording import quoted


def check(analysis: Analysis) -> Iterator[Finding]:
    blocks = analysis.architecture.blocks
    used, waiting = set(), list(instances(analysis.architecture.layers)) if blocks else []
    while waiting:
        name = waiting.pop()
        if name in blocks and name not in used:
            used.add(name)
            waiting += instances(blocks[name].layers)
    for name, block in blocks.items():
        if name not in used:
            yield Finding(block.span, None, partial(_describe, name))


def instances(entries: Iterable[AnyEntry]) -> Iterator[str]:
    """The names of the blocks that entries instantiate."""
    for entry in entries:
        if isinstance(entry, BlockEntry):
            yield entry.block
        elif isinstance(entry, GroupEntry):
            yield from instances(entry.layers)
        elif isinstance(entry, LayerEntry):
            for _, branch in entry.branches or ():
                yield from instances(branch)


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
