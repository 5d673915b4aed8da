"""What the rules find in layers."""

from __future__ import annotations

from collections.abc import Iterable

from archcalc.analysis.analysis import Analysis, LayerAnalysis
from archcalc.rules import findings
from archcalc.rules.base import Allowances
from archcalc.rules.catalogue import CHECKS
from archcalc.views.explanation.base import Section


def findings_of(analysis: Analysis, layers: Iterable[LayerAnalysis]) -> dict[str, Section]:
    """Findings by the path of their layer, each with the numbers of its own copy of a block."""
    sections = {layer.name: Section("Findings", []) for layer in layers}
    allowances = Allowances(analysis.network.allow)
    for rule, finding in findings(analysis, CHECKS):
        if finding.layer not in sections:
            continue
        lines = sections[finding.layer].lines
        message, suggestions = finding.describe()
        lines.append((rule.id, f"{finding.grade(rule).value}: {message}"))
        allowed = allowances.of(rule.id, finding.layer)
        if allowed:
            lines.append(("", f"allowed: {allowed.because}"))
        else:
            lines += [("", suggestion.text) for suggestion in suggestions]
    return sections
