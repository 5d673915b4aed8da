"""The entries of ``allow`` that accept findings, as a file has them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

LINES = 8  # entries for the copies of one finding
STEPS = 500_000  # for all patterns of a network: thousands of findings may have thousands of copies
MORE = "  # covers other findings too"
WORDS = ("y", "n", "yes", "no", "on", "off", "true", "false", "null")  # no text in YAML

Layers = Sequence[str | None]
Parts = list[str]


class Acceptance:
    """Writes entries for the findings of one rule.

    ``groups`` are the layers of those that stand at one place each, and that nothing accepts yet.
    An entry covers no finding of another group, or says so in a comment.
    """

    def __init__(self, rule: str, groups: Iterable[tuple[int, Layers]]) -> None:
        self.rule = rule
        self.left = STEPS
        self._found = _PatternPart()
        for number, layers in groups:
            for layer in layers:
                part = self._found
                for name in layer.split(".") if layer is not None else ():
                    part = part.inside.setdefault(name, _PatternPart())
                part.groups.append(number)

    def entries(self, number: int, layers: Layers) -> str:
        """The entries that accept the findings of a group, a line each; mostly there is one."""
        paths = [layer.split(".") for layer in layers if layer is not None]
        if not paths:
            return self._entry(None, more=any(self._others(number, [])))
        lengths = [[path for path in paths if len(path) == n] for n in sorted(set(map(len, paths)))]
        narrow = (pattern for alike in lengths for pattern in self._narrow(number, alike))
        patterns = list(islice(narrow, LINES + 1))
        if None not in patterns and len(patterns) <= LINES:
            return "\n".join(self._entry(pattern) for pattern in patterns)
        return "\n".join(self._entry(_pattern(alike), more=True) for alike in lengths)

    def _narrow(self, number: int, paths: list[Parts]) -> Iterator[Parts | None]:
        """Patterns that cover these paths and no other finding; None where there is none."""
        pattern = _pattern(paths)
        if not any(self._others(number, pattern)):
            yield pattern
        elif "*" not in pattern:
            yield None
        else:
            at = pattern.index("*")
            for name in dict.fromkeys(path[at] for path in paths):
                yield from self._narrow(number, [path for path in paths if path[at] == name])

    def _others(self, number: int, pattern: Parts) -> Iterator[bool]:
        """For the findings that a pattern covers, whether they belong to another group."""
        reached = [(self._found, 0)]
        while reached:
            self.left -= 1
            if self.left < 0:
                yield True
                return
            part, depth = reached.pop()
            if depth >= len(pattern):
                yield from (group != number for group in part.groups)
            if depth >= len(pattern) or pattern[depth] == "*":
                reached += [(inner, depth + 1) for inner in part.inside.values()]
            elif pattern[depth] in part.inside:
                reached.append((part.inside[pattern[depth]], depth + 1))

    def _entry(self, pattern: Parts | None, *, more: bool = False) -> str:
        at = ".".join(pattern) if pattern is not None else None
        return f"{entry(self.rule, at)}{MORE if more else ''}"


def entry(rule: str, at: str | None = None) -> str:
    """An entry of ``allow``, with dots for the reason."""
    where = f", at: {_scalar(at)}" if at is not None else ""
    return f'- {{rule: {rule}{where}, because: "..."}}'


def _pattern(paths: Sequence[Parts]) -> Parts:
    """The parts that paths of one length have in common, and ``*`` where they differ."""
    return [names[0] if len(set(names)) == 1 else "*" for names in zip(*paths, strict=True)]


def _scalar(path: str) -> str:
    """A path as a YAML scalar; quoted where a reader could take it for something else."""
    is_plain = re.match(r"[A-Za-z_][\w.-]*\Z", path, re.ASCII) and path.lower() not in WORDS
    return path if is_plain else f'"{path}"'


class _PatternPart:
    """A part of the paths of findings: the groups of those that end here, and what follows."""

    __slots__ = ("groups", "inside")

    def __init__(self) -> None:
        self.groups: list[int] = []
        self.inside: dict[str, _PatternPart] = {}
