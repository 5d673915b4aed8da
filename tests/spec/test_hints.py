"""What is suggested where a file is not well-formed, or a name leads nowhere."""

from __future__ import annotations

import pytest
from language import diagnostics, file, mistake
from process import run

CONV = "name: n\ninput: 8x8x3\nlayers:\n  - type: conv\n    filters: 3\n    kernel:3\n"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        (
            "name: n\nlayers:\n  - {type: conv, kernel: 3\n  - {type: relu}\n",
            "a bracket is not closed in line 3",
        ),
        ('name: "n\ninput: 8x8x3\nlayers: []\n', "a quotation mark is not closed in line 1"),
        (CONV, "a colon needs a space behind it in line 6"),
        (f"{CONV}  - {{type: relu}}\n", "a colon needs a space behind it in line 6"),
        ("name: n\nlayers:\n  -\t{type: relu}\n", "indent with spaces, not tabs"),
        ("name: it's\nlayers: [8]\nyear 3\n", "compare its indentation"),
    ],
)
def test_the_line_that_is_to_blame(text: str, hint: str) -> None:
    assert mistake(text).suggestions[0].startswith(hint)


GROUP = """
  - {name: g, repeat: 12, layers: [{type: relu, name: a, when: false}, {type: relu, name: b},
     {type: tanh}]}
"""


@pytest.mark.parametrize(
    ("reference", "message", "suggestions"),
    [
        ("g.12.b", '"g" has no "12" inside; it has 0 to 11', ()),
        ("g.b", '"g" has no "b" inside', ("did you mean `g.0.b`?",)),
        ("g.11.a", '"g.11.a" is left out by its `when`', ()),
        ("g.1.a", '"g.1.a" is left out by its `when`', ()),
        (
            "g.7.tanh1",
            '"g.7" has no "tanh1" inside',
            ("an entry is found by its name only where the file gives it one",),
        ),
        ("g.7.bb", '"g.7" has no "bb" inside', ("did you mean `g.7.b`?",)),
    ],
)
def test_names_inside_copies(reference: str, message: str, suggestions: tuple[str, ...]) -> None:
    found = mistake(file(f"{GROUP}  - {{type: relu, from: {reference}}}\n"))
    assert (found.rule, found.message, found.suggestions) == ("unknown-name", message, suggestions)


def test_a_name_that_is_left_out_gives_way_to_one_around_it() -> None:
    layers = """
  - {type: conv, name: a, filters: 5, kernel: 1}
  - {name: g, layers: [{type: relu, name: a, when: false}, {type: relu, from: a}]}
"""
    assert diagnostics(file(layers)) == []


def test_a_block_sees_nothing_around_it() -> None:
    head = "blocks: {u: {layers: [{type: relu, from: stem}]}}\n"
    found = mistake(file("  - {type: relu, name: stem}\n  - {block: u}\n", head))
    assert found.suggestions == ("a block sees no layer around it: pass the name as an argument",)


def test_a_wrong_number_of_copies_hides_their_names() -> None:
    layers = "  - {name: g, repeat: two, layers: [{type: relu, name: a}]}\n"
    found = mistake(file(f"{layers}  - {{type: relu, from: g.1.a}}\n"))
    assert found.message.startswith("repeat takes an integer")


@pytest.mark.parametrize(
    ("entry", "rule", "suggestions"),
    [
        ("{filters: 3, kernel: 3}", "missing-key", ()),
        ("{layer: [{type: relu}]}", "missing-key", ("did you mean `layers`?",)),
        ("{type: u}", "unknown-type", ("`block: u` instantiates a block",)),
        ("{type: relu, activation: swish}", "wrong-value", ("did you mean `silu`?",)),
        ("{type: relu, activation: sigmoidd}", "wrong-value", ("did you mean `sigmoid`?",)),
        ("{block: u, zzz: 3}", "unknown-key", ("arguments of the block stand under `with`",)),
    ],
)
def test_entries_that_are_almost_right(entry: str, rule: str, suggestions: tuple[str, ...]) -> None:
    head = "blocks: {u: {layers: [{type: relu}]}}\n"
    found = diagnostics(file(f"  - {{block: u}}\n  - {entry}\n", head))
    assert [(each.rule, each.suggestions) for each in found] == [(rule, suggestions)]


@pytest.mark.parametrize(
    ("entry", "suggestion"),
    [
        ("{type: conv, filters: 3, kernel: 3x5}", "write it as [3, 5]"),
        ("{type: conv, filters: 3, kernel: 3, bias: True}", "did you mean `true`?"),
        ("{type: conv, filters: 3, kernel: 3, bias: off}", "did you mean `false`?"),
        ("{type: reshape, shape: [6, 4, 32]}", "write it as 6x4x32, the channels last"),
    ],
)
def test_values_that_are_almost_right(entry: str, suggestion: str) -> None:
    assert mistake(file(f"  - {entry}\n")).suggestions == (suggestion,)


def test_an_input_as_a_list() -> None:
    found = mistake("name: n\ninput: [32, 32, 3]\nlayers: [{type: relu}]\n")
    assert found.suggestions == ("write it as 32x32x3, the channels last",)


def test_the_beginning_of_a_name() -> None:
    assert "did you mean `conv1_1`?" in run("explain", "vgg16", "conv1").err


def test_words_for_padding() -> None:
    done = run("conv", "7x7x3", "--kernel", "3", "--filters", "2", "--padding", "full")
    assert done.status == 2
    assert "or same, half, valid, causal, not 'full'" in done.err


@pytest.mark.parametrize("name", ["3a", "down-a", "3x3-b"])
def test_a_layer_whose_name_is_none_in_an_expression(name: str) -> None:
    size = f"{{type: conv, name: c, filters: $({name}.channels), kernel: 1}}"
    found = mistake(file(f"  - {{type: relu, name: {name}}}\n  - {size}\n"))
    hint = f"a name there has no `-` and starts with a letter: give `{name}` another"
    assert found.suggestions == (hint,)
