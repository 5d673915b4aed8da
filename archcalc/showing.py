"""What a program calls to see a layer's arithmetic, or networks side by side, as text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from archcalc.analysis.analysis import Analysis
from archcalc.analysis.whole import trained
from archcalc.renderers import COMPARISON_FORMATS, DIFFERENCE_FORMATS, EXPLANATION_FORMATS, Formats
from archcalc.views.comparison import comparison
from archcalc.views.difference import difference
from archcalc.views.explanation import explanations, find


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
    return EXPLANATION_FORMATS[format](explanations(analysis, found))


def diff(old: Analysis, new: Analysis, format: str = "text") -> str:
    """What changed between two analyses, as text, markdown or json.

    Raises:
        TypeError: for anything but analyses.
        ValueError: for an unknown format.
    """
    _check([old, new])
    _check_format(format, DIFFERENCE_FORMATS)
    return DIFFERENCE_FORMATS[format](difference(old, new))


def compare(analyses: Iterable[Analysis] | Mapping[str, Analysis], format: str = "text") -> str:
    """Totals side by side with ratios to the first, as text, markdown or json.

    ``analyses`` are shown under their networks' names, or those that a mapping gives them.

    Raises:
        TypeError: for anything but analyses.
        ValueError: where there are none, or for an unknown format.
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
    return COMPARISON_FORMATS[format](comparison(named))


def _check(analyses: Iterable[object]) -> None:
    for analysis in analyses:
        if not isinstance(analysis, Analysis):
            raise TypeError(f"an analysis is what analyze returns, not {analysis!r}")


def _check_format(name: str, formats: Formats) -> None:
    if name not in formats:
        raise ValueError(f"format is one of {', '.join(formats)}, not {name!r}")
