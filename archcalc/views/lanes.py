"""Where arrows of a chart run that pass boxes between their ends."""

from __future__ import annotations

from archcalc.views.flowchart import Flowchart

Ends = tuple[int, int]


def ends(chart: Flowchart) -> list[Ends]:
    """From which box to which, the input being the first."""
    return [(0 if arrow.is_feed else arrow.source + 1, arrow.target + 1) for arrow in chart.arrows]


def lanes(chart: Flowchart) -> dict[Ends, int]:
    """The lane of every arrow that passes a box; those that meet have different ones."""
    found: dict[Ends, int] = {}
    passing = [one for one in ends(chart) if one[1] > one[0] + 1]
    for start, end in sorted(passing, key=lambda one: one[1] - one[0]):
        taken = {lane for (a, b), lane in found.items() if a < end and start < b}
        found[start, end] = next(n for n in range(len(taken) + 1) if n not in taken)
    return found
