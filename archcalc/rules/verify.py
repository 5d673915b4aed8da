"""Tries a suggestion: the network is built again with the edit and held against the rules."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable

from archcalc.analysis.analysis import Analysis, analyze
from archcalc.analysis.whole import whole
from archcalc.diagnostics import Enough, Fault, Findings, Severity
from archcalc.limits import WORK_PER_LAYER
from archcalc.network.values import VOLUME
from archcalc.record import Record
from archcalc.rules.base import Finding, Rule, Suggestion
from archcalc.rules.figures import stated

Place = tuple[str, str | None, Hashable]
LAYERS_TRIED = 20_000
PHASES_PER_LAYER = 8
FIGURES_PER_LAYER = 16
LEAST = 10  # layers that a trial of the smallest network takes as long as


class Broken(Record):
    """What rules find, as rule, layer and place; notes are apart."""

    failing: set[Place]
    notes: set[Place]


class Trials:
    """Verifies suggestions about one analysis, within a bounded amount of work for all of them.

    ``find`` gives what the rules find in an analysis. A suggestion holds when nothing that it is
    about is left and nothing else has come; that a note has come, or is left of a warning, is
    fine.
    """

    def __init__(self, analysis: Analysis, find: Callable[[Analysis], Broken]) -> None:
        self.analysis = analysis
        self.find = find
        self.before = find(analysis)
        self.cost = _cost(analysis) + len(self.before.failing) + len(self.before.notes)
        self.left = LAYERS_TRIED

    def verified(
        self, suggestions: Iterable[Suggestion], rule: Rule, finding: Finding
    ) -> tuple[Suggestion, ...]:
        """The suggestions that hold, and those that only state a fact."""
        return tuple(s for s in suggestions if s.is_fact or self.holds(s, rule, finding))

    def holds(self, suggestion: Suggestion, rule: Rule, finding: Finding) -> bool:
        if not (suggestion.edits or suggestion.input):
            return False
        self.left -= self.cost
        if self.left < 0:
            return False
        try:
            after = self._after(suggestion, finding)
        except (Fault, Enough):
            return False
        if after is None:
            return False
        before, broken = self.before, self.find(after)
        if finding.grade(rule) is Severity.NOTE:
            about, left = before.notes, broken.notes
        else:
            about, left = before.failing, broken.failing
        target = {at for at in about if at[0] == rule.id and at[2] == finding.place}
        return not left & target and broken.failing <= before.failing

    def _after(self, suggestion: Suggestion, finding: Finding) -> Analysis | None:
        if suggestion.edits and finding.node is None:
            return None
        changes = {finding.place: dict(suggestion.edits)} if suggestion.edits else None
        inputs = {"input": VOLUME.check(suggestion.input)} if suggestion.input else {}
        findings = Findings()
        network = self.analysis.network.rebuilt(findings, inputs=inputs, changes=changes)
        network.budget = self.analysis.network.budget
        network.expect = self.analysis.network.expect
        analysis = self.analysis
        after = analyze(network, findings, analysis.batch, analysis.dtype, analysis.field_of)
        return after and whole(after)


def _cost(analysis: Analysis) -> int:
    """What building and checking a network again takes, in layers.

    Beside layers, a file may have much to expand, to follow or to hold against.
    """
    network = analysis.network
    read = {(layer.field, len(layer.node.inputs)) for layer in analysis.layers}
    phases = sum(inputs * len(axis.spans) for field, inputs in read for axis in field.axes or ())
    layers = len(network.nodes) + network.steps // WORK_PER_LAYER + phases // PHASES_PER_LAYER
    figures = stated(analysis) // FIGURES_PER_LAYER + len(network.expect) + len(network.allow)
    return LEAST + layers + figures
