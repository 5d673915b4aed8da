"""The memory that a step of training takes, or a forward pass at inference, in every batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from archcalc.analysis.analysis import Analysis
from archcalc.analysis.dtypes import DTYPES
from archcalc.analysis.training.copies import Copies, copies
from archcalc.analysis.training.course import BACKWARD, FORWARD, OPTIMIZER, Course, course
from archcalc.analysis.training.forward import Types
from archcalc.analysis.training.program import program
from archcalc.analysis.training.simulation import Simulation, Unsteady, segments
from archcalc.network.checkpoints import checkpoints
from archcalc.network.steps import SAMPLE
from archcalc.network.training import NO_LOSS, OPTIMIZERS, Settings
from archcalc.record import Record

LABEL_BYTES = 8
COUNTER_BYTES = 8
STATISTIC_BYTES = 4  # at least float32


class Training(Record):
    """Memory of a step after the first, when the optimizer has its state.

    ``parameters``, ``state`` and ``buffers`` are bytes that are there all the time; ``inputs``,
    with the labels, and what the nodes keep (``saved``, by node; the loss behind the last) are
    multiples of `SAMPLE` and bytes, added up. ``gradients`` are bytes of parameters, by node.
    """

    settings: Settings
    parameters: int
    state: int
    buffers: int
    inputs: int
    saved: Mapping[int, int]
    gradients: Mapping[int, int]
    course: Course


class Inference(Record):
    """Memory of a forward pass without gradients: the ``course`` has volumes alone."""

    parameters: int
    buffers: int
    course: Course


def train(analysis: Analysis, settings: Settings, runs: Sequence[Copies] | None = None) -> Training:
    """A step of training; of ``runs``, by default all, copies are left out.

    Raises:
        ValueError: for an element type that nothing is trained in, or a path that is no group.
    """
    if analysis.dtype == "int8":
        raise ValueError("int8 has no gradients; train in another element type")
    types = _types(analysis, settings)
    again = checkpoints(analysis.network, settings.checkpoint)
    if runs is None:
        runs = [] if again else copies(analysis.network)
    made = program(analysis, settings.loss, runs)
    step = Simulation(made, types, settings.in_place, True, segments(made, again))
    ledger = step.ledger
    try:
        step.run_forward()
        forward, saved = len(ledger.events), dict(ledger.saved)
        step.run_backward(settings.loss)
    except Unsteady:
        return train(analysis, settings, [])
    backward = len(ledger.events)
    learned: list[tuple[int, int]] = [*reversed(step.backward.learned)]
    for run in runs:
        saved.update(run.likewise(saved.items()))
        learned += run.likewise(learned)
    learned.sort(key=lambda parameter: parameter[0])
    optimizer = OPTIMIZERS[settings.optimizer]
    sizes = [size for _, size in learned]
    made_by = optimizer.temporaries(sizes, settings.weight_decay, settings.foreach)
    ledger.record(len(analysis.nodes), made_by)
    gradients: dict[int, int] = {}
    for node, size in learned:
        gradients[node] = gradients.get(node, 0) + size
    parameters, state = analysis.totals.params * types.width, optimizer.state * sum(sizes)
    buffers = _buffers(analysis, types)
    labels = 0
    if settings.loss != NO_LOSS:
        labels = LABEL_BYTES * analysis.outputs[-1][1].positions * SAMPLE
    phases = ((FORWARD, forward), (BACKWARD, backward), (OPTIMIZER, backward + 1))
    return Training(
        settings,
        parameters,
        state,
        buffers,
        sum([v.elements for v in analysis.inputs.values()]) * types.width * SAMPLE + labels,
        saved,
        gradients,
        course(parameters + state + buffers + labels, ledger, phases),
    )


def infer(
    analysis: Analysis, settings: Settings, runs: Sequence[Copies] | None = None
) -> Inference:
    """A forward pass at inference, whose inputs stay; of ``runs``, copies are left out.

    Raises:
        ValueError: for an element type that autocast does not start from.
    """
    types = _types(analysis, settings)
    if runs is None:
        runs = copies(analysis.network)
    step = Simulation(program(analysis, NO_LOSS, runs), types, settings.in_place, False, [])
    try:
        step.run_forward()
    except Unsteady:
        return infer(analysis, settings, [])
    phases = [(FORWARD, len(step.ledger.events))]
    parameters = analysis.totals.params * types.width
    return Inference(parameters, _buffers(analysis, types), course(0, step.ledger, phases))


def _types(analysis: Analysis, settings: Settings) -> Types:
    if settings.amp and analysis.dtype != "float32":
        raise ValueError(f"amp starts from float32, and the element type is {analysis.dtype}")
    width = DTYPES[analysis.dtype]
    return Types(width, max(STATISTIC_BYTES, width), settings.amp is not None)


def _buffers(analysis: Analysis, types: Types) -> int:
    """Buffers, and for every batch normalisation the number of batches that it has seen."""
    counters = sum(
        [node.type == "batchnorm" and node.shared_with is None for node in analysis.nodes]
    )
    return analysis.totals.buffers * types.width + COUNTER_BYTES * counters
