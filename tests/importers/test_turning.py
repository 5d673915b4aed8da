"""Views stand where one does for several, and nothing else changes."""

from __future__ import annotations

from importers.small_graphs import Sketch

from archcalc import analyze
from archcalc.importers.graph import Graph, flat_network
from archcalc.importers.turning import turned
from archcalc.network.volume import Volume

TOKENS = Volume(8, (16 * 16,))


def rows(graph: Graph) -> list[tuple[str, tuple[int, ...], str]]:
    nodes = flat_network(graph).nodes[1:]
    return [
        (operation.layer.type, operation.inputs, str(node.shape and node.shape.output))
        for operation, node in zip(graph.operations, nodes, strict=True)
    ]


def same_totals(one: Graph, other: Graph) -> bool:
    first, second = (analyze(flat_network(graph)).totals for graph in (one, other))
    return (first.params, first.macs) == (second.params, second.macs)


def test_reshapes_behind_all_readers_are_one_before_them() -> None:
    sketch = Sketch()
    source = sketch.conv("conv", 8)
    norm = sketch.add("norm", "layernorm", source)
    first = sketch.add("view", "reshape", norm, shape=TOKENS)
    second = sketch.add("view", "reshape", source, shape=TOKENS)
    sketch.add("sum", "add", first, second)
    made = turned(sketch.graph())
    assert rows(made) == [
        ("conv", (0,), "16x16x8"),
        ("reshape", (1,), "256x8"),
        ("layernorm", (2,), "256x8"),
        ("add", (3, 2), "256x8"),
    ]
    assert same_totals(made, sketch.graph())


def test_reshapes_stay_where_another_row_needs_the_positions() -> None:
    sketch = Sketch()
    source = sketch.conv("conv", 8)
    first = sketch.add("view", "reshape", sketch.add("norm", "layernorm", source), shape=TOKENS)
    second = sketch.add("view", "reshape", source, shape=TOKENS)
    pooled = sketch.add("pool", "global_avgpool", source)
    sketch.add("sum", "add", sketch.add("sum", "add", first, second), pooled)
    assert turned(sketch.graph()) == sketch.graph()


def test_reshapes_to_different_shapes_stay() -> None:
    sketch = Sketch()
    source = sketch.conv("conv", 8)
    sketch.add("view", "reshape", sketch.add("norm", "layernorm", source), shape=TOKENS)
    sketch.add("view", "reshape", source, shape=Volume(8, (4, 64)))
    assert turned(sketch.graph()) == sketch.graph()


def mixed(activation: str | None = None, *, read: bool = False) -> Sketch:
    """Tokens go through a layer in the place of channels, and around it."""
    sketch = Sketch(TOKENS)
    source = sketch.add("norm", "layernorm", 0)
    across = sketch.add("turn", "transpose", source)
    mix = sketch.add("mix", "linear", across, units=256, flatten=False)
    around = sketch.add("turn", "transpose", source if read else 0)
    total = sketch.add("sum", "add", mix, around, activation=activation)
    back = sketch.add("back", "transpose", total)
    sketch.add("norm", "layernorm", back)
    return sketch


def test_a_sum_that_is_turned_back_is_added_up_the_other_way() -> None:
    sketch = mixed()
    made = turned(sketch.graph())
    assert rows(made) == [
        ("layernorm", (0,), "256x8"),
        ("transpose", (1,), "8x256"),
        ("linear", (2,), "8x256"),
        ("transpose", (3,), "256x8"),
        ("add", (4, 0), "256x8"),
        ("layernorm", (5,), "256x8"),
    ]
    assert same_totals(made, sketch.graph())


def test_activations_of_one_element_are_kept() -> None:
    made = turned(mixed("relu").graph())
    assert [operation.activation for operation in made.operations].count("relu") == 1
    assert len(made.operations) == 6


def test_a_sum_of_which_something_else_is_read_stays() -> None:
    sketch = mixed()
    sketch.add("sum", "add", 5, 5)
    assert turned(sketch.graph()) == sketch.graph()
