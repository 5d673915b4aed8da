"""Branches under a condition, and types, blocks and inputs that expressions give."""

from __future__ import annotations

import pytest
from language import analysis, diagnostics, file, mistake, mistakes, network, paths, wiring

from archcalc import api
from archcalc.diagnostics import SpecError
from archcalc.network.volume import Volume

BLOCKS = """variables: {unit: wide, norm: batchnorm, full: true}
blocks:
  wide: {arguments: {width: 8}, layers: [{type: conv, name: c, filters: $width, kernel: 1}]}
  twice:
    arguments: {width: 8}
    layers: [{block: wide, with: {width: $(2 * width)}, name: one}, {type: $norm, name: n}]
"""


def merge(when: str, other: str = "true", kind: str = "add") -> str:
    return (
        f"  - type: {kind}\n    name: sum\n    activation: relu\n    branches:\n"
        f"      left: {{when: {when}, layers: [{{type: tanh, name: t}}]}}\n"
        f"      right: {{when: {other}, layers: []}}\n"
    )


def test_a_branch_is_an_input_where_its_condition_holds() -> None:
    assert wiring(file(merge("$full"), BLOCKS))["sum"] == ("sum.left.t", "input")
    assert wiring(file(merge("$(not full)"), BLOCKS)) == {"sum": ("input",)}


@pytest.mark.parametrize("kind", ["add", "multiply", "concat"])
def test_a_merge_with_one_input_is_a_view_and_its_activation_applies(kind: str) -> None:
    layers = "  - {type: elu, name: e}\n" + merge("false", kind=kind)
    found = analysis(file(f"{layers}  - {{type: selu, from: e}}\n"))
    _, last, _ = found.layers
    assert (last.type, last.activation, last.inputs) == (kind, "relu", ("e",))
    assert (last.flops, last.output) == (32 * 32 * 3, Volume(3, (32, 32)))
    plain = analysis(file(layers.replace("    activation: relu\n", ""))).layers[-1]
    assert (plain.activation_elements, plain.flops) == (0, 0)
    assert plain.field.axes == found.layers[0].field.axes


def test_no_branch_left_is_a_mistake() -> None:
    found = mistake(file(merge("false", "$(not full)"), BLOCKS))
    assert (found.rule, found.span and found.span.line) == ("wrong-value", 14)


def test_names_in_a_branch_that_is_left_out() -> None:
    layers = merge("false") + "  - {type: relu, from: sum.left.t}\n"
    assert mistake(file(layers)).message == '"sum.left" is left out by its `when`'
    wrong = merge("false").replace("name: t", "from: nowhere")
    assert mistake(file(wrong)).message.startswith('no layer before this one is named "nowhere"')


def test_behind_an_unknown_condition_nothing_is_reported_a_second_time() -> None:
    layers = (
        "  - {type: conv, filters: 4, kernel: 99, name: lost}\n"
        "  - {type: conv, name: maybe, filters: 5, kernel: 1, from: input, "
        "when: $(lost.channels > 3)}\n"
        "  - {type: add, from: [maybe, input]}\n"
        "  - type: add\n    branches:\n"
        "      - {when: $(lost.height > 3), layers: [{type: conv, filters: 9, kernel: 1}]}\n"
        "      - []\n"
        "  - {type: linear, units: 3, from: maybe}\n"
    )
    assert [each.rule for each in diagnostics(file(layers))] == ["window-too-large"]


def test_a_type_and_its_keys() -> None:
    layers = (
        "  - {type: $norm}\n  - {type: $(norm), name: n, affine: false}\n"
        "  - {type: conv, filters: 3, kernel: 1}\n  - {type: $norm}\n"
    )
    found = analysis(file(layers, BLOCKS))
    assert [(layer.name, layer.params) for layer in found.layers] == [
        ("layer1", 6),
        ("n", 0),
        ("conv1", 12),
        ("layer2", 6),
    ]


