"""The graph, the bars of cost along the depth, and the growth of the receptive field."""

from __future__ import annotations

from collections.abc import Mapping

from archcalc.analysis.analysis import Analysis
from archcalc.renderers import bars
from archcalc.renderers.bars import Bar, Chart
from archcalc.renderers.flowchart import flowcharts
from archcalc.renderers.markup import code, image
from archcalc.views.outline import Part, outline
from archcalc.wording import share, si


def section(analysis: Analysis, drawn: Mapping[str, Chart], stem: str, inline: bool) -> list[str]:
    lines = ["", "## The graph"]
    for chart in flowcharts(analysis):
        if chart.path:
            lines += ["", f"{chart.title}, as {code(chart.path)}:"]
        lines += ["", "```mermaid", chart.text.rstrip("\n"), "```"]
    lines += ["", "## Along the depth"]
    if inline:
        for chart_of in drawn.values():
            lines += ["", "```mermaid", bars.mermaid(chart_of).rstrip("\n"), "```"]
        return lines
    shown = [image(chart_of.title, f"{stem}-{name}.svg") for name, chart_of in drawn.items()]
    return [*lines, "", *shown]


def files(drawn: Mapping[str, Chart], stem: str) -> dict[str, str]:
    return {f"{stem}-{name}.svg": bars.svg(chart) for name, chart in drawn.items()}


def charts(analysis: Analysis) -> dict[str, Chart]:
    """The charts by the end of their file names; those that would show nothing are left out."""
    parts, totals = outline(analysis), analysis.totals
    first = [("input", analysis.input.elements * analysis.batch)]
    found = {
        "params": _costs("Parameters", _sums(analysis, parts, "params"), totals.params),
        "macs": _costs("MACs", _sums(analysis, parts, "macs"), totals.macs),
        "memory": _costs(
            "Activation memory, elements",
            [*first, *_sums(analysis, parts, "activation_elements")],
            totals.activation_elements,
        ),
    }
    drawn = {name: chart for name, chart in found.items() if chart.whole}
    field = _field(analysis, parts)
    return {**drawn, "field": field} if field else drawn


def _sums(analysis: Analysis, parts: list[Part], name: str) -> list[tuple[str, int]]:
    return [
        (part.path, sum(getattr(layer, name) for layer in part.layers(analysis))) for part in parts
    ]


def _costs(title: str, values: list[tuple[str, int]], total: int) -> Chart:
    shown = [
        Bar(name, value, f"{si(value)} · {share(value, total)}" if value else "0")
        for name, value in values
    ]
    return Chart(f"{title}: {si(total)} in all", shown, whole=total)


def _field(analysis: Analysis, parts: list[Part]) -> Chart | None:
    """The local size after each part, along the first axis; None where there is none."""
    if not analysis.input.spatial:
        return None
    size = analysis.input.spatial[0]
    shown = []
    for part in parts:
        field = part.last(analysis).field
        if field.axes is None:
            shown.append(Bar(part.path, size, "all"))
        else:
            known = field.axes[0].size
            shown.append(Bar(part.path, known, f"{known:,}{' (all)' if field.is_global else ''}"))
    axis = analysis.input.axis_names[0]
    return Chart(f"Receptive field along the {axis}", shown, (size, f"the input: {size:,}"))
