"""What widely used counters report for networks, next to our own counts, and why they differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archcalc.analysis.analysis import Analysis
from archcalc.analysis.counters import COUNTERS, Reading, readings
from archcalc.analysis.quantities import QUANTITIES
from archcalc.record import Record
from archcalc.views.comparison import Named

OWN = (
    ("MACs here", "multiply-adds of weights: no biases, normalisation or activation", "macs"),
    ("FLOPs here", "2 x MACs and every addition, comparison and scaling that is listed", "flops"),
)


class Counted(Record):
    """A network and what each counter reports for it."""

    name: str
    analysis: Analysis
    readings: Sequence[Reading]


class Tally(Record):
    """A counter, its total for each network (None if not known), and what it adds up."""

    counter: str
    totals: Sequence[int | None]
    why: str


class CounterGap(Record):
    """The layer types of a network that a counter has no known rule for."""

    network: str
    counter: str
    types: Sequence[str]


class Conventions(Record):
    """Networks as widely used counters count them."""

    networks: Sequence[Counted]

    @property
    def tallies(self) -> Iterator[Tally]:
        """Our own totals, then those of each counter."""
        for name, why, quantity in OWN:
            totals = [QUANTITIES[quantity].total(network.analysis) for network in self.networks]
            yield Tally(name, totals, why)
        for index, counter in enumerate(COUNTERS):
            totals = [network.readings[index].total for network in self.networks]
            yield Tally(counter.name, totals, counter.why)

    @property
    def gaps(self) -> Iterator[CounterGap]:
        """The reasons why totals are not known."""
        for network in self.networks:
            for reading in network.readings:
                if reading.missing:
                    yield CounterGap(network.name, reading.counter.name, reading.missing)


def conventions(named: Named) -> Conventions:
    return Conventions([Counted(name, analysis, readings(analysis)) for name, analysis in named])
