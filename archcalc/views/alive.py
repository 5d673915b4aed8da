"""How much memory is alive over time at inference, and how much of it outlives what comes later."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter

from archcalc.analysis.analysis import Analysis
from archcalc.analysis.dtypes import DTYPES
from archcalc.analysis.liveness import Allocation, Life, allocate
from archcalc.record import Record


class AliveMoment(Record):
    """The most bytes alive in some time, and how many of them ``outlive`` volumes made later."""

    bytes: int
    outlive: int


class Alive(Record):
    """The memory of inference: its ``moments`` in order, of equal numbers of layers."""

    moments: Sequence[AliveMoment]
    peak: int
    layer: str
    batch: int


def held(analysis: Analysis) -> Allocation:
    """The volumes of an analysis, in elements of one sample."""
    network = analysis.network
    outputs = [index for _, index in network.outputs]
    return allocate(network.nodes, outputs, network.first_layer)


def alive(analysis: Analysis, most: int) -> Alive:
    """At most so many moments."""
    first, count = analysis.network.first_layer, len(analysis.nodes)
    change, outlive = [0] * (count + 2), [0] * (count + 2)
    for life, is_long in _marked(list(held(analysis).lives)):
        change[life.node] += life.elements
        change[min(life.last, count) + 1] -= life.elements
        if is_long:
            outlive[life.node] += life.elements
            outlive[min(life.last, count) + 1] -= life.elements
    now, long = 0, 0
    moments: list[AliveMoment] = []
    for node in range(count):
        now, long = now + change[node], long + outlive[node]
        if node >= first:
            moments.append(AliveMoment(now, long))
    size = DTYPES[analysis.dtype] * analysis.batch
    steps = min(most, len(moments))
    parts = [
        max(moments[len(moments) * at // steps : len(moments) * (at + 1) // steps])
        for at in range(steps)
    ]
    totals = analysis.totals
    shown = [AliveMoment(part.bytes * size, part.outlive * size) for part in parts]
    return Alive(shown, totals.peak_bytes, totals.peak_layer, analysis.batch)


def _marked(lives: Sequence[Life]) -> Iterator[tuple[Life, bool]]:
    """Each volume, the last made first, with whether one that is made later goes before it."""
    soonest = float("inf")
    for _, made in groupby(reversed(lives), attrgetter("node")):
        together = list(made)
        yield from ((life, soonest < life.last) for life in together)
        soonest = min(soonest, *(life.last for life in together))
