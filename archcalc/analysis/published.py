"""Figures that somebody printed, held against computed ones. A difference is shown, not judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from archcalc.analysis.analysis import Analysis, analyze
from archcalc.analysis.quantities import QUANTITIES
from archcalc.archfile.expansion import expand
from archcalc.diagnostics import Enough, Findings
from archcalc.limits import LAYER_LIMIT
from archcalc.network.figures import Amount, Computed, Figure, Published
from archcalc.network.network import Graph, Region
from archcalc.network.volume import Volume
from archcalc.record import Record

TOLERANCE = Fraction(5, 1000)
INPUTS = 16
POWERS = {"K": 1, "M": 2, "G": 3}


class Verdict(Record):
    """A printed figure beside the computed one; None where nothing can be computed.

    ``ratio`` is computed / printed, prefixes as powers of 1000, for counts that differ.
    """

    claim: Published
    computed: Computed | None
    agrees: bool
    ratio: Fraction | None = None


def verdicts(analysis: Analysis) -> list[Verdict]:
    """A verdict per published figure of an architecture, in the order of the file.

    Figures are of the network as its file has it, for one sample in float32, and for the input that
    an entry names: the analysis may be of another input, batch or element type. Of more than 16
    input sizes nothing is computed, so that a file cannot ask for work without end.
    """
    claims = analysis.architecture.published
    if not claims:
        return []
    net = analysis.architecture
    graph = _expanded(analysis) if net.variables else analysis.graph
    regions = graph.regions() if graph else {}
    computed: dict[Volume, Analysis | None] = {}
    values: dict[tuple[Volume, str | None, str], Computed | None] = {}
    for claim in claims:
        size = _size(analysis, claim)
        if size not in computed:
            fresh = graph if len(computed) < INPUTS else None
            computed[size] = _of_size(analysis, fresh, size) if fresh else None
        known, key = computed[size], (size, claim.at, claim.quantity)
        if key not in values:
            values[key] = _measured(known, claim, regions) if known else None
    return [
        verdict(claim, values[_size(analysis, claim), claim.at, claim.quantity]) for claim in claims
    ]


def _size(analysis: Analysis, claim: Published) -> Volume:
    return claim.input or analysis.architecture.input or analysis.input


def _expanded(analysis: Analysis) -> Graph | None:
    """The network with the values that its file gives to variables."""
    findings = Findings()
    try:
        graph = expand(
            analysis.architecture, findings, limit=max(LAYER_LIMIT, len(analysis.layers))
        )
    except Enough:
        return None
    return None if findings else graph


def _of_size(analysis: Analysis, graph: Graph, size: Volume) -> Analysis | None:
    plain = (analysis.input, analysis.batch, analysis.dtype) == (size, 1, "float32")
    if plain and graph is analysis.graph:
        return analysis
    try:
        return analyze(analysis.architecture, graph, Findings(), size)
    except Enough:
        return None


def _measured(
    analysis: Analysis, claim: Published, regions: Mapping[str, Region]
) -> Computed | None:
    quantity = QUANTITIES[claim.quantity]
    if claim.at is None:
        return quantity.of_network(analysis) if quantity.of_network else None
    region = regions.get(claim.at)
    return quantity.of_region(analysis, region) if region else None


def verdict(claim: Published, computed: Computed | None) -> Verdict:
    """Whether a computed figure agrees with a printed one.

    Volumes and receptive fields agree where they are equal. A count agrees when the computed one is
    less than one unit of the last written digit away, or at most 0.5 % of the printed one, with K,
    M and G as powers of 1000 or of 1024; k is 1000.
    """
    figure = claim.figure
    if computed is None:
        return Verdict(claim, None, False)
    if isinstance(figure, Amount) and isinstance(computed, int):
        agrees = any(_close(computed, value, unit) for value, unit in _readings(figure))
        differs = None if agrees or not figure.value else computed / figure.value
        return Verdict(claim, computed, agrees, differs)
    return Verdict(claim, computed, _alike(figure, computed))


def _close(computed: int, value: Fraction, unit: Fraction) -> bool:
    distance = abs(computed - value)
    return distance < unit or distance <= TOLERANCE * value


def _readings(figure: Amount) -> Iterator[tuple[Fraction, Fraction]]:
    """The value and the unit of the last digit, with a prefix as a power of 1000, then of 1024."""
    yield figure.value, figure.unit
    prefix = figure.text.lstrip("0123456789. ")
    if prefix[:1] in POWERS and prefix[1:] in ("", "B"):
        larger = Fraction(1024, 1000) ** POWERS[prefix[0]]
        yield figure.value * larger, figure.unit * larger


def _alike(figure: Figure, computed: Computed) -> bool:
    """Equal sizes; 1x1x1000 is the vector 1000, and one number is a field's size on every axis."""
    if isinstance(figure, Volume) and isinstance(computed, Volume):
        if figure.positions == computed.positions == 1:
            return figure.channels == computed.channels
    elif isinstance(figure, int) and isinstance(computed, tuple):
        return set(computed) <= {figure}
    return figure == computed
