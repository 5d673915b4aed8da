"""The regions around the nodes as a tree: groups, copies, merges and their branches."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from typing import Any

from archcalc.analysis.analysis import Analysis
from archcalc.network.network import Region, RegionKind
from archcalc.views.outline import OutlinePart
from archcalc.views.page.numbers import exact
from archcalc.views.page.once import Once

SHOWN = 40  # parts side by side; more of them are joined into runs


def tree(analysis: Analysis) -> dict[str, Any]:
    """The parts in preorder, as columns; the first is the network, the parent of all others.

    A part has the nodes from ``starts`` to before ``stops``; those that no part inside has are its
    own. Only branches may be empty. Of a parent there is how far before it stands, of a path what
    it adds to that of the parent, and kinds are places among the ``words``.
    """
    counts = [node.costs.counts for node in analysis.nodes]
    sums = {
        "params": [0, *accumulate(count.weights + count.biases for count in counts)],
        "macs": [0, *accumulate(count.macs for count in counts)],
        "bytes": [0, *accumulate(node.activation_bytes for node in analysis.nodes)],
    }
    found: list[tuple[OutlinePart, int]] = list(_preorder(root(analysis)))
    parts = [part for part, _ in found]
    words = Once()
    return {
        "parents": [at - parent for at, (_, parent) in enumerate(found)],
        "kinds": [words.place(_kind(part)) for part in parts],
        "paths": [_own(part.path, parts[max(parent, 0)].path) for part, parent in found],
        "what": [words.place(_what(part, analysis)) for part in parts],
        "words": words.entries,
        "starts": [part.start for part in parts],
        "stops": [part.stop for part in parts],
        "outputs": [part.output for part in parts],
        "blocks": [1 if part.block and not part.copies else 0 for part in parts],
        "lines": [part.origin.span.line if part.origin else 0 for part in parts],
        **{
            name: [exact(until[part.stop] - until[part.start]) for part in parts]
            for name, until in sums.items()
        },
    }


def root(analysis: Analysis) -> OutlinePart:
    """The network as a part, with those inside, and never more than `SHOWN` of them in one."""
    nodes = len(analysis.nodes)
    stack: list[OutlinePart] = []
    for region in analysis.network.regions:  # those inside come before what they are inside
        part = OutlinePart(region)
        at = len(stack)
        while at and stack[at - 1].path.startswith(f"{part.path}."):
            at -= 1
        part.inside = stack[at:]
        del stack[at:]
        if region.kind is RegionKind.BRANCH or not _is_one_layer(part, analysis):
            stack.append(part)
    first = analysis.network.first_layer
    whole = OutlinePart(Region("", first, nodes, nodes - 1, RegionKind.GROUP))
    whole.inside = stack
    return whole


def _is_one_layer(part: OutlinePart, analysis: Analysis) -> bool:
    """Whether it is empty, or a layer under its own path, as a copy of a layer is."""
    if part.stop <= part.start:
        return True
    return part.stop == part.start + 1 and analysis.nodes[part.start].name == part.path


def _own(path: str, around: str) -> str:
    return path[len(around) + bool(around) :] if len(path) > len(around) else ""


def _what(part: OutlinePart, analysis: Analysis) -> str:
    """The block or type that it is written as: ``bottleneck``, ``3 × bottleneck``, ``concat``."""
    if part.is_run:
        return f"{part.stop - part.start:,} layers"
    if part.kind is RegionKind.BRANCH:
        return ""
    written = part.origin.written if part.origin else None
    what = part.block or written or (part.last(analysis).type if part.is_merge else "group")
    return f"{len(part.inside):,} × {what}" if part.copies else what


def _kind(part: OutlinePart) -> str:
    if part.is_run:
        return "run"
    return "repeat" if part.copies else part.kind.value


def _preorder(top: OutlinePart) -> Iterator[tuple[OutlinePart, int]]:
    waiting, number = [(top, -1)], 0
    while waiting:
        part, parent = waiting.pop()
        yield part, parent
        waiting += [(child, number) for child in reversed(_joined(part))]
        number += 1


def _joined(part: OutlinePart) -> list[OutlinePart]:
    """What is inside, the layers not among them; where there is too much of it, in runs."""
    if part.kind is RegionKind.MERGE and not part.is_run:
        return part.inside
    count = _count(part)
    if count <= SHOWN:
        return part.inside
    size = SHOWN
    while size * SHOWN < count:
        size *= SHOWN
    return list(_runs(part, -(-count // -(-count // size))))


def _count(part: OutlinePart) -> int:
    """How many parts and layers are directly inside."""
    covered = sum(child.stop - child.start for child in part.inside)
    return part.stop - part.start - covered + len(part.inside)


def _runs(part: OutlinePart, size: int) -> Iterator[OutlinePart]:
    """Consecutive parts and layers of a part, ``size`` of them at a time."""
    start, members, inside = part.start, 0, list[OutlinePart]()
    at = part.start
    for child in [*part.inside, None]:
        until = child.start if child else part.stop
        while at < until:  # layers
            step = min(until - at, size - members)
            at += step
            members += step
            if members == size:
                yield _run(part, start, at, inside)
                start, members, inside = at, 0, []
        if child:
            at = child.stop
            members += 1
            inside.append(child)
            if members == size:
                yield _run(part, start, at, inside)
                start, members, inside = at, 0, []
    if members:
        yield _run(part, start, at, inside)


def _run(part: OutlinePart, start: int, stop: int, inside: list[OutlinePart]) -> OutlinePart:
    run = OutlinePart(Region(part.path, start, stop, stop - 1, RegionKind.GROUP), is_run=True)
    run.inside = inside
    return run
