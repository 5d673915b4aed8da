"""Memory over a step of training, in so many parts that a screen shows each."""

from __future__ import annotations

from typing import Any

from archcalc.analysis.analysis import Analysis
from archcalc.views.memory import conditions, of_file
from archcalc.views.page.numbers import exact
from archcalc.wording import visible

BINS = 240


def course(analysis: Analysis) -> dict[str, Any] | None:
    """The bytes of each part and of what they are; None where nothing is trained."""
    view = of_file(analysis)
    if view is None or view.training is None:
        return None
    bins, peak = view.bins(BINS), view.peak
    return {
        "batch": analysis.batch,
        "fixed": exact(view.fixed),
        "phases": [one.phase for one in bins],
        "bytes": [exact(one.bytes) for one in bins],
        "kept": [exact(one.kept) for one in bins],
        "gradients": [exact(one.gradients) for one in bins],
        "peak": exact(peak.bytes),
        "where": " at ".join(filter(None, (peak.phase, visible(peak.layer(analysis) or "")))),
        "items": [[item.what, exact(item.bytes)] for item in view.items()],
        "conditions": ", ".join(map(visible, conditions(view))),
    }
