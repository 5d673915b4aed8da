"""The table of quantities: what each is of layers, of a network, and of what a path covers."""

from __future__ import annotations

import pytest
from nets import net

from archcalc.analysis.quantities import QUANTITIES, Quantity, layer_counts, network_counts
from archcalc.analysis.whole import trained
from archcalc.network.volume import Volume

BLOCKS = "{pair: {layers: [{type: conv, filters: 4, kernel: 3}, {type: relu, name: last}]}}"
NETWORK = trained(
    net(
        ["{block: pair, name: first}", "{block: pair, name: second}", "{type: linear, units: 10}"],
        "9x8x3",
        blocks=BLOCKS,
    )
)
INPUT = 9 * 8 * 3
ADDED = [quantity for quantity in layer_counts() if not quantity.is_of_output]


def of(path: str, name: str) -> object:
    return QUANTITIES[name].of_region(NETWORK, NETWORK.network.named()[path])


@pytest.mark.parametrize("quantity", ADDED, ids=lambda quantity: quantity.name)
def test_a_network_has_what_its_layers_have(quantity: Quantity) -> None:
    """And the input, which is kept for as long as a layer reads it."""
    input_too = {"activation_elements": INPUT, "activation_bytes": 4 * INPUT}
    layers = quantity.sum(NETWORK.layers)
    assert layers is not None
    assert quantity.total(NETWORK) == layers + input_too.get(quantity.name, 0)


def test_counts_of_a_path_are_sums() -> None:
    assert of("first", "params") == (3 * 3 * 3 + 1) * 4
    assert of("second", "params") == (3 * 3 * 4 + 1) * 4
    assert of("second", "macs") == 3 * 3 * 4 * 4 * 5 * 4


def test_what_is_of_an_output_is_that_of_the_last() -> None:
    assert of("first", "output") == Volume(4, (7, 6))
    assert of("second", "output") == Volume(4, (5, 4))
    assert (of("first", "depth"), of("second", "depth")) == (1, 2)
    assert (of("first", "receptive_field"), of("second", "receptive_field")) == ((3, 3), (5, 5))


def test_counts_are_told_apart_from_what_has_words_of_its_own() -> None:
    names = [quantity.name for quantity in network_counts("params", "macs")]
    assert "params" not in names
    assert "output" not in names
    assert "peak_bytes" in names
    assert "peak_bytes" not in [quantity.name for quantity in layer_counts()]
