"""A flat graph: its names, and the network that it is."""

from archcalc import analyze
from archcalc.importers.graph import (
    Graph,
    Module,
    Operation,
    Refused,
    Unfit,
    flat_names,
    flat_network,
)
from archcalc.network.layers import LAYERS
from archcalc.network.volume import Volume

CONV = LAYERS["conv"](filters=8, kernel=3, padding=1)


def test_a_graph_is_a_network_of_its_rows() -> None:
    body = Operation(CONV, (0,), (Module("body"), Module("0", "Conv2d")), "relu")
    again = body._replace(inputs=(1,))
    total = Operation(LAYERS["add"](), (1, 2))
    network = flat_network(Graph("small", Volume(3, (8, 8)), (body, again, total), (3,)))
    analysis = analyze(network)
    assert [layer.name for layer in analysis.layers] == ["body_0", "body_0_2", "add"]
    assert analysis.totals.params == (3 * 3 * 3 * 8 + 8) + (3 * 3 * 8 * 8 + 8)
    assert [name for name, _ in network.outputs] == ["add"]


def test_shared_weights_count_once() -> None:
    square = LAYERS["conv"](filters=3, kernel=1)
    first = Operation(square, (0,), (Module("head", "Conv2d"),))
    second = first._replace(inputs=(1,), shares=1)
    network = flat_network(Graph("twice", Volume(3, (8, 8)), (first, second), (2,)))
    assert analyze(network).totals.params == 3 * 3 + 3


def test_names_are_words() -> None:
    odd = Operation(CONV, (0,), (Module("a b.c"),))
    number = Operation(CONV, (0,), (Module("0"),))
    graph = Graph("odd", Volume(3, (8, 8)), (odd, number, number), (3,))
    assert flat_names(graph) == ["a_b_c", "conv", "conv_2"]


def test_reasons_are_grouped() -> None:
    refused = Refused([Unfit("no roll", "a"), Unfit("no sort", "b"), Unfit("no roll", "c")])
    assert str(refused) == "a: no roll; 2 places\nb: no sort"
