"""The page of a sweep: a scatter of its rows, and a table that sorts and filters."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from archcalc.renderers.markup import MARKER
from archcalc.renderers.page import asset, filled, inert, policy
from archcalc.version import __version__
from archcalc.wording import counted, exact, visible

STILL = 100  # rows without a script


def render(
    name: str,
    header: Sequence[str],
    rows: Sequence[tuple[Sequence[str], bool]],
    total: int,
    axes: tuple[str, str],
    picture: str,
) -> str:
    """``rows`` with whether each is on the front, of ``total`` that there are; ``picture`` is SVG.

    ``axes`` are the columns that are drawn at first.
    """
    style = f"{asset('page.css')}{asset('sweep.css')}"
    script = f'"use strict";\n(() => {{\n{asset("sweep.js")}}})();\n'
    front = sum(is_best for _, is_best in rows)
    about = counted(total, "variant")
    if len(rows) < total:
        about += f", of which {exact(len(rows))} are here"
    if front:
        about += f"; {exact(front)} on the Pareto front"
    return filled(
        asset("sweep.html"),
        {
            "policy": policy(script, style),
            "title": escape(visible(name)),
            "about": escape(about),
            "style": style,
            "still": picture + _table(header, rows),
            "footer": escape(f"calculated by archcalc {__version__}"),
            "data": inert(
                {
                    "names": header,
                    "rows": [cells for cells, _ in rows],
                    "best": [place for place, (_, is_best) in enumerate(rows) if is_best],
                    "across": header.index(axes[0]),
                    "up": header.index(axes[1]),
                }
            ),
            "script": script,
            "marker": MARKER,
        },
    )


def _table(header: Sequence[str], rows: Sequence[tuple[Sequence[str], bool]]) -> str:
    head = "".join(f'<th scope="col">{escape(visible(name))}</th>' for name in header)
    body = "\n".join(
        f"<tr>{''.join(f'<td>{escape(visible(cell))}</td>' for cell in cells)}</tr>"
        for cells, _ in rows[:STILL]
    )
    more = f"<p>and {exact(len(rows) - STILL)} more rows</p>" if len(rows) > STILL else ""
    return (
        f'<table class="still-table"><thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>'
        f"</table>{more}"
    )
