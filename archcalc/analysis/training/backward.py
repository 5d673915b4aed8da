"""The backward pass: gradients come, are added up where paths meet, and go."""

from __future__ import annotations

from archcalc.analysis.training.forward import HALF_BYTES, Ran, Types, Values
from archcalc.analysis.training.ledger import Ledger
from archcalc.network.steps import SAMPLE, Flow
from archcalc.record import Record

# What the gradient of an operation over a view takes: a copy of the incoming one, which becomes the
# outgoing one, a clone of it for the operation, and what the operation gives (``CopySlices``).
OVER_VIEW_COPIES = 3


class Gradient(Record):
    """A storage, and whether the gradient is a view of it, to which nothing is added in place."""

    storage: int
    is_view: bool


class Given(Record):
    """A gradient that an operation gives: of a value, which autocast may have converted before.

    One that does not ``fit`` has more elements than the value, or another type. One of no value is
    made and not needed.
    """

    value: int | None
    source: int
    gradient: Gradient
    fits: bool


class Learned(Record):
    """The size of the gradient of a node's weights, or of its biases."""

    node: int
    size: int


class Half(Record):
    """The gradient of a half copy of parameters, and the size of that of the parameters.

    One of size 0 is added to another gradient.
    """

    storage: int
    size: int


class Backward:
    """Runs operations backward; ``pending`` are gradients of values whose operation is to come.

    ``learned`` are the parameters that got a gradient, the last of the network first. ``uses`` are
    still to come, of parameters that several operations use.
    """

    def __init__(
        self, ledger: Ledger, values: Values, types: Types, uses: dict[tuple[int, int], int]
    ) -> None:
        self.ledger = ledger
        self.values = values
        self.types = types
        self.pending: dict[int, Gradient] = {}
        self.learned: list[Learned] = []
        self._split = (-1, -1)
        self.uses = dict(uses)
        self._begun: dict[tuple[int, int], list[Half]] = {}

    def start(self, value: int, gradient: Gradient) -> None:
        """The gradient that the backward pass starts from."""
        self.ledger.hold(gradient.storage)
        self.pending[value] = gradient

    def run(self, ran: Ran) -> None:
        """One operation, whose gradient is pending: what it gives, then what it lets go."""
        ledger, (node, step, *_), frozen = self.ledger, ran.operation, ran.operation.frozen
        incoming, before = self.pending.pop(ran.number), ledger.alive
        if not ran.operation.reads:  # of a learned tensor, it becomes the gradient that stays
            ledger.release(incoming.storage)
            self._learn(ran)
            ledger.record(node)
            return
        given = self._given(ran, incoming)
        spread, halves = None, None
        if step.spread and not frozen:
            spread = ledger.allocate(step.spread * self.types.bytes_of(not ran.halves) * SAMPLE)
        elif (step.weights or step.biases) and not frozen:
            halves = self._learn(ran)
        ledger.record(node)
        if step.made_backward or ran.over_view:
            ledger.record(node, before + self._made(ran) - ledger.alive)
        for place, one in enumerate(given):
            if not one.fits:
                given[place] = self._fitted(one, ran)
        if spread is not None:
            halves = self._learn(ran)
            ledger.record(node)
            ledger.release(spread)
        ledger.release(incoming.storage)
        for storage in ran.kept or ():
            ledger.drop(storage)
        if step.derived:  # their gradient is there, and that of the weights made of it
            ledger.record(node, step.derived * self.types.width)
        for value, source, gradient, _ in given:
            if value is None:
                ledger.release(gradient.storage)
            elif self.values.is_full[source] == self.values.is_full[value]:
                self._add(value, gradient, node)
            else:
                self._add(value, self._converted(value, gradient, node), node)
        for half in halves or ():
            ledger.learn(half.size)
            ledger.record(node)
            ledger.release(half.storage)

    def _made(self, ran: Ran) -> int:
        """What the operation makes at once, where that is more than the gradients."""
        step = ran.operation.step
        elements = step.made_backward * self.types.bytes_of(self.values.is_full[ran.number])
        made = elements * SAMPLE + step.made_backward_bytes
        return made + (OVER_VIEW_COPIES * self.values.size[ran.number] if ran.over_view else 0)

    def _learn(self, ran: Ran) -> list[Half] | None:
        """The gradients of parameters; of half copies those of the parameters are to come.

        Of parameters that several operations use, later gradients are added to the first one, and
        go; where they are of half copies, the last use gives the gradients of the parameters.
        """
        ledger, width, step = self.ledger, self.types.width, ran.operation.step
        parameters = ran.operation.parameters
        weights, biases = step.weights * width, step.biases * width
        is_first = parameters not in self._begun
        if is_first:
            node = parameters[0]
            self.learned += (Learned(node, biases), Learned(node, weights))
        made = None
        if ran.halves:
            counts = [count for count in (step.weights, step.biases) if count]
            made = [Half(ledger.allocate(count * HALF_BYTES), count * width) for count in counts]
        elif is_first:
            ledger.learn(weights + biases)
        else:
            made = [Half(ledger.allocate(weights + biases), 0)]
        if parameters not in self.uses:
            return made
        self.uses[parameters] -= 1
        if is_first:
            self._begun[parameters] = made or []
            return None
        added = [half._replace(size=0) for half in made or ()]
        return added if self.uses[parameters] else added + self._begun[parameters]

    def _given(self, ran: Ran, incoming: Gradient) -> list[Given]:
        """The gradients of the inputs, as the operation makes them."""
        ledger, values, flow = self.ledger, self.values, ran.operation.step.flow
        size, is_full = values.size[ran.number], values.is_full[ran.number]
        given = []
        for place, (value, source) in enumerate(zip(ran.operation.reads, ran.sources, strict=True)):
            own, fits = values.size[source], values.is_full[source] == is_full
            if not values.learns[source]:
                if flow is Flow.MADE:
                    unneeded = Gradient(ledger.allocate(own), False)
                    given.append(Given(None, source, unneeded, True))
                continue
            if flow is Flow.PIECE:
                split = (value, ran.number - ran.operation.step.piece)
                if split == self._split:
                    continue
                self._split = split
            if flow is Flow.VIEW:
                ledger.hold(incoming.storage)
                gradient, fits = Gradient(incoming.storage, True), fits and not 0 < own < SAMPLE
            elif flow is Flow.PASSED or (flow is Flow.LESS and not place):
                ledger.hold(incoming.storage)
                gradient, fits = incoming, fits and own == size
            elif flow is Flow.SPREAD or flow is Flow.LESS:
                gradient, fits = Gradient(ledger.allocate(size), False), fits and own == size
            else:
                made = own if fits else self._in_type(own, is_full)
                gradient = Gradient(ledger.allocate(made), flow is Flow.NEW_VIEW)
            given.append(Given(value, source, gradient, fits))
        return given

    def _in_type(self, size: int, is_full: bool) -> int:
        """The size that a value of the other type has in this one."""
        return size // self.types.bytes_of(not is_full) * self.types.bytes_of(is_full)

    def _fitted(self, given: Given, ran: Ran) -> Given:
        """The gradient added up to the elements of what was read, then in its type."""
        ledger, (node, step, *_) = self.ledger, ran.operation
        is_full = self.values.is_full[ran.number]
        size = added_up = self.values.size[given.source]
        if is_full != self.values.is_full[given.source]:
            added_up = self._in_type(size, is_full)
        is_added_up = step.flow is Flow.VIEW or ledger.sizes[given.gradient.storage] == added_up
        fitted = Gradient(ledger.allocate(size), False)
        ledger.record(node, 0 if is_added_up else added_up - size)
        ledger.release(given.gradient.storage)
        return given._replace(gradient=fitted)

    def _converted(self, value: int, gradient: Gradient, node: int) -> Gradient:
        """The gradient in the type that a value had before autocast converted it."""
        converted = Gradient(self.ledger.allocate(self.values.size[value]), False)
        self.ledger.record(node)
        self.ledger.release(gradient.storage)
        return converted

    def _add(self, value: int, gradient: Gradient, node: int) -> None:
        """In place where no one else has the first gradient."""
        ledger, first = self.ledger, self.pending.get(value)
        if first is None:
            self.pending[value] = gradient
            return
        if first.is_view or not ledger.is_held_once(first.storage):
            self.pending[value] = Gradient(ledger.allocate(self.values.size[value]), False)
            ledger.record(node)
            ledger.release(first.storage)
        ledger.release(gradient.storage)
