"""``repeat`` on every entry, and ``copy``, ``first`` and ``last`` in its copies."""

from __future__ import annotations

import pytest
from language import analysis, diagnostics, file, mistake, mistakes, paths, wiring

HEAD = """variables: {widths: [4, 8, 6]}
blocks:
  unit:
    arguments: {width: 5, n: 0}
    layers:
      - {type: conv, name: c, filters: $width, kernel: 1}
      - {type: relu, repeat: $n}
"""


def channels(text: str) -> list[int]:
    return [layer.output.channels for layer in analysis(text).layers]


def test_a_layer_is_repeated_under_its_name() -> None:
    layers = (
        "  - {type: conv, name: c, filters: 3, kernel: 3, padding: 1, repeat: 3}\n"
        "  - {type: add, name: sum, from: [c, c.0, c.2]}\n"
        "  - {type: relu, repeat: 1}\n"
    )
    assert wiring(file(layers)) == {
        "c.0": ("input",),
        "c.1": ("c.0",),
        "c.2": ("c.1",),
        "sum": ("c.2", "c.0", "c.2"),
        "relu1.0": ("sum",),
    }


def test_a_layer_of_two_rows_and_one_with_branches() -> None:
    layers = (
        "  - {type: separable_conv, name: s, filters: 3, kernel: 1, repeat: 2}\n"
        "  - {type: add, name: a, repeat: 2, branches: {x: [{type: relu, name: r}], y: []}}\n"
        "  - {type: concat, name: all, from: [s.0.depthwise, a.0.x.r, a.1.y]}\n"
    )
    wired = wiring(file(layers))
    assert list(wired)[:4] == ["s.0.depthwise", "s.0.pointwise", "s.1.depthwise", "s.1.pointwise"]
    assert wired["a.1"] == ("a.1.x.r", "a.0")
    assert wired["all"] == ("s.0.depthwise", "a.0.x.r", "a.0")


@pytest.mark.parametrize(
    "entry",
    [
        "{type: relu, name: none, repeat: 0}",
        "{block: unit, name: none, repeat: $(len(widths) - 3)}",
        "{layers: [{type: relu}], name: none, repeat: 0}",
    ],
)
def test_no_copies_are_as_left_out_by_when(entry: str) -> None:
    layers = f"  - {{type: tanh, name: a}}\n  - {entry}\n  - {{type: relu, name: b}}\n"
    assert wiring(file(layers, HEAD)) == {"a": ("input",), "b": ("a",)}
    read = file(f"{layers}  - {{type: relu, from: none}}\n", HEAD)
    assert mistake(read).message == '"none" is left out by its `repeat`'


def test_names_in_what_is_left_out_are_looked_up() -> None:
    group = (
        "  - {repeat: 0, layers: [{type: relu, from: nowhere}, {type: relu, from: $(w[copy])}]}\n"
    )
    assert [rule for rule, *_ in mistakes(file(group, "variables: {w: [input]}\n"))] == [
        "invalid-yaml"
    ]
    group = group.replace("$(w[copy])", '"$(w[copy])"')
    found = mistake(file(group, "variables: {w: [input]}\n"))
    assert found.message.startswith('no layer before this one is named "nowhere"')


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("{type: conv, filters: $(copy + 1), kernel: 1, repeat: 3}", [1, 2, 3]),
        ('{type: conv, filters: "$(widths[copy])", kernel: 1, repeat: 3}', [4, 8, 6]),
        ('{block: unit, repeat: 3, with: {width: "$(widths[copy])"}}', [4, 8, 6]),
        ("{block: unit, repeat: 3, with: {width: 9}, first: {width: $(copy + 1)}}", [1, 9, 9]),
        ("{block: unit, repeat: 3, with: {width: 9}, last: {width: $(copy + 1)}}", [9, 9, 3]),
        ("{block: unit, repeat: 1, with: {width: 9}, first: {width: 1}, last: {width: 2}}", [2]),
        ("{block: unit, repeat: 4, first: {width: 1}, last: {width: 2}}", [1, 5, 5, 2]),
        ("{block: unit, repeat: 3, with: {n: $copy}}", [5, 5, 5, 5, 5, 5]),
        (
            "{repeat: 2, layers: [{layers: [{type: conv, filters: $(copy + 1), kernel: 1}]}, "
            "{type: conv, filters: $(copy + 5), kernel: 1, repeat: 2}]}",
            [1, 5, 6, 2, 5, 6],
        ),
        (
            "{repeat: 3, layers: [{type: conv, filters: 7, kernel: 1, repeat: $copy}, "
            "{type: conv, filters: 2, kernel: 1, when: $(copy == 1)}]}",
            [7, 2, 7, 7],
        ),
        (
            "{type: concat, repeat: 2, "
            "branches: [[{type: conv, filters: $(copy + 1), kernel: 1}], []]}",
            [1, 1 + 3, 2, 2 + 4],
        ),
    ],
)
def test_copy_is_the_number_of_the_innermost_copy(entry: str, expected: list[int]) -> None:
    assert channels(file(f"  - {entry}\n", HEAD)) == expected


