"""Each step from a flat graph to a readable file, by itself on small graphs."""

from __future__ import annotations

from typing import Any

from importers.small_graphs import Sketch

from archcalc.importers.calls import arguments_of
from archcalc.importers.graph import Graph, flat_network
from archcalc.importers.naming import snake
from archcalc.importers.nest import nest
from archcalc.importers.outline import CallItem, EntryItem, Group, Item, MergeItem, Wires, stem
from archcalc.importers.parallel import branched
from archcalc.importers.readable import folded
from archcalc.importers.repeats import repeated
from archcalc.importers.verifying import verify


def drawn(items: tuple[Item, ...]) -> list[Any]:
    """A tree in words: names, types and counts."""
    made: list[Any] = []
    for item in items:
        name = ".".join(item.path)
        if isinstance(item, Group):
            made.append((name or item.repeat, drawn(item.items)))
        elif isinstance(item, MergeItem):
            made.append((item.entry.layer.type, [drawn(branch.items) for branch in item.branches]))
        elif isinstance(item, EntryItem):
            made.append(name or (item.layer.type, item.repeat))
    return made


def nested(graph: Graph) -> tuple[Item, ...]:
    return nest(graph, flat_network(graph), Wires(graph))


def test_rows_are_nested_as_their_modules_are() -> None:
    sketch = Sketch()
    sketch.conv("stem/conv", 8)
    sketch.conv("body:Net/a", 8)
    sketch.conv("body:Net/b:Block/x", 8)
    sketch.conv("body:Net/b:Block/y", 8)
    assert drawn(nested(sketch.graph())) == ["stem.conv", ("body", ["a", ("b", ["x", "y"])])]


def test_a_merge_that_only_gathers_what_comes_in_stands_before_the_group() -> None:
    sketch = Sketch()
    first = sketch.conv("a", 8)
    second = sketch.conv("b", 8)
    sketch.add("dense:Layer", "concat", first, second)
    sketch.conv("dense:Layer/conv1", 8)
    sketch.conv("dense:Layer/conv2", 8)
    assert drawn(nested(sketch.graph())) == [
        "a",
        "b",
        ("concat", 1),
        ("dense", ["conv1", "conv2"]),
    ]


def test_what_runs_side_by_side_becomes_branches() -> None:
    sketch = Sketch()
    start = sketch.conv("start", 8)
    left = sketch.conv("left", 4, start)
    sketch.conv("right1", 4, start)
    right = sketch.conv("right2", 4)
    sketch.add("", "concat", left, right)
    graph = sketch.graph()
    tree = branched(nested(graph), Wires(graph))
    assert drawn(tree) == ["start", ("concat", [["left"], ["right1", "right2"]])]


def test_an_input_of_a_merge_that_others_read_is_no_branch() -> None:
    sketch = Sketch()
    start = sketch.conv("start", 8)
    left = sketch.conv("left", 8, start)
    right = sketch.conv("right", 8, start)
    total = sketch.add("", "add", left, right)
    sketch.add("", "multiply", total, left)
    graph = sketch.graph()
    tree = branched(nested(graph), Wires(graph))
    assert drawn(tree) == ["start", "left", "right", ("add", 1), ("multiply", 1)]


def test_branches_in_another_order_than_the_inputs_are_none() -> None:
    sketch = Sketch()
    start = sketch.conv("start", 8)
    left = sketch.conv("left", 4, start)
    right = sketch.conv("right", 4, start)
    sketch.add("", "concat", right, left)
    graph = sketch.graph()
    assert drawn(branched(nested(graph), Wires(graph)))[-1] == ("concat", 1)
    verify(folded(graph), graph)


def test_rows_that_are_equal_but_for_their_names_are_repeated() -> None:
    sketch = Sketch()
    for name in ("conv1", "conv2", "conv3"):
        sketch.conv(name, 8, kernel=3, padding=1)
    for _ in range(3):
        sketch.conv("", 8)
        sketch.add("", "batchnorm")
    tree = repeated(nested(sketch.graph()))
    assert drawn(tree) == ["conv", (3, [("conv", 1), ("batchnorm", 1)])]
    assert [item.repeat for item in tree] == [3, 3]


def test_a_run_that_reads_what_stands_before_it_is_not_repeated() -> None:
    sketch = Sketch()
    start = sketch.conv("start", 8)
    for _ in range(3):
        last = sketch.conv("", 8)
        sketch.add("", "add", last, start)
    assert len(repeated(nested(sketch.graph()))) == 7


def residual(sketch: Sketch, path: str, filters: int, stride: int = 1) -> None:
    before = sketch.last
    width = sketch.operations[before - 1].layer.filters if before else 8  # type: ignore[attr-defined]
    sketch.conv(f"{path}:Block/conv1", filters, kernel=3, padding=1, stride=stride)
    last = sketch.conv(f"{path}:Block/conv2", filters, kernel=3, padding=1)
    if width != filters or stride > 1:
        before = sketch.conv(f"{path}:Block/down", filters, before, stride=stride)
    sketch.add(f"{path}:Block", "add", last, before)
    sketch.conv(f"{path}:Block/out", filters)


