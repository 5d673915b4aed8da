"""Every quantity, in one table: columns, JSON, expectations, budgets and docs are made from it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from archcalc.analysis.quantities import counts, extents, training
from archcalc.analysis.quantities.quantity import Quantity, summed
from archcalc.analysis.quantities.regions import RegionCounts
from archcalc.network.figures import Expected, Published, Vocabulary
from archcalc.network.network import Network
from archcalc.wording import nearest, quoted

QUANTITIES: Mapping[str, Quantity] = {
    quantity.name: quantity
    for quantity in (
        extents.OUTPUT,
        counts.WEIGHTS,
        counts.BIASES,
        counts.PARAMS,
        counts.BUFFERS,
        counts.PARAM_BYTES,
        counts.MACS,
        counts.FLOPS,
        counts.CONNECTIONS,
        counts.DEPTH,
        counts.ACTIVATION_ELEMENTS,
        counts.ACTIVATION_BYTES,
        counts.PEAK_BYTES,
        extents.RECEPTIVE_FIELD,
        counts.FROZEN_PARAMS,
        training.SAVED_BYTES,
        training.GRADIENT_BYTES,
        training.TRAINING_PEAK_BYTES,
        training.INFERENCE_PEAK_BYTES,
        training.LARGEST_BATCH,
    )
}


def vocabulary(quantities: Collection[Quantity]) -> Vocabulary:
    """The names that a file may use for quantities, and how it writes their figures."""
    return Vocabulary(
        of_network={q.name: q.takes for q in quantities if q.of_network},
        of_layers={q.name: q.takes for q in quantities if q.of_layer},
        bounded={q.name: q.takes for q in quantities if q.of_network and q.is_count},
    )


VOCABULARY = vocabulary(QUANTITIES.values())


def check_total(name: str) -> str:
    """A name that is one of a count of a network.

    Raises:
        ValueError: for another, with the nearest.
    """
    if name not in VOCABULARY.bounded:
        hints = "".join(f"; {line}" for line in nearest(name, VOCABULARY.bounded))
        listed = ", ".join(VOCABULARY.bounded)
        raise ValueError(f"there is no total {quoted(name)}{hints}; there are: {listed}")
    return name


def of_training(name: str) -> bool:
    """Whether a quantity is known only where training was simulated."""
    return QUANTITIES[name].is_of_training


def asks_for_training(network: Network) -> bool:
    """Whether a file says how the network is trained, or states a figure of it."""
    figures: list[Expected | Published]
    figures = [*network.expect, *network.budget, *network.published]
    return bool(network.train) or any(of_training(figure.quantity) for figure in figures)


def network_counts(*besides: str) -> tuple[Quantity, ...]:
    """The counts of a network but those named: for whatever has words of its own for some."""
    return tuple(QUANTITIES[name] for name in VOCABULARY.bounded if name not in besides)


def layer_counts(*besides: str) -> tuple[Quantity, ...]:
    """The counts of a layer but those named."""
    named = (QUANTITIES[name] for name in VOCABULARY.of_layers if name not in besides)
    return tuple(quantity for quantity in named if quantity.is_count)


__all__ = [
    "QUANTITIES",
    "VOCABULARY",
    "Quantity",
    "RegionCounts",
    "asks_for_training",
    "check_total",
    "layer_counts",
    "network_counts",
    "of_training",
    "summed",
    "vocabulary",
]
