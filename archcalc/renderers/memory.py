"""The memory of training as text, as markdown and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archcalc.analysis.training.course import Course, Moment
from archcalc.renderers.json import indented
from archcalc.renderers.markup import code, escaped, table
from archcalc.renderers.wrapping import fitted
from archcalc.views import inputs
from archcalc.views.memory import MemoryView, conditions, outputs_without_gradient
from archcalc.views.totals import heading
from archcalc.wording import exact, listed, percent, sized, visible

COLUMNS, ROWS = 64, 8
EIGHTHS = " ▁▂▃▄▅▆▇█"
SHOWN = 10


def text(view: MemoryView, *, width: int | None = None) -> str:
    """The composition of the peak, the course of a step, the layers that keep most."""
    lines = [visible(line) for line in heading(view.analysis)]
    lines += [", ".join(conditions(view)), ""]
    lines += _aligned(_items(view))
    lines += ["", *picture(view, width), ""]
    if view.training:
        lines += [*_aligned(_kept(view)), ""]
    for sentence in sentences(view):
        lines.append(visible(sentence))
    lines += ["", "Tensors only. Not modelled:", *(f"  {line}" for line in view.not_modelled)]
    return fitted("\n".join(lines) + "\n", width)


def _items(view: MemoryView) -> list[list[str]]:
    peak = view.peak
    rows = [["alive at the peak", "bytes", ""]]
    rows += [[i.what, exact(i.bytes), percent(i.bytes, peak.bytes)] for i in view.items()]
    return [*rows, ["peak", exact(peak.bytes), f"{sized(peak.bytes)}, {when(view, peak)}"]]


def _kept(view: MemoryView) -> list[list[str]]:
    rows = [["keeps most", "bytes", "gradients"]]
    rows += [
        [visible(layer.name), exact(layer.saved_bytes), exact(layer.gradient_bytes)]
        for layer in view.largest(SHOWN)
    ]
    gradients = sum(layer.gradient_bytes for layer in view.layers)
    return [*rows, ["all layers", exact(view.saved_bytes), exact(gradients)]]


def _aligned(rows: list[list[str]]) -> list[str]:
    """Rows in columns: a name, a number, and what else there is to say."""
    first, second = (max(len(row[column]) for row in rows) for column in (0, 1))
    return [f"{row[0]:<{first}}  {row[1]:>{second}}  {row[2]}".rstrip() for row in rows]


def when(view: MemoryView, moment: Moment) -> str:
    """``backward, at layer1.0``."""
    layer = moment.layer(view.analysis)
    return moment.phase if layer is None else f"{moment.phase}, at {layer}"


def sentences(view: MemoryView) -> Iterator[str]:
    """What the numbers do not say: which batch fits, what is left out of a step."""
    settings, held = view.settings, outputs_without_gradient(view)
    if held:
        yield (
            f"{listed(held)}: held to the end, without a gradient, since the loss is of the last "
            "output."
        )
    if view.training is None:
        inference = view.inference
        yield (
            f"Beside the volumes: parameters {exact(inference.parameters)} bytes, "
            f"buffers {exact(inference.buffers)}."
        )
    if settings.fit is not None:
        room = f"{exact(settings.fit)} bytes"
        if settings.reserve:
            room += f" less {exact(settings.reserve)} in reserve"
        yield f"Tensors fit into {room} ({sized(settings.limit or 0)}):"
    for fitting in view.fitting:
        largest = f"up to a batch of {exact(fitting.batch)}" if fitting.batch else "no sample"
        yield f"  {fitting.types}: {largest}; {when(view, fitting.binds)} binds"


def picture(view: MemoryView, width: int | None = None) -> list[str]:
    """What is alive over the step, in eighths of a line."""
    peak = view.peak.bytes
    label = sized(peak)
    room = COLUMNS if width is None else max(3, width - len(label) - 2)
    bins = view.bins(min(COLUMNS, room))
    lines = []
    for row in range(ROWS - 1, -1, -1):
        cells = [EIGHTHS[_eighths(one.bytes, peak, row)] for one in bins]
        left = label if row == ROWS - 1 else ""
        lines.append(f"{left:>{len(label)}} |{''.join(cells)}")
    lengths: dict[str, int] = {}
    for one in bins:
        lengths[one.phase] = lengths.get(one.phase, 0) + 1
    names = "".join(f"|{phase[: n - 1]:<{n - 1}}" for phase, n in lengths.items())
    return [line.rstrip() for line in [*lines, f"{'0':>{len(label)}} {names}"]]


def _eighths(count: int, peak: int, row: int) -> int:
    filled = -(-count * ROWS * 8 // peak) if peak else 0
    return max(0, min(8, filled - 8 * row))


def markdown(view: MemoryView) -> str:
    """The same as tables."""
    lines = [f"# {escaped(view.analysis.network.name)}: memory", ""]
    analysis = view.analysis
    about = [
        f"{inputs.word(analysis)} {inputs.described(analysis)}",
        f"batch {analysis.batch:,}",
        analysis.dtype,
    ]
    about += conditions(view)
    lines += [escaped(", ".join(about)), "", *composition(view)]
    if view.training:
        lines += ["", *keeping(view)]
    lines += ["", *(f"{escaped(sentence.strip())}  " for sentence in sentences(view))]
    lines += ["", "Tensors only. Not modelled:", ""]
    return "\n".join([*lines, *(f"- {escaped(line)}" for line in view.not_modelled)]) + "\n"


def composition(view: MemoryView) -> list[str]:
    """A table of what is alive at the peak."""
    first, *rows, last = _items(view)
    headings = [(name, numeric) for name, numeric in zip(first, (False, True, True), strict=True)]
    shown = [[escaped(what), *rest] for what, *rest in rows]
    peak = ["**peak**", f"**{last[1]}**", escaped(last[2])]
    return table(headings, [*shown, peak])


def keeping(view: MemoryView) -> list[str]:
    """A table of the layers that keep most."""
    first, *rows, last = _kept(view)
    headings = [(name, numeric) for name, numeric in zip(first, (False, True, True), strict=True)]
    shown = [[code(name), *rest] for name, *rest in rows]
    return table(headings, [*shown, [f"**{last[0]}**", *last[1:]]])


def json(view: MemoryView) -> str:
    """The answer, version 1: integers, of the batch."""
    return indented(document(view))


def document(view: MemoryView) -> dict[str, Any]:
    settings, analysis, training = view.settings, view.analysis, view.training
    batches = [fitting.batch for fitting in view.fitting]
    inference = view.inference
    return {
        "version": 1,
        "name": analysis.network.name,
        "batch": analysis.batch,
        "dtype": analysis.dtype,
        "amp": settings.amp,
        "optimizer": settings.optimizer,
        "weight_decay": settings.weight_decay,
        "checkpoint": list(settings.checkpoint),
        "in_place": settings.in_place,
        "loss": settings.loss,
        "fit": settings.fit,
        "reserve": settings.reserve,
        "training": training
        and {
            "saved_bytes": view.saved_bytes,
            "parameter_bytes": training.parameters,
            "gradient_bytes": sum(training.gradients.values()),
            "state_bytes": training.state,
            "buffer_bytes": training.buffers,
            **_course(view, training.course),
            "largest_batch": batches[-1] if batches else None,
        },
        "inference": {
            "parameter_bytes": inference.parameters,
            "buffer_bytes": inference.buffers,
            **_course(view, inference.course),
            "largest_batch": batches[-1] if batches and training is None else None,
        },
        "layers": [layer._asdict() for layer in view.layers],
        "outputs_without_gradient": outputs_without_gradient(view),
        "not_modelled": list(view.not_modelled),
    }


def _course(view: MemoryView, course: Course) -> dict[str, Any]:
    peak = course.peak(view.analysis.batch)
    return {
        "peak": {"bytes": peak.bytes, "phase": peak.phase, "layer": peak.layer(view.analysis)},
        "lines": [
            {
                "from_batch": line.from_batch,
                "per_sample": line.per_sample,
                "constant": line.constant,
                "phase": moment.phase,
                "layer": moment.layer(view.analysis),
            }
            for line in course.lines
            for moment in [course.moment(line, line.from_batch)]
        ],
    }
