"""Networks as rows: their totals beside what was printed of them, for the terminal and as CSV."""

from __future__ import annotations

import csv as files
import io
from collections.abc import Iterator, Sequence

from archcalc.renderers.grid import columns_of, draw, squeezed
from archcalc.renderers.wrapping import wrapped
from archcalc.views.comparison import Compared
from archcalc.views.verdicts import judged
from archcalc.wording import exact, three_digits, visible

Networks = Sequence[Compared]


def text(networks: Networks, *, width: int | None = None) -> str:
    """A row per network: each total, and beside it what was printed of it and whether it agrees."""
    headings, ranks = [("", False)], [0]
    columns: list[list[str]] = [[visible(network.name) for network in networks]]
    for heading, cells in _sizes(networks):
        headings.append((heading, True))
        ranks.append(1)
        columns.append(cells)
    first = networks[0]
    for place, quantity in enumerate(first.quantities):
        name = quantity.name
        values = [network.totals.get(name) for network in networks]
        ratios = [network.ratios.get(name) for network in networks]
        printed = [_printed(network, name) for network in networks]
        headings += [(quantity.heading, True), (f"/ {visible(first.name)}", True)]
        columns.append(["" if value is None else exact(value) for value in values])
        columns.append(["", *("" if r is None else three_digits(r) for r in ratios[1:])])
        ranks += [2 + 3 * place, 4 + 3 * place]
        if any(printed):
            headings.append(("printed", False))
            columns.append(printed)
            ranks.append(3 + 3 * place)
    found = columns_of(headings, list(zip(*columns, strict=True)), ranks)
    kept = found if width is None else squeezed(found, width)
    lines = [draw(kept)]
    left_out = [one.heading for one in found if one.rank and one not in kept]
    lines += wrapped(f"no room for {', '.join(left_out)}", width) if left_out else []
    said = list(dict.fromkeys(_said(networks, {quantity.name for quantity in first.quantities})))
    lines += [""] if said else []
    lines += [line for one in said for line in wrapped(one, width, "  ")]
    return "\n".join(lines) + "\n"


def csv(networks: Networks) -> str:
    """A row per network, of plain numbers."""
    names = [quantity.name for quantity in networks[0].quantities]
    out = io.StringIO()
    writer = files.writer(out, lineterminator="\n")
    writer.writerow(["name", "input", "output", "layers", *names])
    for network in networks:
        totals = network.totals
        cells = [visible(network.name), *network.volumes, network.analysis.totals.layers]
        writer.writerow([*cells, *(totals.get(name) for name in names)])
    return out.getvalue()


def _sizes(networks: Networks) -> Iterator[tuple[str, list[str]]]:
    """What the networks take and give, where it is not the same."""
    for place, heading in enumerate(("input", "output")):
        cells = [network.volumes[place] for network in networks]
        if len(set(cells)) > 1:
            yield heading, cells
    layers = [exact(network.analysis.totals.layers) for network in networks]
    if len(set(layers)) > 1:
        yield "layers", layers


def _printed(network: Compared, quantity: str) -> str:
    of_it = [one for one in network.printed if one.claim.quantity == quantity]
    return "; ".join(f"{row.printed} {row.verdict}" for row in judged(of_it))


def _said(networks: Networks, shown: set[str]) -> Iterator[str]:
    """Who printed a figure that is shown, and what is known of it."""
    for network in networks:
        verdicts = [one for one in network.printed if one.claim.quantity in shown]
        for verdict, row in zip(verdicts, judged(verdicts), strict=True):
            note = f": {verdict.claim.note}" if verdict.claim.note else ""
            yield visible(f"{network.name} {row.quantity} {row.printed} ({row.source}){note}")
