"""Memory of training, known where it is asked for (`archcalc.analysis.whole`).

How a network is trained is what its file says under ``train``, or the default of `Settings`.
"""

from __future__ import annotations

from operator import attrgetter

from archcalc.analysis.analysis import Analysis
from archcalc.analysis.quantities.quantity import Quantity
from archcalc.network.values import BYTES


def _saved(analysis: Analysis) -> int | None:
    layers = [layer.memory.saved_bytes for layer in analysis.layers if layer.memory]
    return sum(layers) if analysis.training else None


def _gradients(analysis: Analysis) -> int | None:
    return sum(analysis.training.gradients.values()) if analysis.training else None


def _peak(analysis: Analysis) -> int | None:
    return analysis.training.course.peak(analysis.batch).bytes if analysis.training else None


def _reached(analysis: Analysis) -> str:
    assert analysis.training
    peak = analysis.training.course.peak(analysis.batch)
    layer = peak.layer(analysis)
    return f"{layer}, {peak.phase}" if layer else peak.phase


def _inference_peak(analysis: Analysis) -> int | None:
    return analysis.inference.course.peak(analysis.batch).bytes if analysis.inference else None


def _inference_reached(analysis: Analysis) -> str:
    assert analysis.inference
    return analysis.inference.course.peak(analysis.batch).layer(analysis) or ""


def _largest_batch(analysis: Analysis) -> int | None:
    training = analysis.training
    limit = training.settings.limit if training else None
    return training.course.largest_batch(limit) if training and limit is not None else None


def _missing(analysis: Analysis) -> str:
    if analysis.training:
        return "`train` says no `fit`"
    return f"{analysis.dtype} has no gradients"


SAVED_BYTES = Quantity(
    "saved_bytes", "saved bytes", "kept for the backward pass, whole batch",
    attrgetter("saved_bytes"), _saved, BYTES, is_of_training=True, missing=_missing,
)  # fmt: skip
GRADIENT_BYTES = Quantity(
    "gradient_bytes", "gradient bytes", "gradients of parameters",
    attrgetter("gradient_bytes"), _gradients, BYTES, is_of_training=True, missing=_missing,
)  # fmt: skip
TRAINING_PEAK_BYTES = Quantity(
    "training_peak_bytes", "training peak", "most bytes alive in a step of training, whole batch",
    None, _peak, BYTES, share=attrgetter("saved_bytes"), reached_at=_reached,
    is_of_training=True, missing=_missing,
)  # fmt: skip
INFERENCE_PEAK_BYTES = Quantity(
    "inference_peak_bytes", "inference peak",
    "most bytes of volumes alive without gradients, as PyTorch runs, whole batch",
    None, _inference_peak, BYTES, reached_at=_inference_reached,
    is_of_training=True, missing=_missing,
)  # fmt: skip
LARGEST_BATCH = Quantity(
    "largest_batch", "largest batch", "samples of a step that fit into `fit` of `train`",
    None, _largest_batch, is_of_training=True, is_floor=True, missing=_missing,
)  # fmt: skip
