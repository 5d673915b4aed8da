"""The forward pass: where outputs are put, what is kept, what is converted under autocast."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from archcalc.analysis.training.ledger import Ledger
from archcalc.analysis.training.program import ProgramOperation
from archcalc.network.steps import SAMPLE, Home, Precision, Step
from archcalc.record import Record

HALF_BYTES = 2


class Types(Record):
    """Bytes of an element and of a statistic; whether autocast runs what it can in half."""

    width: int
    statistic: int
    amp: bool

    def bytes_of(self, is_full: bool) -> int:
        return self.width if is_full else HALF_BYTES


class Values:
    """Values by number: the storage and the size of each, its type, whether a gradient reaches it.

    ``alone``: one operation reads it, and nobody else reads what it is a view of. ``is_part``: it
    is a view of a part.
    """

    def __init__(self, count: int) -> None:
        self.storage = [0] * count
        self.size = [0] * count
        self.is_full = [True] * count
        self.learns = [False] * count
        self.alone = [False] * count
        self.is_view = [False] * count
        self.is_part = [False] * count

    def converted(self, value: int, storage: int, size: int, is_full: bool) -> int:
        """The number of a value's copy, in another type or whole where it is a part."""
        self.storage.append(storage)
        self.size.append(size)
        self.is_full.append(is_full)
        self.learns.append(self.learns[value])
        self.alone.append(False)
        self.is_view.append(False)
        self.is_part.append(False)
        return len(self.storage) - 1


class Ran(Record):
    """An operation that ran, for its backward pass.

    ``sources`` are its inputs after conversion; ``kept`` the storages that it keeps, None where it
    keeps none now and runs again. ``halves``: it read half copies of its parameters; ``over_view``:
    it overwrote a view.
    """

    number: int
    operation: ProgramOperation
    sources: tuple[int, ...]
    kept: list[int] | None
    halves: bool
    over_view: bool


