"""Which findings a file accepts."""

from __future__ import annotations

from collections.abc import Iterable

from archcalc.network.figures import Allowance


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
