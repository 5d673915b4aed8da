"""Totals side by side as bars, for the terminal and as SVG."""

from __future__ import annotations

from collections.abc import Sequence

from archcalc.renderers import bars
from archcalc.views.charts import Chart, compared
from archcalc.views.comparison import Compared
from archcalc.wording import visible

LONGEST = 40  # characters


def text(networks: Sequence[Compared]) -> str:
    """A bar per network below the name of each quantity."""
    return "\n".join(map(_lines, compared(networks)))


def _lines(chart: Chart) -> str:
    names = [visible(bar.label) for bar in chart.bars]
    label = max(map(len, names))
    lines = [chart.title]
    for name, bar in zip(names, chart.bars, strict=True):
        length = -(-LONGEST * bar.value // chart.largest)
        lines.append(f"  {name:<{label}}  {'█' * length:<{LONGEST}}  {bar.text}".rstrip())
    return "\n".join(lines) + "\n"


def svg(networks: Sequence[Compared]) -> str:
    """The same bars, one chart below the other."""
    return bars.stacked(compared(networks), "Totals side by side")
