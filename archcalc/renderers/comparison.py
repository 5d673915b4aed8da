"""Totals side by side, as text, as markdown and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from archcalc.renderers.grid import columns_of, draw, stacked
from archcalc.renderers.json import indented
from archcalc.renderers.markup import escaped, table
from archcalc.views.comparison import Compared
from archcalc.views.document import named_inputs, volume
from archcalc.views.verdicts import count, judged
from archcalc.wording import exact, three_digits, visible

Networks = Sequence[Compared]


def text(networks: Networks, *, width: int | None = None) -> str:
    """A column per network, and beside all but the first its ratios to the first."""
    headings, rows = _table(networks)
    headings = [(visible(heading), numeric) for heading, numeric in headings]
    columns = columns_of(headings, [[*map(visible, row)] for row in rows])
    printed = [verdict for network in networks for verdict in network.printed]
    said = ["", f"{count(printed)} (`--format rows` shows them)"] if printed else []
    return "\n".join(["\n\n".join(map(draw, stacked(columns, width))), *said, ""])


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
    totals = ("" if total is None else exact(total) for total in network.totals.values())
    return [*network.volumes, exact(analysis.totals.layers), *totals]


def _ratios(network: Compared) -> list[str]:
    ratios = network.ratios.values()
    return ["", "", "", *("" if ratio is None else three_digits(ratio) for ratio in ratios)]


def json(networks: Networks) -> str:
    """The comparison, version 1; a ratio is an exact fraction as text, or null."""
    return indented({"version": 1, "networks": [_network(network) for network in networks]})


def _network(network: Compared) -> dict[str, Any]:
    analysis = network.analysis
    return {
        "name": network.name,
        "title": analysis.network.name,
        "input": volume(analysis.input),
        **named_inputs(analysis),
        "batch": analysis.batch,
        "dtype": analysis.dtype,
        "totals": {"layers": analysis.totals.layers, **network.totals},
        "ratios": {
            quantity: None if ratio is None else str(ratio)
            for quantity, ratio in network.ratios.items()
        },
        "printed": [
            {
                "at": verdict.claim.at,
                "quantity": row.quantity,
                "printed": row.printed,
                "computed": row.computed,
                "agrees": verdict.agrees,
                "source": row.source,
                "note": verdict.claim.note,
            }
            for verdict, row in zip(network.printed, judged(network.printed), strict=True)
        ],
    }
