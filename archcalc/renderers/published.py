"""Printed figures beside computed ones: a table for each network, or JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.cells import cell_len

from archcalc.analysis.published import Verdict
from archcalc.network.volume import Volume
from archcalc.renderers.json import indented
from archcalc.renderers.table import GAP, SHORT_NAME, draw, fill, grid, shortened
from archcalc.renderers.wrapping import wrapped
from archcalc.views.document import volume
from archcalc.views.verdicts import HEADINGS, count, judged, printed, word
from archcalc.wording import visible

LEAST_USEFUL = (5, 3, 2, 1)

Networks = Sequence[tuple[str, Sequence[Verdict]]]


def table(networks: Networks, *, width: int | None = None) -> str:
    """A table per network, without the least useful columns where they do not fit a width."""
    return "\n".join(_network(name, verdicts, width) for name, verdicts in networks)


def _network(name: str, verdicts: Sequence[Verdict], width: int | None) -> str:
    if not verdicts:
        return "\n".join([*wrapped(f"{name}: no published figures", width), ""])
    rows = judged(verdicts)
    cells = [[*row._replace(source=visible(row.source)).cells] for row in rows]
    columns = [list(column) for column in zip(*cells, strict=True)]
    kept = _fitting(columns, width)
    if width is not None:
        room = max(width - sum(_width(columns, i) for i in kept if i), SHORT_NAME)
        columns[0] = [shortened(path, room) for path in columns[0]]
    drawn = grid([HEADINGS[i] for i in kept])
    fill(drawn, [columns[i] for i in kept], [""] * len(verdicts))
    lines = [*wrapped(f"{name}: {count(verdicts)}", width), "", draw(drawn, colour=False)]
    if len(kept) < len(HEADINGS):
        left_out = ", ".join(heading for i, (heading, _) in enumerate(HEADINGS) if i not in kept)
        lines += wrapped(f"no room for {left_out}", width)
    notes = [f"{row.where} {row.quantity} {row.printed}: {row.note}" for row in rows if row.note]
    lines += [""] if notes else []
    lines += [line for note in notes for line in wrapped(note, width, "  ")]
    return "\n".join(lines) + "\n"


def _fitting(columns: Sequence[Sequence[str]], width: int | None) -> list[int]:
    """The columns that fit, the most useful first; the first may become narrower."""
    kept = list(range(len(HEADINGS)))
    for index in LEAST_USEFUL:
        first = min(_width(columns, 0), SHORT_NAME + GAP)
        if width is None or first + sum(_width(columns, i) for i in kept if i) - GAP <= width:
            break
        kept.remove(index)
    return kept


def _width(columns: Sequence[Sequence[str]], index: int) -> int:
    return max(map(cell_len, (HEADINGS[index][0], *columns[index]))) + GAP


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
        "source": claim.source,
        "computed": volume(computed) if isinstance(computed, Volume) else computed,
        "verdict": word(verdict).partition(",")[0],
        "ratio": None if verdict.ratio is None else str(verdict.ratio),
        "note": claim.note,
        "line": claim.span.line,
    }
