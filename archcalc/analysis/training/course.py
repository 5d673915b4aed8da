"""What is alive over a step, operation by operation, and the most of it in every batch."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from archcalc.analysis.training.envelope import Line, binding, bytes_at, envelope, line_at
from archcalc.analysis.training.ledger import Event
from archcalc.record import Record

if TYPE_CHECKING:
    from archcalc.analysis.analysis import Analysis

FORWARD, BACKWARD, OPTIMIZER = "forward", "backward", "optimizer"
LOSS = "loss"


class Moment(Record):
    """Bytes alive in a batch while an operation of a node runs: all, and of what.

    ``node`` is None for the optimizer, and one more than the last for the loss.
    """

    phase: str
    node: int | None
    bytes: int
    gradients: int
    kept: int

    def layer(self, analysis: Analysis) -> str | None:
        """The path of the layer that runs; None for the optimizer."""
        if self.node is None:
            return None
        return analysis.nodes[self.node].name if self.node < len(analysis.nodes) else LOSS


class Course(Record):
    """Events in their order, each with ``base`` beside it; ``phases`` end before a number of them.

    ``lines`` are the most of them, as `envelope` gives it.
    """

    base: int
    events: list[Event]
    phases: tuple[tuple[str, int], ...]
    lines: list[Line]

    def peak(self, batch: int) -> Moment:
        """The first moment at which the most is alive."""
        return self.moment(line_at(self.lines, batch), batch)

    def moment(self, line: Line, batch: int) -> Moment:
        return self._moment(line.event, batch)

    def moments(self, batch: int) -> list[Moment]:
        return [self._moment(index, batch) for index in range(len(self.events))]

    def _moment(self, index: int, batch: int) -> Moment:
        alive, kept, gradients, node = self.events[index]
        phase = next(name for name, end in self.phases if index < end)
        return Moment(
            phase,
            None if phase == OPTIMIZER else node,
            bytes_at(alive + self.base, batch),
            bytes_at(gradients, batch),
            bytes_at(kept, batch),
        )

    def largest_batch(self, limit: int) -> int:
        """The largest batch within a limit of bytes; 0 where one sample is too large."""
        return binding(self.lines, limit).batches_within(limit)

    def binding(self, limit: int) -> Moment:
        """The moment that allows no larger batch, in the batch that is one too large."""
        line = binding(self.lines, limit)
        return self.moment(line, line.batches_within(limit) + 1)


def course(base: int, events: list[Event], phases: Iterable[tuple[str, int]]) -> Course:
    lines = envelope([event.alive + base for event in events])
    return Course(base, events, tuple(phases), lines)
