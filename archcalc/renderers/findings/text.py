"""Findings as compilers print them, file by file, and a summary."""

from __future__ import annotations

from collections.abc import Sequence

from archcalc.renderers import diagnostics
from archcalc.views.findings import Checked, agreements, summary


def render(
    files: Sequence[Checked],
    strict: bool,
    *,
    colour: bool = False,
    width: int | None = None,
    show_allow: bool = False,
) -> str:
    findings = "".join(
        diagnostics.render(
            checked.diagnostics, checked.source, colour=colour, width=width, show_allow=show_allow
        )
        for checked in files
    )
    return findings + "".join(f"{line}\n" for line in (*agreements(files), summary(files)))
