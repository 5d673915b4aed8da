"""What the rules found in a layer."""

from __future__ import annotations

from archcalc.analysis import Analysis, LayerAnalysis
from archcalc.explain.base import Section


def findings(analysis: Analysis, layer: LayerAnalysis) -> Section:
    """The findings at the place of the layer, with their suggestions."""
    lines = []
    for each in analysis.diagnostics:
        if each.place == layer.place:
            lines.append((each.rule, each.message))
            if each.allowed:
                lines.append(("", f"allowed: {each.allowed}"))
            lines += [("", hint) for hint in each.hints]
    return Section("Findings", lines)