def test_modules_that_are_alike_are_instances_of_a_block() -> None:
    sketch = Sketch()
    for path, filters, stride in (("0", 8, 1), ("1", 16, 2), ("2", 16, 1), ("3", 16, 1)):
        residual(sketch, path, filters, stride)
    graph = sketch.graph()
    text = folded(graph)
    verify(text, graph)
    assert "arguments: {filters: required, stride: 1}" in text
    assert "when: $(input.channels != filters)" in text
    assert text.endswith(
        "layers:\n"
        "  - {block: block, with: {filters: 8}}\n"
        "  - {block: block, repeat: 3, with: {filters: 16}, first: {stride: 2}}\n"
    )


def test_channels_are_written_in_terms_of_those_that_come_in() -> None:
    sketch = Sketch()
    for at, filters in enumerate((8, 16, 24)):
        before = sketch.operations[-1].layer.filters if at else 8  # type: ignore[attr-defined]
        sketch.conv(f"{at}:Wide/up", 6 * before)
        sketch.conv(f"{at}:Wide/down", filters)
    text = folded(sketch.graph())
    assert "name: up, filters: $(6 * input.channels)" in text
    assert "name: down, filters: $filters" in text


def test_padding_follows_a_kernel_that_differs() -> None:
    sketch = Sketch()
    for at, kernel in enumerate((3, 5, 7)):
        sketch.conv(f"{at}:Same/conv", 8, kernel=kernel, padding=kernel // 2)
        sketch.add(f"{at}:Same/bn", "batchnorm")
    text = folded(sketch.graph())
    assert "kernel: $kernel, padding: half" in text


def test_a_block_is_given_the_names_of_the_layers_that_it_reads_elsewhere() -> None:
    sketch = Sketch()
    skips = [sketch.conv(f"skip{at}", 8) for at in range(2)]
    for at, skip in enumerate(reversed(skips)):
        last = sketch.conv(f"up{at}:Up/conv", 8)
        sketch.add(f"up{at}:Up", "concat", last, skip)
        sketch.conv(f"up{at}:Up/out", 8)
    graph = sketch.graph()
    text = folded(graph)
    verify(text, graph)
    assert "arguments: {other: required}" in text
    assert "with: {other: skip0}" in text


def test_a_module_that_is_called_again_shares_its_weights() -> None:
    sketch = Sketch()
    start = sketch.conv("start", 8)
    sketch.conv("head:Head/conv1", 8, start)
    sketch.conv("head:Head/conv2", 8)
    for _ in range(2):
        first = sketch.conv("head:Head/conv1", 8, sketch.last)
        sketch.conv("head:Head/conv2", 8)
        for at, shares in ((first, 2), (first + 1, 3)):
            row = sketch.operations[at - 1]
            modules = (row.modules[0]._replace(call=first), *row.modules[1:])
            sketch.operations[at - 1] = row._replace(shares=shares, modules=modules)
    graph = sketch.graph()
    text = folded(graph)
    verify(text, graph)
    assert text.count("share: head") == 2


def test_a_block_that_is_used_once_is_written_where_it_stands() -> None:
    sketch = Sketch()
    for at in range(3):
        sketch.conv(f"{at}:Outer/conv", 8)
        sketch.conv(f"{at}:Outer/inner:Inner/a", 8)
        sketch.conv(f"{at}:Outer/inner:Inner/b", 8, kernel=3, padding=1)
    text = folded(sketch.graph())
    assert "inner:" not in text
    assert "block: outer, repeat: 3" in text


def test_the_same_graph_gives_the_same_bytes() -> None:
    def text() -> str:
        sketch = Sketch()
        for at in range(6):
            residual(sketch, str(at), 8 + 8 * (at // 2), 1 + at % 2)
        return folded(sketch.graph())

    assert len({text() for _ in range(3)}) == 1


def test_names_of_classes_are_words() -> None:
    assert snake("InvertedResidual") == "inverted_residual"
    assert snake("torchvision.models.resnet.BasicBlock") == "basic_block"
    assert snake("SEBlock") == "se_block"
    assert snake("Conv2dNormActivation") == "conv2d_norm_activation"
    assert snake("C2f") == "c2f"


def test_copies_are_called_what_their_names_have_in_common() -> None:
    assert stem([("conv1",), ("conv2",)]) == ("conv",)
    assert stem([("Mixed_6b",), ("Mixed_6c",)]) == ("Mixed_6",)
    assert stem([("0",), ("1",)]) == ()
    assert stem([("a", "0"), ("a", "0")]) == ("a", "0")


def test_the_first_copy_alone_may_differ() -> None:
    class Made:
        def arguments(self, index: int) -> dict[str, int]:
            return {"filters": 8, "stride": 2 if index == 0 else 1}

    call = CallItem((), 1, 4, Made(), (0, 1, 2), 0)  # type: ignore[arg-type]
    assert arguments_of(call) == ({"filters": 8, "stride": 1}, {"stride": 2}, {})
