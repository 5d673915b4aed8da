"""Blocks, arguments, ``repeat``, ``first`` and ``when``."""

from __future__ import annotations

from fractions import Fraction

import pytest
from language import analysis, diagnostics, file, mistake, mistakes, network, paths, wiring

from archcalc.network.layers import LAYERS

STAGE = """blocks:
  stage:
    arguments: {width: required, stride: 1, project: false}
    layers:
      - {type: conv, name: c, filters: $width, kernel: 3, padding: same, stride: $stride}
      - {type: batchnorm, name: p, when: $project}
"""


def filters(text: str) -> list[int]:
    return [layer.output.channels for layer in analysis(text).layers]


def test_first_goes_before_with_in_the_first_copy_only() -> None:
    call = "{block: stage, name: s, repeat: 3, with: {width: 8}, first: {width: 4, stride: 2}}"
    layers = analysis(file(f"  - {call}\n", STAGE)).layers
    assert [layer.output.channels for layer in layers] == [4, 8, 8]
    assert [layer.output.spatial for layer in layers] == [(32 // 2, 32 // 2)] * 3


def test_when_sees_the_arguments_of_its_copy() -> None:
    call = "{block: stage, name: s, repeat: 2, with: {width: 8}, first: {project: true}}"
    assert paths(file(f"  - {call}\n", STAGE)) == ["s.0.c", "s.0.p", "s.1.c"]


@pytest.mark.parametrize(
    ("condition", "kept"),
    [
        ("true", True), ("false", False), ("$yes", True), ("$(not yes)", False),
        ("$(n != 1)", True), ("$(n == 2 and yes)", True), ("$(n < 2 or n > 2)", False),
        ("$(n >= 2.0)", True), ("$(word == other)", True), ("$(word == n)", False),
    ],
)  # fmt: skip
def test_conditions(condition: str, kept: bool) -> None:
    head = "variables: {n: 2, yes: true, word: relu, other: relu}\n"
    layers = f"  - {{type: tanh, name: a, when: {condition}}}\n  - {{type: relu, name: b}}\n"
    assert wiring(file(layers, head))["b"] == ("a" if kept else "input",)


def test_the_last_entry_left_out_leaves_the_one_before_as_the_output() -> None:
    layers = """
  - layers: [{type: tanh, name: a}, {type: relu, name: b, when: false}]
    name: g
  - {type: relu, name: c}
"""
    assert wiring(file(layers))["c"] == ("g.a",)


def test_repeat_may_be_an_expression() -> None:
    head = "variables: {n: 2}\n"
    layers = "  - {layers: [{type: relu, name: r}], name: g, repeat: $(n + 1)}\n"
    assert paths(file(layers, head)) == ["g.0.r", "g.1.r", "g.2.r"]


def test_blocks_may_be_used_before_they_are_written() -> None:
    head = """blocks:
  outer: {layers: [{block: inner, name: i}]}
  inner: {layers: [{type: relu, name: r}]}
"""
    assert paths(file("  - {block: outer, name: o}\n", head)) == ["o.i.r"]


def test_defaults_may_use_arguments_to_their_left_and_variables() -> None:
    head = """variables: {unit: 8}
blocks:
  b:
    arguments: {width: $unit, inner: $(width // 4)}
    layers: [{type: conv, filters: $inner, kernel: 1}, {type: conv, filters: $width, kernel: 1}]
"""
    calls = "  - {block: b}\n  - {block: b, with: {width: 40}}\n  - {block: b, with: {inner: 3}}\n"
    assert filters(file(calls, head)) == [8 // 4, 8, 40 // 4, 40, 3, 8]


def test_an_argument_hides_a_variable_of_its_name() -> None:
    head = """variables: {n: 8}
blocks:
  b: {arguments: {n: 4}, layers: [{type: linear, units: $n}]}
"""
    layers = "  - {block: b, with: {n: $(n + 1)}}\n  - {block: b}\n  - {type: linear, units: $n}\n"
    assert filters(file(layers, head)) == [8 + 1, 4, 8]


def test_arguments_are_numbers_words_truth_values_and_lists() -> None:
    head = """blocks:
  b:
    arguments: {kernel: 3, act: relu, bias: true, pad: same, rate: 0.25}
    layers:
      - {type: conv, filters: 4, kernel: $kernel, activation: $act, bias: $bias, padding: $pad}
      - {type: dropout, rate: $rate}
"""
    call = "{block: b, with: {kernel: [3, 5], act: tanh, bias: false, pad: [[1, 1], [2, 2]]}}"
    found = network(file(f"  - {call}\n", head))
    _, conv, dropout = (node.layer for node in found.nodes)
    assert conv == LAYERS["conv"](filters=4, kernel=(3, 5), bias=False, padding=((1, 1), (2, 2)))
    assert found.nodes[1].activation == "tanh"
    assert dropout == LAYERS["dropout"](rate=Fraction(1, 4))


def test_argument_names_are_any_words() -> None:
    head = """blocks:
  b:
    arguments: {type: 4, from: 2, True: 1}
    layers: [{type: linear, units: $(type * from * True)}]
"""
    assert filters(file("  - {block: b}\n", head)) == [4 * 2 * 1]


def test_a_table_of_connections_as_an_argument() -> None:
    head = """blocks:
  b:
    arguments: {table: required}
    layers: [{type: conv, filters: 2, kernel: 1, connection_table: $table, bias: false}]
"""
    call = "  - {block: b, with: {table: [[0, 1], [2]]}}\n"
    assert analysis(file(call, head)).totals.weights == 2 + 1


def test_a_mistake_in_a_block_is_one_for_all_its_instances() -> None:
    head = "blocks: {b: {arguments: {n: 1}, layers: [{type: linear, units: $(n - 1)}]}}\n"
    layers = "  - {block: b, repeat: 3}\n  - {block: b}\n"
    assert mistakes(file(layers, head)) == [("size-below-one", 3, 64)]


def test_a_shape_that_does_not_fit_counts_its_copies() -> None:
    layers = "  - {layers: [{type: conv, filters: 8, kernel: 3, groups: 2}], repeat: 4}\n"
    found = mistake(file(layers))
    assert (found.rule, found.layer) == ("indivisible-groups", "group1.0.conv1")


def test_an_argument_that_only_later_copies_miss() -> None:
    text = file("  - {block: stage, repeat: 2, first: {width: 8}}\n", STAGE)
    found = mistake(text)
    assert found.rule == "missing-argument"
    assert found.message.endswith("after the first copy")
    assert diagnostics(text.replace("repeat: 2", "repeat: 1")) == []


def test_a_value_that_depends_on_a_mistake_is_no_second_mistake() -> None:
    head = "variables: {n: $(1 / 0), m: $(n + 1)}\n"
    layers = "  - {type: linear, units: $m}\n  - {layers: [{type: relu}], repeat: $n}\n"
    assert mistakes(file(layers, head)) == [("division-by-zero", 3, 16)]


def test_every_mistake_of_a_name_is_found_beside_a_broken_entry() -> None:
    layers = """  - {type: cnv, name: a}
  - {type: relu, name: b, from: a}
  - {type: add, from: [a, c]}
  - {type: conv, filters: 0, kernel: 3}
"""
    assert mistakes(file(layers)) == [
        ("unknown-type", 4, 12), ("unknown-name", 6, 27), ("size-below-one", 7, 27),
    ]  # fmt: skip
