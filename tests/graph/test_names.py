"""Names, running numbers and paths."""

from __future__ import annotations

from language import file, mistake, paths

GROUPS = """
  - {type: conv, filters: 8, kernel: 1}
  - {layers: [{type: relu}, {layers: [{type: relu}], name: inner}]}
  - {layers: [{type: relu}], repeat: 2}
  - {layers: [{type: relu}], name: once, repeat: 1}
"""


def test_groups_copies_and_running_numbers() -> None:
    assert paths(file(GROUPS)) == [
        "conv1", "group1.relu1", "group1.inner.relu1", "group2.0.relu1", "group2.1.relu1",
        "once.0.relu1",
    ]  # fmt: skip


def test_blocks_count_under_the_name_of_the_block() -> None:
    head = "blocks: {stage: {layers: [{type: relu}]}}\n"
    layers = "  - {block: stage}\n  - {block: stage, name: mine}\n  - {block: stage}\n"
    assert paths(file(layers, head)) == ["stage1.relu1", "mine.relu1", "stage2.relu1"]


def test_branches_are_named_or_numbered() -> None:
    layers = """
  - {type: add, name: sum, branches: {left: [{type: relu}], right: []}}
  - {type: concat, branches: [[{type: relu}, {type: relu}], [{type: relu, name: r}]]}
"""
    assert paths(file(layers)) == [
        "sum.left.relu1", "sum", "concat1.0.relu1", "concat1.0.relu2", "concat1.1.r", "concat1",
    ]  # fmt: skip


def test_the_contract_s_example_of_a_path() -> None:
    branch = "{residual: [{type: relu, name: conv1}], shortcut: []}"
    head = f"blocks: {{b: {{layers: [{{type: add, name: sum, branches: {branch}}}]}}}}\n"
    assert paths(file("  - {block: b, name: stage2, repeat: 1}\n", head)) == [
        "stage2.0.sum.residual.conv1",
        "stage2.0.sum",
    ]


def test_a_separable_convolution_is_two_rows() -> None:
    layers = "  - {type: separable_conv, name: s, filters: 8, kernel: 3}\n"
    assert paths(file(layers)) == ["s.depthwise", "s.pointwise"]


def test_running_numbers_count_what_when_leaves_out() -> None:
    layers = "  - {type: relu}\n  - {type: relu, when: false}\n  - {type: relu}\n"
    assert paths(file(layers)) == ["relu1", "relu3"]


def test_running_numbers_skip_names_that_are_taken() -> None:
    layers = "  - {type: relu}\n  - {type: relu}\n  - {type: tanh, name: relu1}\n"
    assert paths(file(layers)) == ["relu2", "relu3", "relu1"]


def test_running_numbers_of_different_words_do_not_meet() -> None:
    head = "blocks: {relu1: {layers: [{type: tanh}]}}\n"
    layers = "  - {block: relu1}\n" + "  - {type: relu}\n" * 11
    found = paths(file(layers, head))
    assert found[0] == "relu11.tanh1"
    assert found[-2:] == ["relu10", "relu12"]


def test_every_scope_counts_for_itself() -> None:
    layers = "  - {layers: [{type: relu}]}\n  - {type: relu}\n"
    assert paths(file(layers)) == ["group1.relu1", "relu1"]


def test_names_that_yaml_would_take_for_something_else() -> None:
    names = ("3a", "3_1", "on", "no", "yes", "true", "null", "1e3", "0x10", "_", "-", "2026-11-21")
    layers = "".join(f"  - {{type: relu, name: {name}}}\n" for name in names)
    assert paths(file(layers)) == list(names)


def test_the_longest_name() -> None:
    name = "n" * 64
    assert paths(file(f"  - {{type: relu, name: {name}}}\n")) == [name]
    assert mistake(file(f"  - {{type: relu, name: {name}n}}\n")).rule == "wrong-value"


def test_a_name_may_return_in_another_scope() -> None:
    layers = """
  - {type: relu, name: a}
  - {layers: [{type: relu, name: a}], name: g}
  - {type: add, branches: [[{type: relu, name: a}], [{type: relu, name: a}]]}
"""
    assert paths(file(layers)) == ["a", "g.a", "add1.0.a", "add1.1.a", "add1"]
