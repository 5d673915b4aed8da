"""What a rule is, what it finds and suggests, and which findings a file accepts."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Any

from archcalc.analysis.analysis import Analysis, LayerAnalysis
from archcalc.diagnostics import Severity, Span
from archcalc.network.figures import Allowance
from archcalc.network.network import Node
from archcalc.network.volume import Volume
from archcalc.network.window import Window
from archcalc.record import Record


class Suggestion(Record):
    """A line for the author, and the edit that it speaks of.

    ``edits`` are keys of the entry with their plain values, ``input`` another input of the network.
    ``is_fact`` where it only states something; one that states an edit which cannot be tried has
    neither.
    """

    text: str
    edits: tuple[tuple[str, Any], ...] = ()
    input: Volume | None = None
    is_fact: bool = False


# What is said of an edit after which all that follows has another number of positions.
RESAMPLES = "changes the network's resolution"


Description = tuple[str, tuple[Suggestion, ...]]


class Finding(Record):
    """What breaks a rule, and where. ``describe`` gives message and suggestions when asked.

    ``node`` is the row that it is about, if it is about one; ``about`` is anything else that is
    written nowhere in a network without a file. ``severity`` is None where it is the rule's.
    """

    span: Span | None
    layer: str | None
    describe: Callable[[], Description]
    node: Node | None = None
    about: Hashable = None
    severity: Severity | None = None

    @property
    def place(self) -> Hashable:
        """What findings at one written place have in common, also where there is no file."""
        if self.node:
            return self.node.identity
        return self.span.start if self.span else self.about or self.layer

    def grade(self, rule: Rule) -> Severity:
        """How severe it is: as its rule is, unless it says otherwise."""
        return self.severity or rule.severity


def at_layer(
    layer: LayerAnalysis, describe: Callable[[], Description], severity: Severity | None = None
) -> Finding:
    return Finding(layer.span, layer.name, describe, layer.node, severity=severity)


def windowed(
    analysis: Analysis, fails: Callable[[Window], object]
) -> Iterator[tuple[LayerAnalysis, Window]]:
    """The layers with a window that fails, and the first such; each shape is tested once."""
    tested: dict[int, Window | None] = {}
    for layer in analysis.layers:
        windows = layer.costs.shape.windows
        if not windows:
            continue
        at = id(windows)  # equal layers on equal inputs have one shape, which lives as long
        if at not in tested:
            tested[at] = next((w for w in dict.fromkeys(windows) if fails(w)), None)
        window = tested[at]
        if window is not None:
            yield layer, window


class Rule(Record):
    """A check, and how severe its findings are that do not say so themselves.

    ``fails`` and ``passes`` are files one edit apart: its tests and its manual. They are empty
    where no file alone breaks it.

    A line ``#  ^`` in ``fails`` points at the column of the line above where the rule is broken.
    ``check`` is None for what is found while a file is read or its shapes are calculated; such a
    mistake can be neither ignored nor allowed.
    """

    id: str
    severity: Severity
    summary: str
    manual: str
    passes: str
    fails: str
    check: Callable[[Analysis], Iterable[Finding]] | None = None


class Allowances:
    """The entries of ``allow``, by rule and path: files have thousands, and as many findings."""

    def __init__(self, entries: Iterable[Allowance]) -> None:
        self._rules: dict[str, _Part] = {}
        for number, entry in enumerate(entries):
            part = self._rules.setdefault(entry.rule, _Part())
            for name in entry.at.split(".") if entry.at is not None else ():
                part = part.inside.setdefault(name, _Part())
            part.entry = part.entry or (number, entry)

    def of(self, rule: str, layer: str | None) -> Allowance | None:
        """The first entry that accepts a finding of a rule at a layer's path, if one does.

        An entry without a path covers everything, also what has none itself; one with a path, in
        which ``*`` is any one part, covers what it names and what is inside.
        """
        if rule not in self._rules:
            return None
        parts = reached = [self._rules[rule]]
        for name in layer.split(".") if layer is not None else ():
            parts = [
                part.inside[step] for part in parts for step in (name, "*") if step in part.inside
            ]
            if not parts:
                break
            reached = reached + parts
        return min((part.entry for part in reached if part.entry), default=(0, None))[1]


class _Part:
    """A part of the paths of a rule's entries: the first that ends here, and what follows."""

    __slots__ = ("entry", "inside")

    def __init__(self) -> None:
        self.entry: tuple[int, Allowance] | None = None
        self.inside: dict[str, _Part] = {}
