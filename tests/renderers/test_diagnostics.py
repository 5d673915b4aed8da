"""Diagnostics as they are shown: place, rule, message, line, caret, suggestions."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import archcalc
from archcalc.diagnostics import Diagnostic, Severity, Source, Span
from archcalc.renderers import diagnostics as text
from archcalc.renderers.wrapping import wrapped


def shown(line: str, column: int, message: str = "it is wrong", **options: object) -> list[str]:
    found = Diagnostic("some-rule", Severity.ERROR, message, Span(1, column), **options)  # type: ignore[arg-type]
    return text.render([found], Source("net.yaml", line)).splitlines()


def test_as_compilers_show_it() -> None:
    assert shown("input: 3x3x3", 8, suggestions=("write another",)) == [
        "net.yaml:1:8: error[some-rule]: it is wrong",
        "  1 | input: 3x3x3",
        "    |        ^",
        "    = write another",
    ]


def test_layer_and_copies() -> None:
    first = shown("a: b", 1, layer="stage.0", copies=1001)[0]
    assert first == "net.yaml:1:1: error[some-rule]: stage.0: it is wrong (and 1,000 more like it)"


@pytest.mark.parametrize("column", [1, 5, 60, 150, 299, 300])
def test_the_caret_stands_under_its_character_in_long_lines(column: int) -> None:
    line = "".join(chr(0x100 + i) for i in range(300))
    _, source, caret = shown(line, column)
    assert len(source) <= len("  1 | ") + text.WIDTH + 2
    assert source[caret.index("^")] == line[column - 1]


def test_the_caret_counts_terminal_cells() -> None:
    _, _, caret = shown("名: {strid: 2}", 5)
    assert caret == "    | " + " " * (2 + 3) + "^"


def test_tabs_and_control_characters_take_the_room_that_they_show() -> None:
    _, source, caret = shown("a\t\x1b[31mb", 8)
    assert source == "  1 | a \\x1b[31mb"
    assert source[caret.index("^")] == "b"


def test_nothing_of_the_file_reaches_the_terminal_as_a_command() -> None:
    lines = shown("\x1b[2J\u202e\x07", 1, "\x1b]0;title\x07", suggestions=("\x9b31m",))
    assert all(line.isprintable() for line in lines)


def test_a_place_below_the_last_line_has_no_excerpt() -> None:
    found = Diagnostic("some-rule", Severity.ERROR, "it ends", Span(9, 1))
    assert text.render([found], Source("net.yaml", "a: b\n")) == (
        "net.yaml:9:1: error[some-rule]: it ends\n"
    )


def test_colour_paints_place_rule_and_caret_only() -> None:
    found = Diagnostic("some-rule", Severity.WARNING, "it is", Span(1, 1))
    assert text.render([found], Source("n", "a"), colour=True) == (
        "\x1b[1mn:1:1:\x1b[0m \x1b[33mwarning[some-rule]\x1b[0m: it is\n"
        "  1 | a\n    | \x1b[33m^\x1b[0m\n"
    )


@pytest.mark.parametrize("width", [30, 50, 80])
def test_on_a_terminal_messages_break_between_words(width: int) -> None:
    message = "several words that say what is wrong, one after the other, and then some more"
    found = Diagnostic("rule", Severity.ERROR, message, Span(1, 40), suggestions=(message,))
    source = Source("n", "x" * 200)
    lines = text.render([found], source, width=width).splitlines()
    assert max(map(len, lines)) <= width
    assert message in " ".join(" ".join(lines).split())
    assert max(map(len, text.render([found], source).splitlines())) > width


def test_wrapped_keeps_words_that_are_longer_than_the_width() -> None:
    assert wrapped("a " + "b" * 30 + " c", 20, "  ") == ["a", "  " + "b" * 30, "  c"]
    assert wrapped("a b", None) == ["a b"]


def test_mistakes_of_a_file(golden: Callable[[str, str], None]) -> None:
    broken = (
        "name: broken\ninput: 8x8x3\nlayers:\n"
        "  - {type: conv, name: a, filters: 0, kernel: 3, strid: 1}\n"
        "  - {type: conw, name: b}\n"
        "  - {type: relu, name: c, from: aa}\n"
    )
    with pytest.raises(archcalc.SpecError) as raised:
        archcalc.loads(broken, "broken.yaml")
    golden("mistakes.txt", text.render(raised.value.diagnostics, raised.value.source))