def test_types_of_copies() -> None:
    head = "variables: {types: [conv, separable_conv, depthwise_conv]}\n"
    entry = '  - {type: "$(types[copy])", name: x, kernel: 3, repeat: 3, filters: 4}\n'
    found = mistake(file(entry, head))
    assert found.message == 'depthwise_conv has no key "filters"'
    entry = entry.replace("repeat: 3", "repeat: 2")
    assert paths(file(entry, head)) == ["x.0", "x.1.depthwise", "x.1.pointwise"]


def test_a_merge_may_be_chosen_with_a_list() -> None:
    layers = "  - {type: relu, name: r}\n  - {type: $kind, name: m, from: [r, input]}\n"
    text = file(layers, "variables: {kind: concat}\n")
    assert analysis(text).layers[-1].output.channels == 6
    assert analysis(text, variables={"kind": "add"}).layers[-1].output.channels == 3
    with pytest.raises(SpecError, match="takes one input"):
        analysis(text, variables={"kind": "tanh"})


def test_a_block() -> None:
    layers = "  - {block: $unit, name: u, with: {width: 4}}\n  - {block: $unit, repeat: 2}\n"
    text = file(layers, BLOCKS)
    assert paths(text) == ["u.c", "layer1.0.c", "layer1.1.c"]
    assert [region.block for region in network(text).regions] == ["wide"] * 4
    chosen = analysis(text, variables={"unit": "twice"})
    assert [layer.name for layer in chosen.layers[:2]] == ["u.one.c", "u.n"]
    assert not any(each.rule == "unused-block" for each in api.check(chosen))


def test_blocks_of_copies() -> None:
    head = BLOCKS.replace("unit: wide", "units: [wide, twice]")
    text = file('  - {block: "$(units[copy])", name: u, repeat: 2}\n', head)
    assert paths(text) == ["u.0.c", "u.1.one.c", "u.1.n"]
    blocks = {region.path: region.block for region in network(text).regions}
    assert (blocks["u"], blocks["u.0"], blocks["u.1"]) == (None, "wide", "twice")


@pytest.mark.parametrize("size", ["$size", "{channels: $c, size: $n}", "{channels: 2, size: 9}"])
def test_an_input_from_variables(size: str) -> None:
    head = "variables: {size: 9x9x2, c: 2, n: 9, from: $(input.channels + 1)}\n"
    text = file("  - {type: conv, filters: $from, kernel: 3}\n", head, size)
    assert str(analysis(text).input) == "9x9x2"
    assert analysis(text).layers[0].output == Volume(3, (7, 7))
    other = analysis(text, input="11,channels=5")
    assert other.layers[0].output == Volume(6, (9, 9))
    if "$" in size:
        values = {"size": "5x7x4"} if size == "$size" else {"c": 4, "n": [5, 7]}
        assert analysis(text, variables=values).layers[0].output == Volume(5, (3, 5))


def test_an_input_that_depends_on_itself() -> None:
    layers = "  - {type: relu}\n"
    text = file(layers, "variables: {n: $(input.channels)}\n", "{channels: $n, size: 8}")
    assert mistake(text).message == "input depends on its own size"
    assert mistakes(file(layers, "variables: {n: $(1 / 0)}\n", "$n")) == [
        ("division-by-zero", 3, 16)
    ]
    assert mistake(file(layers, "variables: {n: abc}\n", "$n")).span == (2, 8, 2, 10)


def test_lists_from_outside() -> None:
    text = file(
        '  - {type: conv, filters: "$(w[copy])", kernel: 1, repeat: $(len(w))}\n',
        "variables: {w: [1, 2]}\n",
    )
    for given in ("[3, 4,5]", [3, 4, 5], (3, 4, 5)):
        found = analysis(text, variables={"w": given})
        assert [layer.output.channels for layer in found.layers] == [3, 4, 5]
    for wrong in ("[3, 4", "[]x", "[$w]", "[3], b: 4"):
        with pytest.raises(ValueError, match="a variable is set to a list"):
            analysis(text, variables={"w": wrong})