def test_a_value_of_that_name_goes_first_and_a_layer_keeps_it() -> None:
    entry = "  - {type: conv, filters: $copy, kernel: 1, repeat: 2}\n"
    assert channels(file(entry, "variables: {copy: 7}\n")) == [7, 7]
    group = (
        "  - repeat: 2\n    layers:\n      - {type: conv, name: copy, filters: 5, kernel: 1}\n"
        "      - {type: conv, filters: $(copy.channels + copy), kernel: 1}\n"
    )
    assert channels(file(group)) == [5, 5, 5, 6]


def test_arguments_that_are_names_of_layers() -> None:
    head = "blocks: {b: {arguments: {skip: input}, layers: [{type: add, from: [input, $skip]}]}}\n"
    layers = (
        "  - {type: relu, name: a}\n  - {type: tanh, name: b}\n"
        '  - {block: b, name: u, repeat: 2, with: {skip: "$(names[copy])"}}\n'
    )
    wired = wiring(file(layers, "variables: {names: [b, a]}\n" + head))
    assert [wired["u.0.add1"], wired["u.1.add1"]] == [("b", "b"), ("u.0.add1", "a")]


def test_a_list_to_merge_cannot_be_repeated() -> None:
    layers = "  - {type: relu, name: a}\n  - {type: add, from: [a, input], repeat: 2}\n"
    assert mistake(file(layers)).message == (
        "from names 2 layers, and each copy reads the one before it alone"
    )


def test_an_element_beyond_a_list() -> None:
    entry = '  - {type: conv, filters: "$(widths[copy])", kernel: 1, repeat: 5}\n'
    found = mistake(file(entry, HEAD))
    assert (found.rule, found.message) == (
        "wrong-value",
        "there is no item 3 of 3; they are 0 to 2",
    )


def test_last_needs_repeat() -> None:
    found = mistake(file("  - {block: unit, last: {width: 3}}\n", HEAD))
    assert found.message == "last speaks of the last copy: it needs repeat"


def test_what_depends_on_a_mistake_is_no_second_mistake() -> None:
    entry = '  - {type: conv, name: c, filters: "$(widths[copy])", kernel: 1, repeat: $(1 / 0)}\n'
    layers = f"{entry}  - {{type: relu, from: c.7}}\n"
    assert [each.rule for each in diagnostics(file(layers, HEAD))] == ["division-by-zero"]


def test_a_mistake_in_the_copies_of_a_layer_is_one() -> None:
    found = mistake(file("  - {type: conv, filters: 8, kernel: 3, groups: 2, repeat: 4}\n"))
    assert (found.rule, found.layer) == ("indivisible-groups", "conv1.0")


def test_paths_of_repeated_layers_may_be_named_in_figures() -> None:
    text = file("  - {type: relu, name: r, repeat: 3}\n")
    text += "expect: {layers: {r: {macs: 0}, r.1: {output: 32x32x3}, 'r.*': {params: 0}}}\n"
    assert diagnostics(text) == []
    assert paths(text) == ["r.0", "r.1", "r.2"]
