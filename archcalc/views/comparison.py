"""The totals of several networks side by side, with their ratios to the first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from archcalc.analysis.analysis import Analysis
from archcalc.analysis.published import Verdict, of_variant
from archcalc.analysis.quantities import QUANTITIES, Quantity, check_total, network_counts
from archcalc.analysis.whole import alike
from archcalc.record import Record
from archcalc.views.inputs import volumes

FIRST = ("params", "param_bytes", "buffers")
COMPARED = (
    *(QUANTITIES[name] for name in FIRST),
    *network_counts(*FIRST, "weights", "biases"),
)

# Analyses with the names by which the user asked for them.
Named = Sequence[tuple[str, Analysis]]


class Compared(Record):
    """A network, and the ratio of each of its totals to the first network's.

    A ratio is None if the first network's total is 0, or if either total is not known. The
    ``quantities`` are those that were chosen, or all that are known of any of the networks, and
    ``printed`` the verdicts on what was printed of this variant, where all are variants of one.
    """

    name: str
    analysis: Analysis
    ratios: Mapping[str, Fraction | None]
    quantities: Sequence[Quantity]
    is_chosen: bool = False
    printed: Sequence[Verdict] = ()

    @property
    def totals(self) -> dict[str, int | None]:
        """The totals to compare, by quantity."""
        return {quantity.name: quantity.total(self.analysis) for quantity in self.quantities}

    @property
    def volumes(self) -> tuple[str, str]:
        """Its input and its outputs."""
        outputs = ", ".join(str(volume) for _, volume in self.analysis.outputs)
        return volumes(self.analysis), outputs


def comparison(named: Named, chosen: Sequence[str] | None = None) -> list[Compared]:
    """Every network with its ratios to the first, of the quantities that were ``chosen``, or all.

    Raises:
        ValueError: for a quantity that has no total.
    """
    quantities = [QUANTITIES[check_total(name)] for name in chosen or ()]
    analyses = alike([analysis for _, analysis in named], chosen or ())
    if not quantities:
        quantities = [q for q in COMPARED if any(map(q.is_known_of, analyses))]
    are_variants = len({analysis.network.source for analysis in analyses}) == 1
    return [
        Compared(
            name,
            one,
            _ratios(one, analyses[0], quantities),
            quantities,
            bool(chosen),
            of_variant(one) if are_variants and len(named) > 1 else (),
        )
        for (name, _), one in zip(named, analyses, strict=True)
    ]


def _ratios(
    analysis: Analysis, first: Analysis, quantities: Sequence[Quantity]
) -> dict[str, Fraction | None]:
    return {
        quantity.name: _ratio(quantity.total(analysis), quantity.total(first))
        for quantity in quantities
    }


def _ratio(own: int | None, base: int | None) -> Fraction | None:
    return Fraction(own, base) if base and own is not None else None
