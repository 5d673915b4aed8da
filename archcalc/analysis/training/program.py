"""A network as the operations that run one after the other, reading values by number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archcalc.analysis.analysis import Analysis, LayerAnalysis
from archcalc.analysis.training.copies import Copies
from archcalc.network.layers import ACTIVATIONS
from archcalc.network.steps import Precision, Step, Steps
from archcalc.network.training import CROSS_ENTROPY, NO_LOSS
from archcalc.record import Record

LOSS_BYTES = 4


class ProgramOperation(Record):
    """A step of a node: the values that it reads, and those that are alive while it runs.

    It makes the value of its own number. One that reads nothing is an input of the network. What
    it keeps stays only where it ``leads`` to an output of the network. Operations with the same
    ``parameters``, those of a step of a node, share them; they are not trained where it is
    ``frozen``.
    """

    node: int
    step: Step
    reads: tuple[int, ...]
    alive: tuple[int, ...]
    parameters: tuple[int, int] = (0, 0)
    frozen: bool = False


class Gap(Record):
    """Where the operations of copies are left out: before the operation ``at``.

    The copies on either side have ``size`` operations, and read those before them only at
    ``crossing`` operations back from where they start.
    """

    copies: Copies
    at: int
    size: int
    crossing: tuple[int, ...]


class Program(Record):
    """Operations in the order of the file, those of the loss last, but for those in ``gaps``.

    ``starts`` are the first operations of the nodes, and of the loss; ``readers`` how often each
    value is read; ``leads`` whether each leads to an output. ``outputs`` are held to the end, and
    gradients start at the ``ends``. ``uses`` counts how many operations give gradients to
    parameters that several use.
    """

    operations: list[ProgramOperation]
    starts: list[int]
    readers: list[int]
    leads: list[bool]
    outputs: list[int]
    ends: list[int]
    uses: dict[tuple[int, int], int]
    gaps: list[Gap]


def program(analysis: Analysis, loss: str, runs: Sequence[Copies]) -> Program:
    """The operations of a network, and those of a loss of `LOSSES`.

    Of runs of copies, those between the ends are left out.
    """
    nodes, operations = analysis.network.nodes, list[ProgramOperation]()
    starts, last = [0] * (len(nodes) + 1), [0] * len(nodes)
    known: dict[tuple[int, str | None], tuple[Steps, int]] = {}
    gaps: list[Gap] = []
    for number in _simulated(len(nodes), runs):
        node = nodes[number]
        if len(gaps) < len(runs) and number == runs[len(gaps)].left_out.stop:
            gaps.append(_gap(runs[len(gaps)], starts, last, len(operations)))
        start = starts[number] = len(operations)
        feeds = [last[feed] for feed in node.inputs]
        key = (id(node.shape), node.activation)
        steps, own = known.get(key) or known.setdefault(key, steps_of(analysis.nodes[number]))
        _append(operations, number, steps, own, feeds)
        last[number] = len(operations) - 1
        owner = number if node.shares is None else node.shares
        if owner != number or node.frozen:
            frozen = nodes[owner].frozen
            for index in range(start, len(operations)):
                parameters = owner, index - start
                operations[index] = operations[index]._replace(parameters=parameters, frozen=frozen)
    starts[-1] = len(operations)
    gaps = [gap._replace(crossing=_crossing(operations, gap)) for gap in gaps]
    outputs = [last[index] for _, index in analysis.network.outputs]
    leads = _leading(operations, outputs)
    ends = outputs[-1:]
    if loss != NO_LOSS:
        measured = outputs[-1:] if loss == CROSS_ENTROPY else [outputs[-1], *outputs[:-1]]
        ends = [_measure(operations, len(analysis.nodes), value) for value in measured]
        leads += [True] * (len(operations) - len(leads))
    readers = [0] * len(operations)
    for operation in operations:
        for value in operation.alive:
            readers[value] += 1
    for output in outputs:
        readers[output] += 1
    shared = {operation.parameters[0] for operation in operations} - {0}
    uses = _uses(operations, ends) if shared else {}
    return Program(operations, starts, readers, leads, outputs, ends, uses, gaps)


def _simulated(count: int, runs: Sequence[Copies]) -> Iterator[int]:
    start = 0
    for run in runs:
        yield from range(start, run.left_out.start)
        start = run.left_out.stop
    yield from range(start, count)


def _gap(run: Copies, starts: list[int], last: list[int], at: int) -> Gap:
    """What comes behind it reads the copy before it as if that were the last one left out."""
    behind, before = run.left_out.stop, run.left_out.start
    last[behind - run.size : behind] = last[before - run.size : before]
    return Gap(run, at, at - starts[before - run.size], ())


def _crossing(operations: list[ProgramOperation], gap: Gap) -> tuple[int, ...]:
    one = operations[gap.at : gap.at + gap.size]
    read = {value for operation in one for value in operation.alive}
    return tuple(sorted([gap.at - value for value in read if value < gap.at]))


def _uses(operations: list[ProgramOperation], ends: list[int]) -> dict[tuple[int, int], int]:
    uses: dict[tuple[int, int], int] = {}
    for leads, operation in zip(_leading(operations, ends), operations, strict=True):
        if leads and (operation.step.weights or operation.step.biases):
            uses[operation.parameters] = uses.get(operation.parameters, 0) + 1
    return {parameters: count for parameters, count in uses.items() if count > 1}


def steps_of(node: LayerAnalysis) -> tuple[Steps, int]:
    """The steps of a node's layer and of its activation, and how many are the layer's."""
    shape = node.costs.shape
    steps = node.layer.steps(shape)
    own = len(steps)
    if node.activation:
        layer = ACTIVATIONS[node.activation]()
        after = layer.steps(layer.on((shape.output,)))
        steps += tuple([step._replace(reads=(~(own - 1),)) for step in after])
    return steps, own


def _append(
    operations: list[ProgramOperation], node: int, steps: Steps, own: int, feeds: list[int]
) -> None:
    """The steps of a node with the values that they read; the first ``own`` are its layer's."""
    start = len(operations)
    for place, step in enumerate(steps, 1):
        reads = tuple([feeds[read] if read >= 0 else start + ~read for read in step.reads])
        alive = reads
        if step.holds:
            alive = (*alive, *[start + ~hold for hold in step.holds])
        if place == own > 1:  # its caller holds what a layer reads until it returns
            alive = (*alive, *feeds)
        operations.append(ProgramOperation(node, step, reads, alive, (node, place - 1)))


def _leading(operations: list[ProgramOperation], outputs: list[int]) -> list[bool]:
    leads = [False] * len(operations)
    for output in outputs:
        leads[output] = True
    for number in range(len(operations) - 1, -1, -1):
        if leads[number]:
            for read in operations[number].reads:
                leads[read] = True
    return leads


def _measure(operations: list[ProgramOperation], node: int, value: int) -> int:
    """Cross entropy: the logarithm of the softmax, then its mean at the labels."""
    elements = operations[value].step.elements
    operations.append(ProgramOperation(node, Step(elements, keeps_output=True), (value,), (value,)))
    made = (len(operations) - 1,)
    mean = Step(0, precision=Precision.FULL, keeps=(0,), kept=LOSS_BYTES)
    operations.append(ProgramOperation(node, mean, made, made))
    return len(operations) - 1
