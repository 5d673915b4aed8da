"""A step of training or of inference, operation by operation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archcalc.analysis.training.backward import Backward, Gradient
from archcalc.analysis.training.forward import Forward, Ran, Types, Values
from archcalc.analysis.training.ledger import Ledger
from archcalc.analysis.training.program import LOSS_BYTES, Gap, Program
from archcalc.network.training import NO_LOSS
from archcalc.record import Record


class Segment(Record):
    """Operations from ``start`` up to, not including, ``stop``, and the values that enter them.

    Checkpointed, they keep nothing but what enters, and run again in the backward pass.
    """

    start: int
    stop: int
    entering: tuple[int, ...]


def segments(program: Program, nodes: Iterable[tuple[int, int]]) -> list[Segment]:
    """The operations of nodes from one up to, not including, another; none in two segments."""
    found: list[Segment] = []
    for first, behind in sorted(nodes):
        start, stop = program.starts[first], program.starts[behind]
        if start < stop and (not found or start >= found[-1].stop):
            alive = {value for one in program.operations[start:stop] for value in one.alive}
            entering = sorted([value for value in alive if value < start])
            found.append(Segment(start, stop, tuple(entering)))
    return found


class Unsteady(Exception):
    """Copies that are left out would not run as those beside them do."""


class Simulation:
    """Follows the operations of a program through a forward and a backward pass.

    In the place of copies that are left out, one beside them happens as many times more. That holds
    where the copy leaves what crosses into the next one as it found it; else it is `Unsteady`.
    """

    def __init__(
        self,
        program: Program,
        types: Types,
        in_place: bool,
        trains: bool,
        checkpointed: list[Segment],
    ) -> None:
        self.program = program
        self.types = types
        self.in_place = in_place
        self.checkpointed = checkpointed
        self.ledger = Ledger()
        self.values = Values(len(program.operations))
        self.forward = self._forward(program.readers, trains)
        self.backward = Backward(self.ledger, self.values, types, program.uses)
        self._ends: dict[int, Segment] = {}

    def _forward(self, readers: list[int], trains: bool) -> Forward:
        return Forward(self.ledger, self.values, readers, self.types, self.in_place, trains)

    def run_forward(self) -> None:
        done, ledger, left_out = 0, self.ledger, dict[int, int]()
        for gap in self.program.gaps:
            self._run(done, gap.at - gap.size)
            before, mark = self._entering(gap, gap.at - gap.size), ledger.mark()
            self._run(gap.at - gap.size, gap.at)
            leads = self.program.leads
            own, other = leads[gap.at - gap.size : gap.at], leads[gap.at : gap.at + gap.size]
            if before != self._entering(gap, gap.at) or own != other:
                raise Unsteady
            ledger.repeat(mark, gap.copies.times, gap.copies.size)
            left_out.update(dict.fromkeys(gap.copies.one, gap.copies.times))
            done = gap.at
        for segment in self.checkpointed:
            self._run(done, segment.start)
            node = self.program.operations[segment.start].node
            for value in segment.entering:
                ledger.keep(self.values.storage[value], node)
            self._run(segment.start, segment.stop, keeps=False)
            done = segment.stop
        loss = self.program.starts[-1]
        self._run(done, loss)
        if loss < len(self.program.operations):
            self._run(loss, loss + 1)
            ledger.allocate(LOSS_BYTES)
            self._run(loss + 1, len(self.program.operations))
        self.forward.end(left_out)

    def _entering(self, gap: Gap, at: int) -> list[tuple[object, ...]]:
        """What a copy that starts at an operation finds of the copy before it."""
        values, numbers = self.values, [at - back for back in gap.crossing]
        storages = [values.storage[number] for number in numbers]
        return [
            (
                values.size[number],
                values.is_full[number],
                values.learns[number],
                values.alone[number],
                values.is_view[number],
                values.is_part[number],
                storages.index(storage),
                self.ledger.condition(storage),
            )
            for number, storage in zip(numbers, storages, strict=True)
        ]

    def _coming(self, gap: Gap, at: int) -> list[tuple[object, ...] | None]:
        """The gradients that the copy finds that ends before an operation."""
        found = [self.backward.pending.get(at - back) for back in gap.crossing]
        storages = [gradient and gradient.storage for gradient in found]
        return [
            gradient
            and (
                gradient.is_view,
                storages.index(gradient.storage),
                self.ledger.condition(gradient.storage),
            )
            for gradient in found
        ]

    def _run(self, start: int, stop: int, keeps: bool = True) -> None:
        forward, leads, operations = self.forward, self.program.leads, self.program.operations
        for number in range(start, stop):
            forward.run(number, operations[number], keeps and leads[number])

    def run_backward(self, loss: str) -> None:
        """From the gradient of the loss, or of the last output, as far as parameters are."""
        backward, values = self.backward, self.values
        ends = [end for end in self.program.ends if values.learns[end]]
        if ends:
            size = values.size[ends[0]] if loss == NO_LOSS else LOSS_BYTES
            storage = self.ledger.allocate(size, 0)
            for end in ends:
                backward.start(end, Gradient(storage, False))
        stack, waiting, gaps = self.forward.ran, list(self.checkpointed), self._gaps()
        bound = next(gaps, 0)
        while stack:
            ran = stack.pop()
            while ran.number < bound:
                bound = next(gaps, 0)
            if ran.number in backward.pending:
                if ran.kept is None and ran.operation.step.keeps_anything:
                    while waiting[-1].start > ran.number:
                        waiting.pop()
                    segment = waiting.pop()
                    while stack and stack[-1].number >= segment.start:
                        stack.pop()
                    stack += self._again(segment, ran.number)
                    continue
                backward.run(ran)
            ended = self._ends.pop(ran.number, None)
            for value in ended.entering if ended else ():
                self.ledger.drop(values.storage[value])

    def _gaps(self) -> Iterator[int]:
        """Operations, each to be passed before the next is asked for."""
        for gap in reversed(self.program.gaps):
            yield gap.at + gap.size
            before, mark = self._coming(gap, gap.at + gap.size), self.ledger.mark()
            yield gap.at
            if before != self._coming(gap, gap.at):
                raise Unsteady
            self.ledger.repeat(mark, gap.copies.times, -gap.copies.size)

    def _again(self, segment: Segment, last: int) -> list[Ran]:
        """A segment forward once more, up to and including an operation: now it keeps."""
        operations, readers = self.program.operations, [0] * len(self.program.readers)
        for operation in operations[segment.start : last + 1]:
            for value in operation.alive:
                readers[value] += 1
        for value in segment.entering:
            self.ledger.hold(self.values.storage[value], readers[value])
        forward = self._forward(readers, trains=True)
        for number in range(segment.start, last + 1):
            forward.run(number, operations[number], keeps=True, halts=number == last)
        forward.end({})
        lowest = next(ran.number for ran in forward.ran if ran.operation.step.keeps_anything)
        self._ends[lowest] = segment
        return forward.ran
