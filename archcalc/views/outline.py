"""A network folded into parts that a reader can survey, and grouped into stages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from archcalc.analysis.analysis import Analysis, LayerAnalysis
from archcalc.network.network import INPUT, Region, RegionKind
from archcalc.network.volume import Volume
from archcalc.record import Record

LIMIT = 40

# Convolutions without padding shave off a few rows; only a larger step starts a stage.
STEP = Fraction(3, 2)


class OutlinePart:
    """A layer, or the nodes ``start`` to ``stop`` - 1 under one path, with the parts inside.

    ``block`` is the block that it is an instance of, if any. ``output`` is the index of the node
    whose output is the part's. The layers inside become parts when they are asked for: most parts
    of a long network stay folded.
    """

    def __init__(
        self, region: Region, nodes: Sequence[LayerAnalysis] | None = None, *, is_run: bool = False
    ) -> None:
        self.path, self.start, self.stop = region.path, region.start, region.stop
        self.output, self.block, self.origin = region.output, region.block, region.origin
        self.kind = region.kind
        self.is_run = is_run
        self._nodes = nodes  # until it has a part for each layer
        self._inside: list[OutlinePart] = []

    @property
    def inside(self) -> list[OutlinePart]:
        if self._nodes is not None:
            self.inside = list(_with_layers(self, self._inside, self._nodes))
        return self._inside

    @inside.setter
    def inside(self, parts: list[OutlinePart]) -> None:
        self._inside, self._nodes = parts, None

    def add(self, part: OutlinePart) -> None:
        self._inside.append(part)

    @property
    def is_merge(self) -> bool:
        return self.kind is RegionKind.MERGE

    @property
    def is_layer(self) -> bool:
        return not self.inside

    @property
    def copies(self) -> list[OutlinePart]:
        """The copies, if the part is a repetition."""
        names = [f"{self.path}.{index}" for index in range(len(self.inside))]
        copied = [part.path for part in self.inside] == names
        return self.inside if copied and all(p.origin is self.origin for p in self.inside) else []

    @property
    def is_plain(self) -> bool:
        """Whether it is a group or merge that occurs once, which may be shown unfolded."""
        return bool(self.inside) and not self.block and not self.copies

    def layers(self, analysis: Analysis) -> list[LayerAnalysis]:
        return analysis.nodes[self.start : self.stop]

    @property
    def last_index(self) -> int:
        return self.output if self.output > INPUT else self.stop - 1

    def last(self, analysis: Analysis) -> LayerAnalysis:
        """The layer whose output is the output of the part."""
        return analysis.nodes[self.last_index]

    def described(self, analysis: Analysis) -> str:
        """``conv + relu``, ``3 x bottleneck``, ``inception``, ``12 layers``."""
        if self.is_run:
            return f"{self.stop - self.start:,} layers"
        if self.is_layer:
            layer = analysis.nodes[self.start]
            return f"{layer.type} + {layer.activation}" if layer.activation else layer.type
        if self.copies:
            return f"{len(self.inside)} x {self.block or 'group'}"
        if not self.is_merge and self.origin and self.origin.written:
            times = f"{len(self.inside)} x " if self.kind is RegionKind.GROUP else ""
            return times + self.origin.written
        return self.block or (self.last(analysis).type if self.is_merge else "group")


def nested(analysis: Analysis) -> list[OutlinePart]:
    """The parts of a network at its top level, in the order of the file."""
    nodes = analysis.nodes
    parts = [OutlinePart(region, nodes) for region in analysis.network.regions if _is_part(region)]
    parts.sort(key=lambda part: (part.start, -part.stop, len(part.path)))
    whole = Region("", analysis.network.first_layer, len(nodes), len(nodes) - 1, RegionKind.GROUP)
    root = OutlinePart(whole, nodes)
    open_parts = [root]
    for part in parts:
        while part.start >= open_parts[-1].stop:
            open_parts.pop()
        open_parts[-1].add(part)
        open_parts.append(part)
    return root.inside


def _is_part(region: Region) -> bool:
    """Whether a region becomes a part; of a branch, only what is inside does."""
    return region.stop > region.start and region.kind is not RegionKind.BRANCH


def _with_layers(
    part: OutlinePart, inside: list[OutlinePart], nodes: Sequence[LayerAnalysis]
) -> Iterator[OutlinePart]:
    """The parts inside one, and between them a part for each layer that none of them covers."""
    at = part.start
    for child in [*inside, None]:
        for index in range(at, child.start if child else part.stop):
            yield OutlinePart(Region(nodes[index].name, index, index + 1, index, RegionKind.PARTS))
        if child:
            yield child
            at = child.stop


def outline(
    analysis: Analysis, parts: list[OutlinePart] | None = None, limit: int = LIMIT
) -> list[OutlinePart]:
    """At most ``limit`` parts that cover the network, or the parts given.

    Groups and merges that occur once are unfolded as long as there is room; blocks and
    repetitions stay folded. If there are still too many, neighbours are joined into runs.
    """
    shown = list(nested(analysis) if parts is None else parts)
    at = 0
    while at < len(shown):
        inside = shown[at].inside
        if shown[at].is_plain and len(shown) - 1 + len(inside) <= limit:
            shown[at : at + 1] = inside
        else:
            at += 1
    return shown if len(shown) <= limit else list(_runs(shown, limit))


def _runs(shown: list[OutlinePart], limit: int) -> Iterator[OutlinePart]:
    length = -(-len(shown) // limit)
    for start in range(0, len(shown), length):
        members = shown[start : start + length]
        if len(members) == 1:
            yield members[0]
            continue
        first, last = members[0], members[-1]
        path = f"{first.path} … {last.path}"
        bounds = first.start, last.stop, last.output
        run = OutlinePart(Region(path, *bounds, RegionKind.GROUP), is_run=True)
        run.inside = members
        yield run


class Stage(Record):
    """Consecutive parts at about the same resolution; ``volume`` is the output of the first."""

    volume: Volume
    parts: tuple[OutlinePart, ...]

    @property
    def resolution(self) -> str:
        """``55x55``; ``1 position`` for vectors and 1x1 maps."""
        one = self.volume.positions == 1
        return "1 position" if one else "x".join(map(str, self.volume.spatial))

    @property
    def title(self) -> str:
        first, last = self.parts[0].path, self.parts[-1].path
        return first if first == last else f"{first} to {last}"

    def layers(self, analysis: Analysis) -> list[LayerAnalysis]:
        return analysis.nodes[self.parts[0].start : self.parts[-1].stop]


def stages(analysis: Analysis) -> list[Stage]:
    """The stages of a network; each starts where the rows change by a factor of 3/2 or more."""
    staged: list[Stage] = []
    for part in outline(analysis):
        volume = part.last(analysis).output
        if staged and _alike(staged[-1].volume, volume):
            staged[-1] = Stage(staged[-1].volume, (*staged[-1].parts, part))
        else:
            staged.append(Stage(volume, (part,)))
    return staged


def _alike(first: Volume, volume: Volume) -> bool:
    if first.positions == 1 or volume.positions == 1:
        return first.positions == volume.positions
    ratio = Fraction(volume.spatial[0] if volume.spatial else 1, first.spatial[0])
    return 1 / STEP < ratio < STEP
