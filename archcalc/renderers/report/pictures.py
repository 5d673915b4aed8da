"""The volumes, the graph, and charts of cost, memory and the receptive field along the depth."""

from __future__ import annotations

from collections.abc import Mapping

from archcalc.analysis.analysis import Analysis
from archcalc.renderers import alive, bars, course, volumes
from archcalc.renderers.flowchart import mermaid
from archcalc.renderers.markup import MARKER, code, image
from archcalc.views.alive import alive as over_time
from archcalc.views.charts import Chart
from archcalc.views.flowchart import flowcharts

Charts = Mapping[str, Chart]


def section(analysis: Analysis, charts: Charts, stem: str, inline: bool) -> list[str]:
    lines = ["", "## The graph"]
    if not inline:
        lines += ["", image("The network as volumes", _file(stem, "volumes"))]
    for flowchart in flowcharts(analysis):
        if flowchart.path:
            lines += ["", f"One {flowchart.kind}, as {code(flowchart.path)}:"]
        lines += ["", "```mermaid", mermaid(flowchart).rstrip("\n"), "```"]
    lines += ["", "## Along the depth"]
    if inline:
        for chart in charts.values():
            lines += ["", "```mermaid", bars.mermaid(chart).rstrip("\n"), "```"]
        return lines
    images = [image(chart.title, _file(stem, name)) for name, chart in charts.items()]
    return [*lines, "", *images, image("Memory at inference over time", _file(stem, "alive"))]


def files(analysis: Analysis, charts: Charts, stem: str) -> dict[str, str]:
    drawn = {name: bars.svg(chart) for name, chart in charts.items()}
    drawn["volumes"] = f"{volumes.svg(analysis)}{MARKER}\n"
    drawn["alive"] = alive.svg(over_time(analysis, course.BINS))
    return {_file(stem, name): text for name, text in drawn.items()}


def _file(stem: str, name: str) -> str:
    return f"{stem}-{name}.svg"
