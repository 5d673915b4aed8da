"""Storages by number: how large each is, who holds it, and what is alive together."""

from __future__ import annotations

from archcalc.record import Record


class Event(Record):
    """What is alive while an operation of a node runs: all, what is kept, parameters' gradients.

    Sizes are multiples of `SAMPLE` and bytes whatever the batch, added up.
    """

    alive: int
    kept: int
    gradients: int
    node: int


class Repeated(Record):
    """Events ``start`` .. ``stop`` - 1 happen ``times`` more, each time with ``more`` alive.

    The node of ``more`` is how far away the node is then.
    """

    start: int
    stop: int
    times: int
    more: Event


class Ledger:
    """A storage lives while it is held: by values yet to be read, and by what is kept.

    ``saved`` is what each node keeps that no node before it keeps. An input counts there, and not
    in ``kept``, since its caller holds it all the same.
    """

    def __init__(self) -> None:
        self.alive = 0
        self.kept = 0
        self.gradients = 0
        self.events: list[Event] = []
        self.repeated: list[Repeated] = []
        self.saved: dict[int, int] = {}
        self.sizes: list[int] = []
        self._holds: list[int] = []
        self._keeps: list[int] = []
        self._inputs: set[int] = set()

    def allocate(self, size: int, holds: int = 1) -> int:
        self.sizes.append(size)
        self._holds.append(holds)
        self._keeps.append(0)
        self.alive += size
        return len(self.sizes) - 1

    def enter(self, size: int, holds: int) -> int:
        """An input of the network, which its caller holds as well."""
        storage = self.allocate(size, holds + 1)
        self._inputs.add(storage)
        return storage

    def hold(self, storage: int, times: int = 1) -> None:
        self._holds[storage] += times

    def is_held_once(self, storage: int) -> bool:
        return self._holds[storage] == 1

    def release(self, storage: int) -> None:
        self._holds[storage] -= 1
        if not self._holds[storage]:
            self.alive -= self.sizes[storage]

    def keep(self, storage: int, node: int) -> int:
        """Hold for the backward pass; the storage counts for the node that keeps it first."""
        self._holds[storage] += 1
        if not self._keeps[storage]:
            size = self.sizes[storage]
            self.saved[node] = self.saved.get(node, 0) + size
            if storage not in self._inputs:
                self.kept += size
        self._keeps[storage] += 1
        return storage

    def drop(self, storage: int) -> None:
        self._keeps[storage] -= 1
        if not self._keeps[storage] and storage not in self._inputs:
            self.kept -= self.sizes[storage]
        self.release(storage)

    def learn(self, size: int) -> None:
        """The gradient of a parameter, which stays."""
        self.alive += size
        self.gradients += size

    def record(self, node: int, more: int = 0) -> None:
        """What is alive now, and ``more`` that comes and goes."""
        self.events.append(Event(self.alive + more, self.kept, self.gradients, node))

    def mark(self) -> Event:
        """What is alive now, and in the place of a node how many events there were."""
        return Event(self.alive, self.kept, self.gradients, len(self.events))

    def repeat(self, mark: Event, times: int, nodes: int) -> None:
        """What happened since a mark, as many times more, each time so many nodes further."""
        alive, kept, gradients, start = mark
        more = Event(self.alive - alive, self.kept - kept, self.gradients - gradients, nodes)
        self.repeated.append(Repeated(start, len(self.events), times, more))
        self.alive += times * more.alive
        self.kept += times * more.kept
        self.gradients += times * more.gradients

    def condition(self, storage: int) -> tuple[int, int, int, bool]:
        """All that anything depends on."""
        is_input = storage in self._inputs
        return self.sizes[storage], self._holds[storage], self._keeps[storage], is_input
