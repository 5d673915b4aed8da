"""A file that differs from the code that it describes."""

from __future__ import annotations

from archcalc.diagnostics import Severity
from archcalc.rules.base import Rule

RULE = Rule(
    id="code-mismatch",
    severity=Severity.ERROR,
    summary="the file differs from the code that it describes",
    manual=(
        "Found where a check is told to look (`--against SOURCE`, or `--against-code` for what a"
        " file names under `code`). Rows are held against each other by type, activation, output,"
        " parameters, MACs, window, and what they read; views are left out. It can be neither"
        " ignored nor allowed."
    ),
    passes="",
    fails="",
)
