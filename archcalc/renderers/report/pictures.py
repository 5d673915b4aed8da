"""The graph, and charts of cost and of the receptive field along the depth."""

from __future__ import annotations

from collections.abc import Mapping

from archcalc.analysis.analysis import Analysis
from archcalc.renderers import bars
from archcalc.renderers.flowchart import mermaid
from archcalc.renderers.markup import code, image
from archcalc.views.charts import Chart
from archcalc.views.flowchart import flowcharts

Charts = Mapping[str, Chart]


def section(analysis: Analysis, charts: Charts, stem: str, inline: bool) -> list[str]:
    lines = ["", "## The graph"]
    for flowchart in flowcharts(analysis):
        if flowchart.path:
            lines += ["", f"One {flowchart.kind}, as {code(flowchart.path)}:"]
        lines += ["", "```mermaid", mermaid(flowchart).rstrip("\n"), "```"]
    lines += ["", "## Along the depth"]
    if inline:
        for chart in charts.values():
            lines += ["", "```mermaid", bars.mermaid(chart).rstrip("\n"), "```"]
        return lines
    return [*lines, "", *(image(chart.title, _file(stem, name)) for name, chart in charts.items())]


def files(charts: Charts, stem: str) -> dict[str, str]:
    return {_file(stem, name): bars.svg(chart) for name, chart in charts.items()}


def _file(stem: str, name: str) -> str:
    return f"{stem}-{name}.svg"
