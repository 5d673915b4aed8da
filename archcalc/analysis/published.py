"""Figures that somebody printed, held against computed ones. A difference is shown, not judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from archcalc.analysis.analysis import Analysis, analyze
from archcalc.analysis.quantities import QUANTITIES, RegionCounts
from archcalc.analysis.whole import whole
from archcalc.diagnostics import Enough, Findings
from archcalc.network.figures import Computed, Figure, Published
from archcalc.network.network import INPUT, Network, Region
from archcalc.network.values import Amount
from archcalc.network.volume import Volume
from archcalc.record import Record

TOLERANCE = Fraction(5, 1000)
VARIANTS = 16
LAYERS_AGAIN = 400_000
POWERS = {"K": 1, "M": 2, "G": 3}


class Verdict(Record):
    """A printed figure beside the computed one; None where nothing can be computed.

    ``ratio`` is computed / printed, prefixes as powers of 1000, for counts that differ.
    """

    claim: Published
    computed: Computed | None
    agrees: bool
    ratio: Fraction | None = None


def verdicts(analysis: Analysis, claims: Sequence[Published] | None = None) -> list[Verdict]:
    """A verdict per published figure of an architecture, or per one of ``claims``, in their order.

    Figures are of the network as its file has it, for one sample in float32, and for the input and
    the variables that an entry names: the analysis may be of others, or of another batch or element
    type. Of more than 16 variants, or 4 of the largest network, nothing is computed, so that a file
    cannot ask for work without end.
    """
    claims = analysis.network.published if claims is None else claims
    if not claims:
        return []
    computed: dict[_Variant, _Sized | None] = {}
    values: dict[tuple[_Variant, str | None, str], Computed | None] = {}
    judged = []
    most = min(VARIANTS, max(1, LAYERS_AGAIN // len(analysis.nodes)))
    for claim in claims:
        variant = _inputs(analysis.network, claim), claim.variables
        if variant not in computed:
            computed[variant] = _of(analysis, *variant) if len(computed) < most else None
        sized, key = computed[variant], (variant, claim.at, claim.quantity)
        if key not in values:
            values[key] = _measured(sized, claim) if sized else None
        judged.append(verdict(claim, values[key]))
    return judged


def of_variant(analysis: Analysis) -> list[Verdict]:
    """Verdicts on the figures that were printed of the network at this input, with these variables.

    None is of a network whose keys have other values than its file gives them.
    """
    network = analysis.network
    if not network.published or network.has_other_keys:
        return []
    own: Mapping[str, Any] = network.variables
    if network.is_varied:
        own = network.rebuilt(Findings(), variables={}).variables
    claims = [
        claim
        for claim in network.published
        if dict(_inputs(network, claim)) == analysis.inputs
        and {**own, **dict(claim.variables)} == network.variables
    ]
    return verdicts(analysis, claims)


_Sizes = tuple[tuple[str, Volume], ...]
_Variant = tuple[_Sizes, tuple[tuple[str, Any], ...]]


def _inputs(network: Network, claim: Published) -> _Sizes:
    """The inputs that a figure is of: those of the file where it names none."""
    return tuple([(name, claim.input or own) for name, own in network.written_inputs.items()])


class _Sized(Record):
    """The network as its file has it, for an input, and what its paths cover."""

    analysis: Analysis
    regions: Mapping[str, Region]
    counts: RegionCounts


def _of(analysis: Analysis, sizes: _Sizes, variables: tuple[tuple[str, Any], ...]) -> _Sized | None:
    """None where the network does not fit the inputs, or cannot have such values."""
    network, inputs = analysis.network, dict(sizes)
    plain = (analysis.batch, analysis.dtype, analysis.field_of) == (1, "float32", INPUT)
    if plain and network.inputs == inputs and not network.is_varied and not variables:
        return _Sized(analysis, network.named(), RegionCounts(analysis))
    findings = Findings()
    try:
        again = network.rebuilt(findings, variables=dict(variables), inputs=inputs)
        fresh = analyze(again, findings)
        fresh = fresh and whole(fresh)
    except Enough:
        return None
    return _Sized(fresh, again.named(), RegionCounts(fresh)) if fresh else None


def _measured(sized: _Sized, claim: Published) -> Computed | None:
    quantity, analysis = QUANTITIES[claim.quantity], sized.analysis
    if claim.at is None:
        return quantity.of_network(analysis) if quantity.of_network else None
    region = sized.regions.get(claim.at)
    return sized.counts.of(quantity, [region])[0] if region else None


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
