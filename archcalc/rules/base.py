"""What a rule is, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from archcalc.analysis import Analysis, LayerAnalysis
from archcalc.diagnostics import Severity


class Finding(NamedTuple):
    """A layer that breaks a rule. ``describe`` gives message and suggestions."""

    layer: LayerAnalysis
    describe: Callable[[], tuple[str, tuple[str, ...]]]


class Rule(NamedTuple):
    """A check. ``fails`` and ``passes`` are files one edit apart: its tests and its manual."""

    id: str
    severity: Severity
    summary: str
    manual: str
    passes: str
    fails: str
    check: Callable[[Analysis], Iterable[Finding]]
