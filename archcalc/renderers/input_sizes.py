"""The input sizes of a network, as text and as JSON."""

from __future__ import annotations

from itertools import islice
from typing import Any

from archcalc.analysis.input_sizes import SizeMisfit, Survey
from archcalc.renderers.json import indented
from archcalc.views.progressions import runs, words
from archcalc.wording import counted, exact, visible

MISFITS_SHOWN = 8


def text(survey: Survey) -> str:
    """A line for each question, with how many sizes there are, and why the others do not fit."""
    low, high, total = survey.low, survey.high, survey.high - survey.low + 1
    sizes = "x".join("N" * survey.axes)
    lines = [
        visible(survey.name),
        f"input {sizes}x{survey.channels}, N from {exact(low)} to {exact(high)}",
        "",
        f"{'fits':<21}{_answer(survey.fitting, survey)}",
        f"{'without lost input':<21}{_answer(survey.lossless, survey)}",
    ]
    if survey.misfits:
        lines += ["", f"does not fit at {counted(total - len(survey.fitting), 'size')}:"]
        lines += [_reason(misfit, survey) for misfit in islice(survey.misfits, MISFITS_SHOWN)]
        rest = len(survey.misfits) - MISFITS_SHOWN
        if rest > 0:
            lines.append(f"  and for {counted(rest, 'further reason')}")
    return "".join(f"{line}\n" for line in lines)


def _answer(sizes: list[int], survey: Survey) -> str:
    said = words(sizes, survey.low, survey.high)
    if not sizes or said == "all" or len(sizes) == 1:
        return said
    return f"{said} ({counted(len(sizes), 'size')}, {exact(sizes[0])} to {exact(sizes[-1])})"


def _reason(misfit: SizeMisfit, survey: Survey) -> str:
    first, sizes = misfit.first, misfit.sizes
    where = f"{visible(first.layer)}: " if first.layer else ""
    return (
        f"  {first.rule} at {words(sizes, survey.low, survey.high)}\n"
        f"    {exact(sizes[0])}: {where}{visible(first.message)}"
    )


def json(survey: Survey) -> str:
    """Version 1; sizes as pairs of the first and the last of each run of neighbours."""
    return indented(
        {
            "version": 1,
            "name": survey.name,
            "channels": survey.channels,
            "axes": survey.axes,
            "from": survey.low,
            "to": survey.high,
            "fits": runs(survey.fitting),
            "without_lost_input": runs(survey.lossless),
            "misfits": [_misfit(misfit) for misfit in survey.misfits],
        }
    )


def _misfit(misfit: SizeMisfit) -> dict[str, Any]:
    first = misfit.first
    return {
        "rule": first.rule,
        "layer": first.layer,
        "line": first.span.line if first.span else None,
        "message": first.message,
        "sizes": runs(misfit.sizes),
    }
