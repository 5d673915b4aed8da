"""The index of a folder of pages: a table of totals."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from urllib.parse import quote

from archcalc.analysis.analysis import Analysis
from archcalc.renderers.markup import MARKER
from archcalc.renderers.page import asset, filled, policy
from archcalc.version import __version__
from archcalc.wording import counted, exact, visible

NAME = "index.html"

HEADINGS = ("network", "input", "year", "depth", "params", "MACs", "activation bytes", "peak bytes")


def render(named: Sequence[tuple[str, Analysis]]) -> str:
    """A line for each page, given with the name of its file."""
    head = "".join(
        f'<th scope="col"{_class(place)}>{heading}</th>' for place, heading in enumerate(HEADINGS)
    )
    style = asset("page.css")
    return filled(
        asset("index.html"),
        {
            "policy": policy(None, style),
            "style": style,
            "about": counted(len(named), "network"),
            "head": head,
            "body": "\n".join(_row(name, analysis) for name, analysis in named),
            "footer": f"calculated by archcalc {__version__}",
            "marker": MARKER,
        },
    )


def _class(place: int) -> str:
    return ' class="number"' if place else ""


def _row(name: str, analysis: Analysis) -> str:
    net, totals = analysis.network, analysis.totals
    cells = (
        str(analysis.input).replace("x", "×"),
        str(net.year or ""),
        exact(totals.depth),
        exact(totals.params),
        exact(totals.macs),
        exact(totals.activation_bytes),
        exact(totals.peak_bytes),
    )
    address = escape(quote(f"./{name}"))
    link = f'<a href="{address}">{escape(visible(net.name))}</a>'
    numbers = "".join(f'<td class="number">{escape(cell)}</td>' for cell in cells)
    return f'<tr><th scope="row">{link}</th>{numbers}</tr>'
