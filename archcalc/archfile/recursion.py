"""Blocks that contain themselves: their conditions end that, or it is a mistake."""

from __future__ import annotations

from archcalc.archfile.declaration import Block
from archcalc.diagnostics import Fault, Findings, Span
from archcalc.limits import NETWORK_DEPTH_LIMIT
from archcalc.wording import quoted

SHOWN = 4


class Recursion:
    """The blocks that are being expanded, from the outside, and the depths of each.

    ``unsure`` counts the unknown conditions around what is expanded.
    """

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.unsure = 0
        self._inside: list[str] = []
        self._depths: dict[str, list[int]] = {}
        self._endless: set[str] = set()

    def enters(self, block: Block, depth: int, span: Span) -> bool:
        """Whether an instance at this depth is expanded, which `leave` then ends.

        One inside itself is not where a condition around it is unknown, nor where the next round
        would be nested too deeply: that is a mistake, and is reported once.
        """
        before = self._depths.get(block.name)
        if before and (self.unsure or block.name in self._endless):
            return False
        if before and 2 * depth - before[-1] >= NETWORK_DEPTH_LIMIT:
            self._endless.add(block.name)
            self.findings.once(self._fault(block.name), span)
            return False
        self._inside.append(block.name)
        self._depths.setdefault(block.name, []).append(depth)
        return True

    def leave(self) -> None:
        self._depths[self._inside.pop()].pop()

    def _fault(self, name: str) -> Fault:
        last = len(self._inside) - 1 - self._inside[::-1].index(name)
        circle = [*self._inside[last + 1 :], name]
        more = ", …" if len(circle) > SHOWN else ""
        contents = ", which contains ".join(map(quoted, circle[:SHOWN]))
        return Fault(
            "recursive-block",
            f"the block {quoted(name)} contains {contents}{more}, and no `when` ends that within "
            f"{NETWORK_DEPTH_LIMIT} levels",
        )
