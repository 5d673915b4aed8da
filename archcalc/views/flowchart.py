"""The graph as boxes and arrows, with repeated blocks folded and each kind of block drawn once."""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Iterator, Sequence

from archcalc.analysis.analysis import Analysis, LayerAnalysis
from archcalc.network.volume import Volume
from archcalc.record import Record
from archcalc.views.outline import OutlinePart, outline

BLOCKS = 8
STRUCTURES_OF_A_BLOCK = 2
NAMED = 2


class Box(Record):
    """A layer, or several folded into one, with its output.

    ``what`` is the window and type of the layer, or a description of what is folded.
    """

    name: str
    what: str
    output: Volume
    is_folded: bool
    is_merge: bool


class Feed(Record):
    """Something outside the chart that feeds boxes in it."""

    name: str
    output: Volume


class Arrow(Record):
    """From a box or a feed to a box, by index; ``is_size`` if only the size is read."""

    source: int
    is_feed: bool
    target: int
    is_size: bool


class Flowchart(Record):
    """A chart of one block or group, or of the network, for which kind and path are empty."""

    kind: str
    path: str
    boxes: Sequence[Box]
    feeds: Sequence[Feed]
    arrows: Sequence[Arrow]


def overview(analysis: Analysis) -> Flowchart:
    """The chart of the network alone."""
    return _chart(analysis, "", "", outline(analysis))


def flowcharts(analysis: Analysis) -> list[Flowchart]:
    """A chart of the network, then one for each kind of block or repeated group folded in it."""
    parts = outline(analysis)
    charts = [_chart(analysis, "", "", parts)]
    for kind, part in _kinds(analysis, parts):
        charts.append(_chart(analysis, kind, part.path, outline(analysis, part.inside)))
    return charts


def _kinds(analysis: Analysis, parts: list[OutlinePart]) -> Iterator[tuple[str, OutlinePart]]:
    """The first part of each structure, at most two per block, nested blocks included."""
    waiting = deque(parts)
    structures: dict[str, set[tuple[object, ...]]] = {}
    drawn = 0
    while waiting and drawn < BLOCKS:
        part = waiting.popleft()
        if part.is_layer:
            continue
        if part.is_run:
            waiting.extendleft(reversed(part.inside))
            continue
        if part.copies:
            waiting.extendleft(reversed(part.copies))
            continue
        kind = part.block or ("group" if not part.is_merge else part.last(analysis).type)
        drawn_of_it = structures.setdefault(part.block or part.path.rsplit(".", 1)[0], set())
        structure = _structure(analysis, part)
        if structure in drawn_of_it or len(drawn_of_it) == STRUCTURES_OF_A_BLOCK:
            continue
        drawn_of_it.add(structure)
        drawn += 1
        yield kind, part
        waiting += outline(analysis, part.inside)


def _structure(analysis: Analysis, part: OutlinePart) -> tuple[object, ...]:
    """What makes two instances of a block alike: names, types and activations inside."""
    skipped = len(part.path)
    return tuple(
        (layer.name[skipped:], layer.type, layer.activation) for layer in part.layers(analysis)
    )


def _chart(analysis: Analysis, kind: str, path: str, parts: Sequence[OutlinePart]) -> Flowchart:
    """The chart of consecutive parts and of what feeds them."""
    starts = [part.start for part in parts]
    outside: dict[int, int] = {}
    arrows: dict[Arrow, None] = {}
    for target, part in enumerate(parts):
        for layer in part.layers(analysis):
            for is_size, feeds in ((False, layer.node.inputs), (True, layer.node.likes)):
                for feed in feeds:
                    source = bisect_right(starts, feed) - 1
                    if source == target:
                        continue
                    if source >= 0 and feed < parts[source].stop:
                        arrow = Arrow(source, False, target, is_size)
                    else:
                        index = outside.setdefault(feed, len(outside))
                        arrow = Arrow(index, True, target, is_size)
                    arrows[arrow] = None
    return Flowchart(
        kind,
        path,
        [_box(analysis, part, path) for part in parts],
        [_feed(analysis, feed) for feed in outside],
        list(arrows),
    )


def _feed(analysis: Analysis, feed: int) -> Feed:
    layer = analysis.nodes[feed]
    return Feed(layer.name, layer.output)


def _box(analysis: Analysis, part: OutlinePart, path: str) -> Box:
    """A box, labelled with the end of its path; in the chart of a block, relative to the block."""
    inside = path and part.path.startswith(f"{path}.")
    name = part.path[len(path) + 1 :] if inside else part.path
    first = analysis.nodes[part.start]
    return Box(
        name if part.is_run else ".".join(name.split(".")[-NAMED:]),
        f"{window_of(first) if part.is_layer else ''}{part.described(analysis)}",
        part.last(analysis).output,
        is_folded=not part.is_layer,
        is_merge=part.is_layer and first.layer.merges,
    )


def window_of(layer: LayerAnalysis) -> str:
    """``3x3/2``; the stride is left out if it is 1."""
    geometry = layer.geometry
    if "kernel" not in geometry:
        return ""
    stride = geometry["stride"]
    step = f"/{'x'.join(map(str, stride)) if len(set(stride)) > 1 else stride[0]}"
    return f"{'x'.join(map(str, geometry['kernel']))}{step if set(stride) != {1} else ''} "
