"""Totals side by side, as text, as markdown and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from archcalc.analysis.analysis import Analysis
from archcalc.renderers.grid import columns_of, draw, stacked
from archcalc.renderers.json import indented
from archcalc.renderers.markup import escaped, table
from archcalc.views.comparison import Compared
from archcalc.views.document import volume
from archcalc.wording import exact, three_digits, visible

Networks = Sequence[Compared]


def text(networks: Networks, *, width: int | None = None) -> str:
    """A column per network, and beside all but the first its ratios to the first."""
    headings, rows = _table(networks)
    headings = [(visible(heading), numeric) for heading, numeric in headings]
    columns = columns_of(headings, [[*map(visible, row)] for row in rows])
    return "\n\n".join(map(draw, stacked(columns, width))) + "\n"


def markdown(networks: Networks) -> str:
    headings, rows = _table(networks)
    escaped_headings = [(escaped(heading), numeric) for heading, numeric in headings]
    return "\n".join(table(escaped_headings, rows)) + "\n"


def _table(networks: Networks) -> tuple[list[tuple[str, bool]], list[list[str]]]:
    first, *others = networks
    headings = [("", False), (first.name, True)]
    for network in others:
        headings += [(network.name, True), (f"/ {first.name}", True)]
    columns = [_cells(first)]
    for network in others:
        columns += [_cells(network), _ratios(network)]
    labels = ["input", "output", "layers", *(quantity.heading for quantity in first.quantities)]
    return headings, [list(row) for row in zip(labels, *columns, strict=True)]


def _cells(network: Compared) -> list[str]:
    analysis = network.analysis
    volumes = [str(analysis.input), _outputs(analysis)]
    counts = ("" if count is None else exact(count) for count in network.totals.values())
    return [*volumes, exact(analysis.totals.layers), *counts]


def _ratios(network: Compared) -> list[str]:
    ratios = network.ratios.values()
    return ["", "", "", *("" if ratio is None else three_digits(ratio) for ratio in ratios)]


def _outputs(analysis: Analysis) -> str:
    return ", ".join(str(volume) for _, volume in analysis.outputs)


def json(networks: Networks) -> str:
    """The comparison, version 1; a ratio is an exact fraction as text, or null."""
    return indented({"version": 1, "networks": [_network(network) for network in networks]})


def _network(network: Compared) -> dict[str, Any]:
    analysis = network.analysis
    return {
        "name": network.name,
        "title": analysis.network.name,
        "input": volume(analysis.input),
        "batch": analysis.batch,
        "dtype": analysis.dtype,
        "totals": {"layers": analysis.totals.layers, **network.totals},
        "ratios": {
            quantity: None if ratio is None else str(ratio)
            for quantity, ratio in network.ratios.items()
        },
    }