class Forward:
    """Runs operations, in training or at inference; ``ran`` are those that gradients pass."""

    def __init__(
        self,
        ledger: Ledger,
        values: Values,
        readers: Sequence[int],
        types: Types,
        in_place: bool,
        trains: bool,
    ) -> None:
        self.ledger = ledger
        self.values = values
        self.readers = readers
        self.types = types
        self.in_place = in_place
        self.trains = trains
        self.ran: list[Ran] = []
        self._halves: dict[tuple[int, int], tuple[int, int]] = {}

    def end(self, left_out: Mapping[int, int]) -> None:
        """Autocast ends: its copies of parameters go, but for those that are kept.

        ``left_out`` says how many nodes like one are left out.
        """
        ledger = self.ledger
        for (node, _), storages in self._halves.items():
            before = ledger.alive
            for storage in storages:
                ledger.release(storage)
            ledger.alive -= left_out.get(node, 0) * (before - ledger.alive)
        self._halves.clear()

    def run(
        self, number: int, operation: ProgramOperation, keeps: bool, halts: bool = False
    ) -> None:
        """One operation, which ``keeps`` what it needs for its backward pass.

        With ``halts`` it ends where the last of that is kept: before it makes its output, if that
        is needed by nothing.
        """
        node, step, reads, alive, shared, frozen = operation
        if not reads:
            self._enter(number, operation)
            return
        ledger, values = self.ledger, self.values
        is_full, sources = True, reads
        if self.types.amp:
            is_full, sources = self._converted(step.precision, reads)
        if values.is_part[sources[0]] and self._gathers(step, sources[0]):
            sources = (self._gathered(sources[0]), *sources[1:])
        parameters = step.weights + step.biases
        is_trained = parameters > 0 and not frozen
        learns = self.trains and (is_trained or any(values.learns[read] for read in reads))
        home = self._home(step, sources[0])
        halts = halts and home is not Home.OVER and not step.keeps_results
        storage = self._place(number, step, home, sources[0], is_full, halts)
        values.learns[number] = learns
        runs_half = self.types.amp and step.precision is Precision.HALF
        halves = runs_half and parameters > 0 and not step.derived
        if runs_half and (halves or step.derived) and shared not in self._halves:
            weights = ledger.allocate(0 if step.derived else step.weights * HALF_BYTES)
            self._halves[shared] = weights, ledger.allocate(step.biases * HALF_BYTES)
        made = step.kept + step.statistics * self.types.statistic
        if step.trains_only and not self.trains:
            made = 0
        made += step.derived * self.types.bytes_of(not runs_half)
        made += step.fixed * HALF_BYTES if runs_half else step.kept_full
        if learns:
            kept = None
            if keeps:
                kept = self._kept(operation, sources, storage, home, halves)
                if made:
                    kept.append(ledger.keep(ledger.allocate(made, 0), node))
                    made = 0
            over_view = home is Home.OVER and values.is_view[sources[0]]
            self.ran.append(Ran(number, operation, sources, kept, halves, over_view))
        ledger.record(node, made + step.working)
        for value in alive:
            ledger.release(values.storage[value])
        if sources is not reads:
            for read, source in zip(reads, sources, strict=True):
                if source != read:
                    ledger.release(values.storage[source])
        if not halts:
            ledger.release(storage)
        for half in self._halves.pop(shared, ()) if frozen else ():
            ledger.release(half)

    def _enter(self, number: int, operation: ProgramOperation) -> None:
        """An input of the network, or a learned tensor, the same for all samples.

        Autocast does not convert it.
        """
        values, step = self.values, operation.step
        size = step.elements * self.types.width
        if step.weights:
            values.storage[number] = self.ledger.allocate(0, self.readers[number] + 1)
            values.size[number] = size
            values.learns[number] = self.trains and not operation.frozen
            if values.learns[number]:
                self.ran.append(Ran(number, operation, (), [], False, False))
            return
        values.storage[number] = self.ledger.enter(size * SAMPLE, self.readers[number])
        values.size[number] = size * SAMPLE

    def _place(
        self, number: int, step: Step, home: Home, first: int, is_full: bool, halts: bool
    ) -> int:
        """The storage of an output, held by its readers and by the operation itself."""
        values, readers = self.values, self.readers[number]
        size = step.elements * self.types.bytes_of(is_full) * SAMPLE
        is_new = home is Home.OWN or home is Home.OWN_VIEW
        storage = values.storage[first]
        if not is_new:
            self.ledger.hold(storage, readers + 1)
        elif not halts:
            storage = self.ledger.allocate(size, readers + 1)
        values.storage[number] = storage
        values.size[number] = size
        values.is_full[number] = is_full
        is_whole = is_new or (home is not Home.PART and values.alone[first])
        values.alone[number] = readers == 1 and is_whole
        is_view = home is not Home.OVER or values.is_view[first]
        values.is_view[number] = home is not Home.OWN and is_view
        values.is_part[number] = home is Home.PART or (not is_new and values.is_part[first])
        return storage

    def _home(self, step: Step, first: int) -> Home:
        """`Home.OVER` only where nobody else needs the first input, and in place of its clone."""
        home = step.home
        if home is Home.OVER or home is Home.OVER_CLONE:
            free = self.values.alone[first] and self.ledger.is_held_once(self.values.storage[first])
            return Home.OVER if self.in_place and free else Home.OWN
        if step.trains_only and step.kept and not self.trains:
            return Home.VIEW
        return home

    def _converted(
        self, precision: Precision, reads: tuple[int, ...]
    ) -> tuple[bool, tuple[int, ...]]:
        """Whether the output is float32, and the inputs as the operation reads them."""
        full = self.values.is_full
        if precision is Precision.PROMOTED:
            return True, reads
        if precision is Precision.INPUT:
            return any(full[read] for read in reads), reads
        is_full = precision is Precision.FULL
        if all(full[read] == is_full for read in reads):
            return is_full, reads
        copies = [read if full[read] == is_full else self._copy(read, is_full) for read in reads]
        return is_full, tuple(copies)

    def _copy(self, value: int, is_full: bool) -> int:
        """A value in the other type."""
        size = self.values.size[value] // self.types.bytes_of(not is_full)
        size *= self.types.bytes_of(is_full)
        return self.values.converted(value, self.ledger.allocate(size), size, is_full)

    def _gathers(self, step: Step, value: int) -> bool:
        return step.gathers or (step.gathers_full and self.values.is_full[value])

    def _gathered(self, value: int) -> int:
        """A part of a volume as a volume of its own."""
        values, size = self.values, self.values.size[value]
        return values.converted(value, self.ledger.allocate(size), size, values.is_full[value])

    def _kept(
        self,
        operation: ProgramOperation,
        sources: tuple[int, ...],
        storage: int,
        home: Home,
        halves: bool,
    ) -> list[int]:
        node, step, reads, _, shared, frozen = operation
        ledger, values = self.ledger, self.values
        kept = []
        for place in step.keeps:
            source = sources[place]
            has_partner = step.weights and not frozen
            if step.partners and not has_partner and not self._partners_learn(reads, place):
                continue
            needed = values.storage[source]
            if home is Home.OVER and step.home is Home.OVER_CLONE:
                needed = ledger.allocate(values.size[source], 0)
            kept.append(ledger.keep(needed, node))
        if step.keeps_output:
            kept.append(ledger.keep(storage, node))
        if halves and (values.learns[reads[0]] or not step.partners):
            kept.append(ledger.keep(self._halves[shared][0], node))
        return kept

    def _partners_learn(self, reads: tuple[int, ...], place: int) -> bool:
        learns = self.values.learns
        return any(learns[read] for other, read in enumerate(reads) if other != place)
