"""Printed figures next to computed ones: a table for each network, or JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from archcalc.analysis.published import Verdict
from archcalc.network.volume import Volume
from archcalc.renderers.grid import columns_of, draw, squeezed
from archcalc.renderers.json import indented
from archcalc.renderers.wrapping import wrapped
from archcalc.views.document import volume
from archcalc.views.verdicts import HEADINGS, count, judged, printed, word
from archcalc.wording import shown, visible

# Columns with larger numbers are dropped first.
RANKS = (0, 1, 2, 3, 0, 4)

Networks = Sequence[tuple[str, Sequence[Verdict]]]


def table(networks: Networks, *, width: int | None = None) -> str:
    """A table for each network; to fit a width, the least useful columns are dropped."""
    return "\n".join(_network(name, verdicts, width) for name, verdicts in networks)


def _network(name: str, verdicts: Sequence[Verdict], width: int | None) -> str:
    if not verdicts:
        return "\n".join([*wrapped(f"{name}: no published figures", width), ""])
    rows = judged(verdicts)
    cells = [row._replace(source=visible(row.source)).cells for row in rows]
    columns = columns_of(HEADINGS, cells, RANKS)
    kept = columns if width is None else squeezed(columns, width)
    lines = [*wrapped(f"{name}: {count(verdicts)}", width), "", draw(kept)]
    names = {column.name for column in kept}
    left_out = [column.name for column in columns if column.name not in names]
    lines += wrapped(f"no room for {', '.join(left_out)}", width) if left_out else []
    notes = [f"{row.where} {row.quantity} {row.printed}: {row.note}" for row in rows if row.note]
    lines += [""] if notes else []
    lines += [line for note in notes for line in wrapped(note, width, "  ")]
    return "\n".join(lines) + "\n"


def json(networks: Networks) -> str:
    """The verdicts, version 1."""
    return indented(
        {
            "version": 1,
            "networks": [
                {"name": name, "figures": [_figure(verdict) for verdict in verdicts]}
                for name, verdicts in networks
            ],
        }
    )


def _figure(verdict: Verdict) -> dict[str, Any]:
    claim, computed = verdict.claim, verdict.computed
    return {
        "at": claim.at,
        "quantity": claim.quantity,
        "printed": printed(verdict),
        "input": volume(claim.input) if claim.input else None,
        "variables": {name: shown(value) for name, value in claim.variables},
        "source": claim.source,
        "computed": volume(computed) if isinstance(computed, Volume) else computed,
        "verdict": word(verdict).partition(",")[0],
        "ratio": None if verdict.ratio is None else str(verdict.ratio),
        "note": claim.note,
        "line": claim.span.line if claim.span else None,
    }
