"""Which positions of an input of the network one output of a layer sees."""

from __future__ import annotations

from collections.abc import Sequence

from archcalc.analysis.analysis import Analysis, LayerAnalysis
from archcalc.network.receptive_field import Reads
from archcalc.views.explanation.base import Section
from archcalc.views.inputs import seen
from archcalc.wording import counted

WORDS = {"height": "rows", "width": "columns", "depth": "slices", "length": "positions"}


def seen_from(analysis: Analysis, layer: LayerAnalysis, at: Sequence[int]) -> Section:
    """The first and last position that an output at this place sees, per axis, from 0.

    Raises:
        ValueError: where the output of the layer has no such position.
    """
    written, output = ",".join(map(str, at)), layer.output
    if len(at) != len(output.spatial) or any(map(int.__ge__, at, output.spatial)):
        raise ValueError(
            f"the output of {layer.name} is {output.described()}: it has no position {written}, "
            f"counted from 0"
        )
    axes, names, sizes = layer.field.axes, analysis.seen.axis_names, analysis.seen.spatial
    title = f"What the output at {written} sees of {seen(analysis)}, counted from 0"
    if not names:
        lines = [("", f"{seen(analysis)} has no axes")]
    elif layer.field.is_global or axes is None:
        lines = [
            (WORDS[name], _within((0, size - 1), size))
            for name, size in zip(names, sizes, strict=True)
        ]
    elif layer.field.reads_nothing:
        lines = [("", "nothing: it does not depend on the input")]
    else:
        spans = [field.at(position) for field, position in zip(axes, at, strict=True)]
        lines = [
            (WORDS[name], _within(span, size))
            for name, span, size in zip(names, spans, sizes, strict=True)
        ]
    if not layer.field.aligned:
        lines.append(("", "an estimate: paths with other strides or centres are merged"))
    return Section(title, lines)


def _within(span: Reads, size: int) -> str:
    """A span cut to the input, and how much of it lies in the padding."""
    if span is None:
        return "none: it reads no input"
    first, last = max(span[0], 0), min(span[1], size - 1)
    beyond = [
        f"{number:,} {where}"
        for number, where in (
            (min(-span[0], span[1] - span[0] + 1), "before the first"),
            (min(span[1] - size + 1, span[1] - span[0] + 1), "behind the last"),
        )
        if number > 0
    ]
    padding = f"; of the padding {' and '.join(beyond)}" if beyond else ""
    if first > last:
        return f"none of {counted(size, 'position')}{padding}"
    ends = f"{first:,} to {last:,}" if first < last else f"{first:,}"
    return f"{ends}, {last - first + 1:,} of {size:,}{padding}"
