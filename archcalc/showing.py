"""What a program calls to see a layer's arithmetic, or networks side by side, as text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from archcalc.analysis.analysis import Analysis
from archcalc.analysis.whole import trained
from archcalc.api import written
from archcalc.archfile.keys import TRAIN
from archcalc.diagnostics import Fault
from archcalc.network.training import Settings
from archcalc.network.values import BYTES
from archcalc.renderers import (
    COMPARISON_FORMATS,
    DIFFERENCE_FORMATS,
    EXPLANATION_FORMATS,
    MEMORY_FORMATS,
    Formats,
)
from archcalc.views.comparison import comparison
from archcalc.views.difference import difference
from archcalc.views.explanation import explanations, find
from archcalc.views.memory import memory as simulated


def explain(analysis: Analysis, layer: str, format: str = "text") -> str:
    """The arithmetic of a layer with its numbers, as text or markdown.

    Raises:
        TypeError: for anything but an analysis.
        ValueError: where no layer has the path, or for an unknown format.
    """
    _check([analysis])
    _check_format(format, EXPLANATION_FORMATS)
    analysis = trained(analysis)
    found = find(analysis, layer)
    return written(EXPLANATION_FORMATS[format], explanations(analysis, found))


def diff(old: Analysis, new: Analysis, format: str = "text") -> str:
    """What changed between two analyses, as text, markdown or json.

    Raises:
        TypeError: for anything but analyses.
        ValueError: for an unknown format.
    """
    _check([old, new])
    _check_format(format, DIFFERENCE_FORMATS)
    return written(DIFFERENCE_FORMATS[format], difference(old, new))


def compare(
    analyses: Iterable[Analysis] | Mapping[str, Analysis],
    format: str = "text",
    columns: Sequence[str] | None = None,
) -> str:
    """Totals side by side with ratios to the first; ``format`` is one of the command's.

    ``analyses`` are shown under their networks' names, or those that a mapping gives them;
    ``columns`` are the totals to show, by default all.

    Raises:
        TypeError: for anything but analyses.
        ValueError: where there are none, or for an unknown format or total.
    """
    if isinstance(analyses, Mapping):
        named = list(analyses.items())
    else:
        _check(listed := list(analyses))
        named = [(analysis.name, analysis) for analysis in listed]
    _check([analysis for _, analysis in named])
    _check_format(format, COMPARISON_FORMATS)
    if not named:
        raise ValueError("there is nothing to compare")
    return written(COMPARISON_FORMATS[format], comparison(named, columns))


def memory(
    analysis: Analysis, format: str = "text", *, inference: bool = False, **train: Any
) -> str:
    """What a step of training takes, as text, markdown or json; with ``inference`` a forward pass.

    ``train`` are keys as a file has them, such as ``optimizer="adamw"`` or ``fit="24GB"``; they go
    before the file's.

    Raises:
        TypeError: for anything but an analysis.
        ValueError: for an unknown format or key, a wrong value, or what is not trained in.
    """
    _check([analysis])
    _check_format(format, MEMORY_FORMATS)
    settings = analysis.network.train or Settings()
    settings = settings._replace(**{name: _setting(name, train[name]) for name in train})
    if settings.contradiction:
        raise ValueError(settings.contradiction)
    return written(MEMORY_FORMATS[format], simulated(analysis, settings, inference))


def _setting(name: str, value: Any) -> Any:
    if name not in TRAIN or name == "batch":
        raise ValueError(f"memory takes {', '.join(key for key in TRAIN if key != 'batch')}")
    takes = TRAIN[name].takes
    assert takes is not None
    try:
        found = takes.check(value)
    except Fault as fault:
        raise ValueError(f"{name} {fault.message}") from None
    return int(found.value) if takes is BYTES else found


def _check(analyses: Iterable[object]) -> None:
    for analysis in analyses:
        if not isinstance(analysis, Analysis):
            raise TypeError(f"an analysis is what analyze returns, not {analysis!r}")


def _check_format(name: str, formats: Formats) -> None:
    if name not in formats:
        raise ValueError(f"format is one of {', '.join(formats)}, not {name!r}")
