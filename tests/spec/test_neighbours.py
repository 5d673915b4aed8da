"""What people write who know another language gets one error, with what to write instead."""

from __future__ import annotations

from pathlib import Path

import pytest
from language import diagnostics, file
from process import run


def only(text: str) -> tuple[str, int, tuple[str, ...]]:
    """The message, line and suggestions of the one mistake of a file."""
    (mistake,) = diagnostics(text)
    assert mistake.span is not None
    return mistake.message, mistake.span.line, mistake.suggestions


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ('"${x}"', "write `$(x)`"),
        ('"${x}/2"', "write `$(...)`"),
        ("$(x > 1 && x < 3)", "write `and`"),
        ("$(x > 1 || x < 3)", "write `or`"),
        ("$(!(x > 1))", "write `not`"),
        ("$(x = 1)", "write `==`"),
    ],
)
def test_signs_of_other_languages(written: str, hint: str) -> None:
    entry = f"  - {{type: relu, when: {written}}}\n"
    assert only(f"variables: {{x: 2}}\n{file(entry)}")[2] == (hint,)


def test_braces_that_yaml_cannot_read() -> None:
    entry = "  - {type: conv, filters: ${x}, kernel: 3}\n"
    assert only(file(entry))[2] == ("write an expression as `$(...)`",)


@pytest.mark.parametrize(
    ("word", "hints"),
    [
        ("upconv", ("did you mean `conv_transpose`?",)),
        ("deconvolution", ("did you mean `conv_transpose`?",)),
    ],
)
def test_types_of_other_programs(word: str, hints: tuple[str, ...]) -> None:
    assert only(file(f"  - {{type: {word}, filters: 3, kernel: 3}}\n"))[2] == hints


def test_attention_is_not_flattened() -> None:
    hints = [hint for mistake in diagnostics(file("  - {type: attention}\n"))
             for hint in mistake.suggestions]  # fmt: skip
    assert not any("flatten" in hint for hint in hints)


BLOCK = """\
name: n
input: 8x8x3
blocks:
  b:
    arguments: {arguments}
    layers:
      - {{type: conv, filters: $a, kernel: 3}}
layers:
  - {{block: b, with: {{a: 3}}}}
  - {{block: b}}
"""


def test_arguments_as_a_list_are_one_mistake_with_an_example() -> None:
    message, line, _ = only(BLOCK.format(arguments="[a]"))
    assert (line, "{filters: required, stride: 1}" in message) == (5, True)


def test_an_empty_default_is_a_mistake_at_its_place() -> None:
    message, line, _ = only(BLOCK.format(arguments="{a: }"))
    assert line == 5
    assert message.startswith('"a" has no value')
    message, line, _ = only(f"variables:\n  x:\n{file('  - {type: linear, units: $x}')}\n")
    assert (message, line) == ('"x" has no value', 2)


@pytest.mark.parametrize("call", ["with: {a: }", "repeat: 2, with: {a: 1}, first: {a: }"])
def test_an_argument_that_is_given_nothing_is_a_mistake_at_its_place(call: str) -> None:
    block = "{b: {arguments: {a: 1}, layers: [{type: linear, units: $a}]}}"
    text = f"name: x\ninput: 8x8x3\nblocks: {block}\nlayers:\n  - {{block: b, {call}}}\n"
    message, line, _ = only(text)
    assert (message, line) == ('"a" has no value', 5)


def test_a_budget_of_memory_lists_the_quantities() -> None:
    message, *_ = only(f"{file('  - {type: relu}')}\nbudget: {{memory: 8GB}}\n")
    assert '"memory" is no quantity of a network; there are: ' in message
    assert "peak_bytes" in message


def test_bytes_have_a_unit_of_bytes() -> None:
    for given, meant in (("8G", "8GB"), ("1.5m", "1.5MB"), ("8gib", "8GiB")):
        budget = f"budget: {{activation_bytes: {given}}}\n"
        hints = only(f"{file('  - {type: relu}')}\n{budget}")[2]
        assert hints == (f"did you mean `{meant}`?",)


NET = """\
name: n
input: 8x8x3
variables: {width: 4, act: relu, word: 0}
layers:
  - {type: conv, filters: $(width * 2), kernel: 3, activation: $act, when: $(word != on)}
"""


def test_a_word_for_a_number_is_refused_where_it_is_set(tmp_path: Path) -> None:
    text = NET.replace("$(word != on)", "$(word == 0)")
    (tmp_path / "net.yaml").write_text(text, encoding="utf-8")
    refused = run("table", "net.yaml", "--set", "width=abc", cwd=tmp_path)
    assert (refused.status, refused.out) == (2, "")
    assert '--set width=abc: the file uses "width" as a number; there it is 4' in refused.err
    assert run("table", "net.yaml", "--set", "act=gelu", cwd=tmp_path).status == 0
    assert run("table", "net.yaml", "--set", "word=on", cwd=tmp_path).status == 0


def test_a_file_that_lies_here_is_named(tmp_path: Path) -> None:
    (tmp_path / "net.yaml").write_text(NET, encoding="utf-8")
    refused = run("table", "net", cwd=tmp_path)
    assert (refused.status, refused.out) == (2, "")
    assert "did you mean the file `net.yaml`?" in refused.err
