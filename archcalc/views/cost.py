"""Where the cost is: which layers hold most of a quantity, and whether they come early or late."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archcalc.analysis.analysis import Analysis
from archcalc.network.layers import Family
from archcalc.record import Record
from archcalc.views.inputs import amounts

MOST = 80


class Share(Record):
    """A part of a total."""

    amount: int
    total: int

    @property
    def is_most(self) -> bool:
        return 2 * self.amount > self.total


class Holders(Record):
    """The fewest rows that together hold 80% of a quantity, largest first.

    ``rows`` is the number of rows that have any of it.
    """

    quantity: str
    total: int
    rows: int
    largest: Sequence[tuple[str, int]]


def all_holders(analysis: Analysis) -> list[Holders]:
    """The holders of parameters, MACs and activation memory; the inputs count for the last."""
    layers = analysis.layers
    return [
        holders("parameters", [(layer.name, layer.params) for layer in layers]),
        holders("MACs", [(layer.name, layer.macs) for layer in layers]),
        holders(
            "activation memory",
            [*amounts(analysis), *((layer.name, layer.activation_elements) for layer in layers)],
        ),
    ]


def holders(quantity: str, values: Sequence[tuple[str, int]]) -> Holders:
    total = sum(value for _, value in values)
    ordered = sorted((pair for pair in values if pair[1]), key=lambda pair: -pair[1])
    largest = list(_reaching(ordered, total))
    return Holders(quantity, total, len(ordered), largest)


def _reaching(ordered: Sequence[tuple[str, int]], total: int) -> Iterator[tuple[str, int]]:
    """The first pairs, up to the one with which they hold 80% of the total."""
    held = 0
    for name, value in ordered:
        if 100 * held >= MOST * total:
            return
        yield name, value
        held += value


class Ends(Record):
    """The memory of the early convolutions and the parameters of the late linear layers.

    Early means the first half of the convolutions; late means after the last one.
    """

    convolutions: int
    early: int
    memory: Share
    late: int
    params: Share


def ends(analysis: Analysis) -> Ends | None:
    """None for a network without convolutions."""
    layers, totals = analysis.layers, analysis.totals
    convolutions = [
        index for index, layer in enumerate(layers) if layer.layer.family is Family.CONVOLUTION
    ]
    if not convolutions:
        return None
    early = convolutions[: len(convolutions) // 2]
    late = [
        layer
        for layer in layers[convolutions[-1] :]
        if layer.layer.family is Family.FULLY_CONNECTED
    ]
    memory = sum(layers[index].activation_elements for index in early)
    params = sum(layer.params for layer in late)
    return Ends(
        len(convolutions),
        len(early),
        Share(memory, totals.activation_elements),
        len(late),
        Share(params, totals.params),
    )
