"""Memory of training of an analysis held against PyTorch's."""

from __future__ import annotations

from typing import Any

import archcalc
from archcalc.analysis.training import Training, infer, train
from archcalc.analysis.training.envelope import bytes_at
from archcalc.network.training import Settings


def saved(training: Training, analysis: archcalc.Analysis, batch: int) -> int:
    sizes = [size for node, size in training.saved.items() if node < len(analysis.nodes)]
    return bytes_at(sum(sizes), batch)


def agree(
    analysis: archcalc.Analysis, settings: Settings, batch: int, read: Any = None, more: int = 0
) -> None:
    """What is kept, and the peaks of the passes and of the optimizer, are PyTorch's.

    ``read`` makes what enters. Of what the layers keep, PyTorch has ``more`` bytes.
    """
    from torch_training.measure import entering, inference_peak, peaks, saved_bytes
    from torch_training.network import Network

    def build(**how: Any) -> Any:
        return Network(analysis, settings.in_place, **how)

    def data() -> Any:
        return (read or entering)(analysis, batch)

    training = train(analysis, settings)
    assert saved(training, analysis, batch) + more == saved_bytes(build, data, settings.amp)
    found: dict[str, int] = {}
    for moment in training.course.moments(batch):
        found[moment.phase] = max(moment.bytes, found.get(moment.phase, 0))
    theirs = peaks(build, data, settings.optimizer, settings.amp)
    forward, backward, optimizer = found.values()
    assert (forward + more, backward + more, optimizer) == tuple(theirs)
    if settings.amp is None:
        inference = infer(analysis, settings).course.peak(batch).bytes
        assert 0 <= inference_peak(build, data) - inference <= more
