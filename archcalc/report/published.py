"""Printed figures beside computed ones: a table for each network, or JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from archcalc.diagnostics import visible
from archcalc.published import Verdict
from archcalc.report.document import volume
from archcalc.report.table import GAP, draw, grid
from archcalc.report.verdicts import count, printed, where, word, written
from archcalc.volume import Volume

HEADINGS = (
    ("where", False), ("quantity", False), ("printed", True), ("computed", True),
    ("verdict", False), ("source", False),
)  # fmt: skip
SOURCE = 5

Found = Sequence[tuple[str, Sequence[Verdict]]]


def render(found: Found, form: str = "table", width: int | None = None) -> str:
    """The verdicts of each named network; ``form`` is table or json.

    The sources are left out where they do not fit into ``width``.
    """
    if form == "json":
        return json.dumps(to_dict(found), indent=1, ensure_ascii=True) + "\n"
    return "\n".join(_network(name, verdicts, width) for name, verdicts in found)


def _network(name: str, verdicts: Sequence[Verdict], width: int | None) -> str:
    if not verdicts:
        return f"{visible(name)}: no published figures\n"
    cells = [_cells(verdict) for verdict in verdicts]
    columns = range(len(HEADINGS)) if _fits(cells, width) else range(SOURCE)
    table = grid([HEADINGS[i] for i in columns])
    for row in cells:
        table.add_row(*(row[i] for i in columns))
    notes = [
        f"{where(verdict)} {verdict.claim.quantity} {printed(verdict)}: {verdict.claim.note}"
        for verdict in verdicts
        if verdict.claim.note and not verdict.agrees
    ]
    lines = [f"{visible(name)}: {count(verdicts)}", "", draw(table, colour=False)]
    lines += ["", *map(visible, notes)] if notes else []
    return "\n".join(lines) + "\n"


def _cells(verdict: Verdict) -> list[str]:
    computed = "" if verdict.computed is None else written(verdict.computed)
    return [
        where(verdict),
        verdict.claim.quantity,
        printed(verdict),
        computed,
        word(verdict),
        visible(verdict.claim.source),
    ]


def _fits(cells: Sequence[Sequence[str]], width: int | None) -> bool:
    if width is None:
        return True
    widths = (max(len(cell) for cell in column) for column in zip(*cells, strict=True))
    return sum(w + GAP for w in widths) - GAP <= width


def to_dict(found: Found) -> dict[str, Any]:
    """The verdicts as plain data: integers, text, lists and mappings."""
    return {
        "version": 1,
        "networks": [
            {"name": name, "figures": [_figure(verdict) for verdict in verdicts]}
            for name, verdicts in found
        ],
    }


def _figure(verdict: Verdict) -> dict[str, Any]:
    claim, computed = verdict.claim, verdict.computed
    return {
        "at": claim.at,
        "quantity": claim.quantity,
        "printed": printed(verdict),
        "input": volume(claim.input) if claim.input else None,
        "source": claim.source,
        "computed": volume(computed) if isinstance(computed, Volume) else computed,
        "verdict": word(verdict).partition(",")[0],
        "ratio": None if verdict.ratio is None else str(verdict.ratio),
        "note": claim.note,
        "line": claim.place.line,
    }
