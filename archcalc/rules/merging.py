"""Merges whose sizes do not fit: where positions were lost, and inputs at which they do fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from archcalc.diagnostics import Diagnostic, Edit, Enough, Findings, Fix
from archcalc.limits import WORK_PER_LAYER
from archcalc.network.network import Network, Node
from archcalc.network.volume import Volume
from archcalc.network.window import Window
from archcalc.record import Record
from archcalc.rules.fitting import SEARCH_LIMIT
from archcalc.rules.illegal_stride import LINES
from archcalc.rules.verify import LAYERS_TRIED, LEAST
from archcalc.wording import counted, listed

RULE = "merge-mismatch"
LOOKED_AT = 10_000  # nodes before a merge
SHOWN = 6

Sizes = Mapping[int, int]


class Mismatch(Record):
    """A merge, the axes on which its inputs differ, and the nodes before it.

    ``shared`` are those before every input.
    """

    node: Node
    axes: Sequence[int]
    before: Sequence[int]
    shared: set[int]


def explained(network: Network, diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    """The mistakes of a network; merges that fit along no axis say why, and what would fit.

    Inputs are searched, by building the network again, where nothing else is wrong with it.
    """
    if not any(found.rule == RULE for found in diagnostics):
        return list(diagnostics)
    nodes = {node.path: node for node in network.nodes}
    mismatches = {
        found.layer: mismatch
        for found in diagnostics
        if found.rule == RULE
        and found.layer in nodes
        and (mismatch := _mismatch(network, nodes[found.layer]))
    }
    fitting: list[Volume] = []
    is_alone = not network.names_inputs and all(found.rule == RULE for found in diagnostics)
    if mismatches and is_alone:
        fitting = list(_Search(network, list(mismatches.values())).found())
    hints = [f"an input of {volume} fits" for volume in fitting]
    span = network.input_spans.get("input")
    fixes = [
        Fix(hint, (Edit(span, str(volume)),) if span else ())
        for hint, volume in zip(hints, fitting, strict=True)
    ]
    return [
        found._replace(
            message=found.message + _losses(network, mismatches[found.layer]),
            suggestions=(*found.suggestions, *hints),
            fixes=(*found.fixes, *fixes),
        )
        if found.rule == RULE and found.layer in mismatches
        else found
        for found in diagnostics
    ]


def _mismatch(network: Network, node: Node) -> Mismatch | None:
    """None where nothing is to be said: only channels differ, or one input is a vector."""
    shapes = [network.nodes[feed].shape for feed in node.inputs if feed >= 0]
    volumes = [shape.output for shape in shapes if shape and shape.output.positions > 1]
    axes = {len(volume.spatial) for volume in volumes}
    if len(axes) != 1:
        return None
    differing = [
        axis for axis in range(*axes) if len({volume.spatial[axis] for volume in volumes}) > 1
    ]
    if not differing:
        return None
    closures = [_before(network, feed) for feed in dict.fromkeys(node.inputs)]
    return Mismatch(node, differing, sorted(set().union(*closures)), set.intersection(*closures))


def _before(network: Network, feed: int) -> set[int]:
    """A node and those before it, the nearest of them where there are very many."""
    found, reached = {feed}, [feed]
    for index in reached:
        for before in network.nodes[index].inputs if len(found) < LOOKED_AT else ():
            if before not in found:
                found.add(before)
                reached.append(before)
    return found


def _windows(network: Network, mismatch: Mismatch) -> Iterator[tuple[int, Window]]:
    """The windows before a merge, on the first axis on which its inputs differ."""
    axis, nodes = mismatch.axes[0], network.nodes
    for index in mismatch.before:
        shape = nodes[index].shape
        if shape and len(shape.windows) > axis:
            yield index, shape.windows[axis]


def _losses(network: Network, mismatch: Mismatch) -> str:
    """Which windows have changed a size so that nothing restores it.

    Those with a stride that does not divide the size; where there is none between the inputs, those
    that only shrink it.
    """
    windows = list(_windows(network, mismatch))
    strided = [(n, w) for n, w in windows if w.size % w.stride or w.unread_input]
    if not any(index not in mismatch.shared for index, _ in strided):
        strided = [
            (index, window)
            for index, window in windows
            if window.stride == 1 != window.size and window.output != window.size
            if index not in mismatch.shared
        ]
    if not strided:
        return ""
    name = _axis(network, mismatch)
    facts = [
        f"{network.nodes[index].path} {_loss(window, LINES[name])}"
        for index, window in strided[:SHOWN]
    ]
    more = [f"{len(strided) - SHOWN:,} more do alike"] if len(strided) > SHOWN else []
    return f"; before it, along the {name}: {listed([*facts, *more])}"


def _loss(window: Window, line: str) -> str:
    how = f"stride {window.stride}" if window.stride > 1 else f"kernel {window.kernel}"
    unread = f", {counted(window.unread_input, line)} unread" if window.unread_input else ""
    return f"turns {window.size} into {window.output} ({how}{unread})"


def _axis(network: Network, mismatch: Mismatch) -> str:
    shapes = [network.nodes[feed].shape for feed in mismatch.node.inputs]
    volume = next(shape.output for shape in shapes if shape and shape.output.positions > 1)
    return volume.axis_names[mismatch.axes[0]]


class _Search:
    """Inputs near a network's own with which it can be built, found by building it."""

    def __init__(self, network: Network, mismatches: Sequence[Mismatch]) -> None:
        self.network = network
        self.mismatches = mismatches
        self.axes = sorted({axis for mismatch in mismatches for axis in mismatch.axes})
        self.reach = max(_reach(network, mismatch) for mismatch in mismatches)
        work = len(network.nodes) + network.steps // WORK_PER_LAYER
        self.trials = LAYERS_TRIED // (LEAST + work)

    def found(self) -> Iterator[Volume]:
        """The nearest smaller and the nearest larger input that fits."""
        spatial = self.network.input.spatial
        if not self.axes or self.axes[-1] >= len(spatial):
            return
        for step in (-1, 1):
            nearest = {
                size: self._nearest(size, step) for size in {spatial[axis] for axis in self.axes}
            }
            sizes = {axis: nearest[spatial[axis]] for axis in self.axes}
            known = {axis: size for axis, size in sizes.items() if size is not None}
            if len(known) == len(sizes) and (len(nearest) == 1 or self._fits(known)):
                yield self._volume(known)

    def _nearest(self, size: int, step: int) -> int | None:
        for far in range(1, self.reach + 1):
            tried = size + step * far
            if tried < 1:
                return None
            if self._fits(dict.fromkeys(self.axes, tried)):
                return tried
        return None

    def _volume(self, sizes: Sizes) -> Volume:
        own = self.network.input
        spatial = [sizes.get(axis, size) for axis, size in enumerate(own.spatial)]
        return Volume(own.channels, tuple(spatial))

    def _fits(self, sizes: Sizes) -> bool:
        self.trials -= 1
        if self.trials < 0:
            return False
        findings = Findings()
        try:
            network = self.network.rebuilt(findings, inputs={"input": self._volume(sizes)})
        except Enough:
            return False
        return not findings and self._are_alike(network)

    def _are_alike(self, network: Network) -> bool:
        """Whether merges read maps as before: that one of 1x1 fits anything says nothing."""
        paths = {mismatch.node.path for mismatch in self.mismatches}
        merges = [node for node in network.nodes if node.path in paths]
        return all(
            shape.output.positions > 1
            for node in merges
            for shape in (network.nodes[feed].shape for feed in node.inputs)
            if shape
        )


def _reach(network: Network, mismatch: Mismatch) -> int:
    """After how many sizes what fits repeats: the strides before a merge, one after the other."""
    strides = dict.fromkeys(range(network.first_layer), 1)
    own = dict(_windows(network, mismatch))
    for index in mismatch.before:
        below: Iterable[int] = [strides.get(feed, 1) for feed in network.nodes[index].inputs]
        step = own[index].stride if index in own else 1
        strides[index] = min(max(below, default=1) * step, SEARCH_LIMIT)
    return max(strides.values())
