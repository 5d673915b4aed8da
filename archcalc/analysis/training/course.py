"""What is alive over a step, operation by operation, and the most of it in every batch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from archcalc.analysis.training.envelope import BytesLine, binding, bytes_at, envelope, line_at
from archcalc.analysis.training.ledger import Event, Ledger, Repeated
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


Sizes = tuple[int, int, int, int]
"""In a batch, what is alive at an event: all, gradients, what is kept; and the node."""


class Course(Record):
    """Events in their order, each with ``base`` beside it; ``phases`` end before a number of them.

    Some are ``repeated``. Those that follow are as after the last time, so that the most is alive
    in the first or the last one, where it grows or falls from one to the next. ``lines`` are the
    most of all, as `envelope` gives it.
    """

    base: int
    events: list[Event]
    repeated: list[Repeated]
    phases: tuple[tuple[str, int], ...]
    lines: list[BytesLine]

    def peak(self, batch: int) -> Moment:
        """The first moment at which the most is alive."""
        return self.moment(line_at(self.lines, batch), batch)

    def moment(self, line: BytesLine, batch: int) -> Moment:
        phase = next(name for name, end in self.phases if line.event < end)
        return _moment(phase, self._sizes(self.events[line.event], batch))

    def moments(self, batch: int) -> list[Moment]:
        return [_moment(phase, sizes) for phase, found in self.sizes(batch) for sizes in found]

    def sizes(self, batch: int) -> Iterator[tuple[str, list[Sizes]]]:
        """By phase, what is alive at one event after the other, those that are repeated too."""
        done, repeated = 0, list(self.repeated)
        for phase, end in self.phases:
            found: list[Sizes] = []
            while repeated and repeated[0].stop <= end:
                start, stop, times, more = repeated.pop(0)
                found += [self._sizes(event, batch) for event in self.events[done:stop]]
                done = stop
                if start == stop:
                    continue
                own, first = found[start - stop :], self.events[start]
                then = self._sizes(Event(*map(sum, zip(first, more, strict=True))), batch)
                b, g, k, n = (late - early for late, early in zip(then, own[0], strict=True))
                found += [
                    (alive + i * b, gradients + i * g, kept + i * k, node + i * n)
                    for i in range(1, times + 1)
                    for alive, gradients, kept, node in own
                ]
            found += [self._sizes(event, batch) for event in self.events[done:end]]
            done = end
            yield phase, found

    def _sizes(self, event: Event, batch: int) -> Sizes:
        return (
            bytes_at(event.alive + self.base, batch),
            bytes_at(event.gradients, batch),
            bytes_at(event.kept, batch),
            event.node,
        )

    def largest_batch(self, limit: int) -> int:
        """The largest batch within a limit of bytes; 0 where one sample is too large."""
        return binding(self.lines, limit).batches_within(limit)

    def binding(self, limit: int) -> Moment:
        """The moment that allows no larger batch, in the batch that is one too large."""
        line = binding(self.lines, limit)
        return self.moment(line, line.batches_within(limit) + 1)


def course(base: int, ledger: Ledger, phases: Iterable[tuple[str, int]]) -> Course:
    lines = envelope([event.alive + base for event in ledger.events])
    return Course(base, ledger.events, ledger.repeated, tuple(phases), lines)


def _moment(phase: str, sizes: Sizes) -> Moment:
    *alive, node = sizes
    return Moment(phase, None if phase == OPTIMIZER else node, *alive)
