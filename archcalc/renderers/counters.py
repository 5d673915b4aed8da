"""What widely used counters report, as text, as markdown and as JSON."""

from __future__ import annotations

from typing import Any

from archcalc.analysis.counters import Reading
from archcalc.renderers.grid import columns_of, draw, stacked
from archcalc.renderers.json import indented
from archcalc.renderers.markup import escaped, table
from archcalc.renderers.wrapping import fitted
from archcalc.views.counters import Conventions, Counted
from archcalc.wording import exact, visible


def text(conventions: Conventions, *, width: int | None = None) -> str:
    """A table with a column per network; what each counter adds up, and what is not known."""
    headings = [("counter", False), *((visible(name), True) for name in _names(conventions))]
    rows = [[tally.counter, *map(_total, tally.totals)] for tally in conventions.tallies]
    why = [f"{tally.counter}: {tally.why}" for tally in conventions.tallies]
    gaps = map(visible, _gaps(conventions))
    tables = "\n\n".join(map(draw, stacked(columns_of(headings, rows), width)))
    return "\n".join([tables, "", fitted("\n".join([*why, *gaps]), width)]) + "\n"


def markdown(conventions: Conventions) -> str:
    return "\n".join(lines(conventions)) + "\n"


def lines(conventions: Conventions) -> list[str]:
    """A table with a column per network, and what is not known."""
    headings = [
        ("counter", False),
        *((escaped(name), True) for name in _names(conventions)),
        ("what it adds up", False),
    ]
    rows = [
        [escaped(tally.counter), *map(_total, tally.totals), escaped(tally.why)]
        for tally in conventions.tallies
    ]
    gaps = [f"- {escaped(gap)}" for gap in _gaps(conventions)]
    return [*table(headings, rows), *(["", *gaps] if gaps else [])]


def _names(conventions: Conventions) -> list[str]:
    return [network.name for network in conventions.networks]


def _total(total: int | None) -> str:
    return "not known" if total is None else exact(total)


def _gaps(conventions: Conventions) -> list[str]:
    several = len(conventions.networks) > 1
    return [
        f"{f'{gap.network}, ' if several else ''}{gap.counter}: not known, because its rule for "
        f"{', '.join(gap.types)} is not known"
        for gap in conventions.gaps
    ]


def json(conventions: Conventions) -> str:
    """The counts, version 1; a total that is not known is null."""
    networks = [_network(network) for network in conventions.networks]
    return indented({"version": 1, "networks": networks})


def _network(network: Counted) -> dict[str, Any]:
    analysis = network.analysis
    return {
        "name": network.name,
        "title": analysis.network.name,
        "macs": analysis.totals.macs,
        "flops": analysis.totals.flops,
        "counters": [_reading(reading) for reading in network.readings],
    }


def _reading(reading: Reading) -> dict[str, Any]:
    return {
        "counter": reading.counter.name,
        "total": reading.total,
        "not_known": list(reading.missing),
        "why": reading.counter.why,
    }
