"""What training takes: of what the peak is made, which layers keep most, and which batch fits."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter

from archcalc.analysis.analysis import Analysis, LayerAnalysis
from archcalc.analysis.training import Inference, Training, infer, train
from archcalc.analysis.training.course import Course, Moment
from archcalc.analysis.training.envelope import bytes_at
from archcalc.network.checkpoints import checkpoints
from archcalc.network.layers import Family
from archcalc.network.training import CROSS_ENTROPY, NO_LOSS, OF_ALL, Settings
from archcalc.record import Record
from archcalc.wording import listed

# What a simulation of tensors does not see, each with its size as measured.
NOT_MODELLED = (
    "the CUDA context: about 300 MB, 1 GB with older drivers",
    "cuBLAS workspaces: 8 MiB, 32 MiB on Hopper",
    "cuDNN workspaces: 0 to 600 MB, by the algorithm that it takes",
    "blocks that the allocator reserves and does not use: 9 to 11 % seen",
    "copies that a kernel makes of a slice or of another memory format",
    "data loaders, buckets of distributed training, torch.compile",
)


# What is modelled by a formula alone, since libraries keep it in a form of their own.
ESTIMATED = "what {} keep, gates and states of every step, is an estimate of cuDNN's reserve"


class MemoryItem(Record):
    """Something that is alive, and its bytes."""

    what: str
    bytes: int


class Kept(Record):
    """What a layer keeps for the backward pass, and the gradients of its parameters, in bytes."""

    name: str
    saved_bytes: int
    gradient_bytes: int


class Fitting(Record):
    """The largest batch that fits, of an element type; what ``binds`` takes more than there is."""

    types: str
    batch: int
    binds: Moment


class Bin(Record):
    """Part of a phase: the most bytes alive in it, with those that are kept and of gradients."""

    phase: str
    bytes: int
    kept: int
    gradients: int


class MemoryView(Record):
    """The answer for the batch of an analysis; ``training`` is None where only inference counts.

    ``layers`` are all that there are, in order, where they are trained.
    """

    analysis: Analysis
    settings: Settings
    training: Training | None
    inference: Inference
    fitting: Sequence[Fitting]
    layers: Sequence[Kept]

    @property
    def course(self) -> Course:
        return self.training.course if self.training else self.inference.course

    @property
    def peak(self) -> Moment:
        return self.course.peak(self.analysis.batch)

    @property
    def saved_bytes(self) -> int:
        """Bytes that the layers keep for the backward pass; the loss's are not among them."""
        return sum(layer.saved_bytes for layer in self.layers)

    @property
    def not_modelled(self) -> Sequence[str]:
        """What is not seen, and before it what is an estimate."""
        types = [node.type for node in self.analysis.nodes if _is_recurrent(node)]
        if self.training is None or not types:
            return NOT_MODELLED
        return (ESTIMATED.format(listed(list(dict.fromkeys(types)))), *NOT_MODELLED)

    def largest(self, count: int) -> list[Kept]:
        """The layers that keep most, the first of equal ones."""
        keeping = [layer for layer in self.layers if layer.saved_bytes]
        return sorted(keeping, key=lambda layer: -layer.saved_bytes)[:count]

    @property
    def fixed(self) -> int:
        """What is there all the time, but for gradients."""
        training = self.training
        if training is None:
            return 0
        inputs = bytes_at(training.inputs, self.analysis.batch)
        return training.parameters + training.state + training.buffers + inputs

    def items(self) -> list[MemoryItem]:
        """What is alive at the peak; its bytes add up to those of the peak."""
        peak, batch = self.peak, self.analysis.batch
        if self.training is None:
            return [MemoryItem("volumes, with the input", peak.bytes)]
        fixed = [
            MemoryItem("parameters", self.training.parameters),
            MemoryItem("gradients of parameters", peak.gradients),
            MemoryItem("optimizer state", self.training.state),
            MemoryItem("buffers", self.training.buffers),
            MemoryItem("input and labels", bytes_at(self.training.inputs, batch)),
            MemoryItem("kept for the backward pass", peak.kept),
        ]
        rest = peak.bytes - sum(item.bytes for item in fixed)
        return [*fixed, MemoryItem("outputs and temporaries", rest)]

    def bins(self, count: int) -> list[Bin]:
        """The course in about this many parts, the phases as long as their operations are many."""
        phases = list(self.course.sizes(self.analysis.batch))
        events = sum(len(own) for _, own in phases)
        bins: list[Bin] = []
        for phase, own in phases:
            parts = max(1, count * len(own) // events) if own else 0
            for part in range(parts):
                start = part * len(own) // parts
                run = own[start : max(start + 1, (part + 1) * len(own) // parts)]
                alive, gradients, kept, _ = max(run, key=itemgetter(0))
                bins.append(Bin(phase, alive, kept, gradients))
        return bins


def _is_recurrent(node: LayerAnalysis) -> bool:
    return node.type != "input" and node.layer.family is Family.RECURRENT


def memory(analysis: Analysis, settings: Settings, inference: bool = False) -> MemoryView:
    """The memory of an analysis.

    Raises:
        ValueError: for an element type that nothing is trained in, or a path that is no group.
    """
    training = None if inference else train(analysis, settings)
    without = infer(analysis, settings)
    fitting = []
    if settings.limit is not None:
        for amp in (None, settings.amp) if settings.amp else (None,):
            fitting.append(_fitting(analysis, settings._replace(amp=amp), inference))
    layers = _layers(analysis, training) if training else []
    return MemoryView(analysis, settings, training, without, fitting, layers)


def _layers(analysis: Analysis, training: Training) -> list[Kept]:
    saved, gradients, batch = training.saved, training.gradients, analysis.batch
    return [
        Kept(node.path, bytes_at(saved.get(index, 0), batch), gradients.get(index, 0))
        for index, node in enumerate(analysis.network.nodes)
        if index >= analysis.network.first_layer
    ]


def of_file(analysis: Analysis) -> MemoryView | None:
    """The memory of training as the file says how; None for int8, which has none."""
    if analysis.dtype == "int8":
        return None
    return memory(analysis, analysis.network.train or Settings())


def _fitting(analysis: Analysis, settings: Settings, inference: bool) -> Fitting:
    assert settings.limit is not None
    limit, types = settings.limit, settings.amp and f"{settings.amp} (amp)"
    if inference:
        without = infer(analysis, settings)
        course, limit = without.course, limit - without.parameters - without.buffers
    else:
        course = train(analysis, settings).course
    return Fitting(types or analysis.dtype, course.largest_batch(limit), course.binding(limit))


def conditions(view: MemoryView) -> list[str]:
    """In words what the answer holds for."""
    settings, words = view.settings, ["inference"]
    if view.training:
        words = [settings.optimizer + (" with weight decay" if settings.weight_decay else "")]
    if settings.amp:
        words.append(f"{settings.amp} autocast")
    if settings.checkpoint and view.training:
        is_idle = not checkpoints(view.analysis.network, settings.checkpoint)
        none = " (there are none)" if is_idle else ""
        words.append(f"checkpointing {', '.join(settings.checkpoint)}{none}")
    if not settings.in_place:
        words.append("activations not in place")
    if view.training is None:
        return words
    losses = {
        CROSS_ENTROPY: "cross entropy of the last output",
        OF_ALL: "cross entropy of every output",
        NO_LOSS: "the gradient of the last output given",
    }
    return [*words, losses[settings.loss]]


def outputs_without_gradient(view: MemoryView) -> list[str]:
    """Outputs that are held to the end and get no gradient, since the loss is of the last one."""
    if view.settings.loss == OF_ALL or view.training is None:
        return []
    return [name for name, _ in view.analysis.outputs[:-1]]
