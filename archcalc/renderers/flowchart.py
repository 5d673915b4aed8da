"""Flowcharts as mermaid."""

from __future__ import annotations

from archcalc.renderers.mermaid import label
from archcalc.views.flowchart import Box, Flowchart

COMPACT = '%%{init: {"flowchart": {"nodeSpacing": 24, "rankSpacing": 24, "padding": 8}}}%%'


def mermaid(chart: Flowchart) -> str:
    """Boxes are named n0, n1 ..., and what feeds them from outside i0, i1 ..."""
    lines = [COMPACT, "flowchart TD"]
    for index, feed in enumerate(chart.feeds):
        lines.append(f'  i{index}(["{label(feed.name)}<br/>{feed.output}"])')
    for index, box in enumerate(chart.boxes):
        lines.append(f"  n{index}{_shape(box)}")
    for arrow in chart.arrows:
        source = f"{'i' if arrow.is_feed else 'n'}{arrow.source}"
        lines.append(f"  {source} {'-.->' if arrow.is_size else '-->'} n{arrow.target}")
    return "\n".join(lines) + "\n"


def _shape(box: Box) -> str:
    shown = f'"{label(box.name)}: {label(box.what)}<br/>{box.output}"'
    if box.is_folded:
        return f"[[{shown}]]"
    return f"{{{{{shown}}}}}" if box.is_merge else f"[{shown}]"
