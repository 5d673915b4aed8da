"""Bars along the depth of a network: parameters, MACs, memory, and the receptive field."""

from __future__ import annotations

from collections.abc import Sequence

from archcalc.analysis.analysis import Analysis
from archcalc.analysis.quantities import QUANTITIES, Quantity
from archcalc.record import Record
from archcalc.views.comparison import Compared
from archcalc.views.inputs import amounts
from archcalc.views.outline import OutlinePart, outline
from archcalc.wording import exact, share, si, three_digits


class Bar(Record):
    label: str
    value: int
    text: str


class Chart(Record):
    """Bars under a title.

    ``mark`` is a value to compare the bars with and its name; ``whole`` is the sum of the bars.
    """

    title: str
    bars: Sequence[Bar]
    mark: tuple[int, str] | None = None
    whole: int | None = None

    @property
    def largest(self) -> int:
        return max(1, *(bar.value for bar in self.bars), self.mark[0] if self.mark else 1)


def charts(analysis: Analysis) -> dict[str, Chart]:
    """The charts by name, without those that would show nothing."""
    parts, totals = outline(analysis), analysis.totals
    costs = {
        "params": _costs("Parameters", _sums(analysis, parts, QUANTITIES["params"]), totals.params),
        "macs": _costs("MACs", _sums(analysis, parts, QUANTITIES["macs"]), totals.macs),
        "memory": _costs(
            "Activation memory, elements",
            [*amounts(analysis), *_sums(analysis, parts, QUANTITIES["activation_elements"])],
            totals.activation_elements,
        ),
    }
    drawn = {name: chart for name, chart in costs.items() if chart.whole}
    field = _field(analysis, parts)
    return {**drawn, "field": field} if field else drawn


BARS = ("params", "macs", "peak_bytes")


def compared(networks: Sequence[Compared]) -> list[Chart]:
    """A chart per quantity with a bar per network; those of `BARS` where none was chosen."""
    quantities = networks[0].quantities
    if not networks[0].is_chosen:
        quantities = [quantity for quantity in quantities if quantity.name in BARS]
    charts = []
    for quantity in quantities:
        bars = []
        for network in networks:
            value, ratio = network.totals.get(quantity.name), network.ratios.get(quantity.name)
            is_first = network is networks[0]
            more = "" if is_first or ratio is None else f" · {three_digits(ratio)}"
            text = "" if value is None else f"{exact(value)}{more}"
            bars.append(Bar(network.name, value or 0, text))
        charts.append(Chart(quantity.heading, bars))
    return charts


def _sums(
    analysis: Analysis, parts: list[OutlinePart], quantity: Quantity
) -> list[tuple[str, int]]:
    return [(part.path, quantity.sum(part.layers(analysis)) or 0) for part in parts]


def _costs(title: str, values: list[tuple[str, int]], total: int) -> Chart:
    bars = [
        Bar(name, value, f"{si(value)} · {share(value, total)}" if value else "0")
        for name, value in values
    ]
    return Chart(f"{title}: {si(total)} in all", bars, whole=total)


def _field(analysis: Analysis, parts: list[OutlinePart]) -> Chart | None:
    """The local size after each part, along the first axis; None where there is none."""
    if not analysis.seen.spatial:
        return None
    rows, axis = analysis.seen.spatial[0], analysis.seen.axis_names[0]
    bars = []
    for part in parts:
        field = part.last(analysis).field
        if field.axes is None:
            bars.append(Bar(part.path, rows, "all"))
        else:
            size, sees_all = field.axes[0].size, field.is_global
            text = f"{exact(size)}{' (all)' if sees_all else ''}"
            bars.append(Bar(part.path, rows if sees_all else size, text))
    name = f" {analysis.nodes[analysis.field_of].name}" if analysis.network.names_inputs else ""
    mark = rows, f"the input{name}: {exact(rows)}"
    return Chart(f"Receptive field along the {axis}", bars, mark)
