"""Stages: neighbouring parts of a network that work at about the same resolution."""

from __future__ import annotations

from fractions import Fraction

from archcalc.analysis.analysis import Analysis, LayerAnalysis
from archcalc.network.volume import Volume
from archcalc.record import Record
from archcalc.views.outline import Part, outline

# Valid convolutions shave rows off; only a larger step begins a stage.
STEP = Fraction(3, 2)


class Stage(Record):
    """Parts in a row with the sizes of the first one's output."""

    volume: Volume
    parts: tuple[Part, ...]

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
    """The stages of a network; one begins where the rows change by a factor of 3/2 or more."""
    found: list[Stage] = []
    for part in outline(analysis):
        volume = part.last(analysis).output
        if found and _alike(found[-1].volume, volume):
            found[-1] = Stage(found[-1].volume, (*found[-1].parts, part))
        else:
            found.append(Stage(volume, (part,)))
    return found


def _alike(first: Volume, volume: Volume) -> bool:
    if first.positions == 1 or volume.positions == 1:
        return first.positions == volume.positions
    ratio = Fraction(volume.spatial[0] if volume.spatial else 1, first.spatial[0])
    return 1 / STEP < ratio < STEP
