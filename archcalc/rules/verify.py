"""Tries a suggestion: the file is read again with the edit in it and held against the rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from archcalc.analysis.analysis import Analysis, analyze
from archcalc.analysis.quantities import VOCABULARY
from archcalc.archfile import parse as document
from archcalc.archfile.declaration import AnyEntry, Architecture, GroupEntry, LayerEntry
from archcalc.archfile.expansion import expand
from archcalc.archfile.nodes import YamlNode
from archcalc.archfile.reader import read
from archcalc.diagnostics import Enough, Fault, Findings, Span
from archcalc.network.values import VOLUME
from archcalc.rules.base import Suggestion

Found = set[tuple[str, str | None, Span]]
LAYERS_TRIED = 20_000


class Trials:
    """Verifies suggestions about one analysis, within a bounded amount of work.

    ``find`` gives what the rules find in an analysis: rule, layer and place. A suggestion holds
    when nothing that it is about is left and nothing else has come.
    """

    def __init__(self, analysis: Analysis, find: Callable[[Analysis], Found]) -> None:
        self.analysis = analysis
        self.find = find
        self.before = find(analysis)
        self.left = LAYERS_TRIED

    def verified(
        self, suggestions: Iterable[Suggestion], rule: str, span: Span
    ) -> tuple[Suggestion, ...]:
        """The suggestions that hold, and those that only state a fact."""
        return tuple(s for s in suggestions if s.is_fact or self.holds(s, rule, span))

    def holds(self, suggestion: Suggestion, rule: str, span: Span) -> bool:
        self.left -= len(self.analysis.layers)
        if self.left < 0 or not (suggestion.edits or suggestion.input):
            return False
        try:
            after = self._after(suggestion, span)
        except (Fault, Enough):
            return False
        if after is None:
            return False
        target = {found for found in self.before if found[0] == rule and found[2] == span}
        found = self.find(after)
        return not found & target and found <= self.before

    def _after(self, suggestion: Suggestion, span: Span) -> Analysis | None:
        net, findings = self.analysis.architecture, Findings()
        edited = read(net.source.text, net.source.filename, findings, VOCABULARY)
        edited.budget = net.budget
        if findings or not _edit(edited, suggestion, span):
            return None
        graph = expand(edited, findings, self.analysis.graph.variables)
        size = self.analysis.input
        if suggestion.input is not None:
            size = VOLUME.check(suggestion.input)
        return analyze(edited, graph, findings, size, self.analysis.batch, self.analysis.dtype)


def _edit(architecture: Architecture, suggestion: Suggestion, span: Span) -> bool:
    """Puts the values of an edit into the entry at a place."""
    if not suggestion.edits:
        return True
    entry = next((e for e in _entries(architecture) if e.span == span), None)
    if not isinstance(entry, LayerEntry):
        return False
    for key, text in suggestion.edits:
        node = _node(text)
        if node is None:
            return False
        entry.values = {**entry.values, key: node}
    entry.layer = None
    return True


def _node(text: str) -> YamlNode | None:
    root = document.parse(f"value: {text}", Findings())
    return root.get("value") if root else None


def _entries(architecture: Architecture) -> Iterator[AnyEntry]:
    yield from _below(architecture.layers)
    for block in architecture.blocks.values():
        yield from _below(block.layers)


def _below(entries: Iterable[AnyEntry]) -> Iterator[AnyEntry]:
    for entry in entries:
        yield entry
        if isinstance(entry, GroupEntry):
            yield from _below(entry.layers)
        elif isinstance(entry, LayerEntry):
            for _, branch in entry.branches or ():
                yield from _below(branch)
