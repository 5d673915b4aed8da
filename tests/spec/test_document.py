"""From text to a tree with places: the same with libyaml and without."""

from __future__ import annotations

import pytest
import yaml
from language import fault_of
from trees import FASTEST, both, parsed

from archcalc.archfile import parse as document
from archcalc.archfile import text as text_module
from archcalc.archfile.nodes import MappingNode, ScalarNode
from archcalc.diagnostics import Findings, Span
from archcalc.limits import FILE_LIMIT


def test_libyaml_is_used_where_it_is_there() -> None:
    assert getattr(yaml, "CBaseLoader", yaml.BaseLoader) is FASTEST


def test_every_key_and_value_has_its_place() -> None:
    tree, mistakes = both("a: 1\n'b':\n  - [x, {y: z}]\n  -   q\n")
    assert mistakes == []
    assert tree == (Span(1, 1), [
        ("a", Span(1, 1), (Span(1, 4), "1")),
        ("b", Span(2, 1), (Span(3, 3), [
            (Span(3, 5), [
                (Span(3, 6), "x"),
                (Span(3, 9), [("y", Span(3, 10), (Span(3, 13), "z"))]),
            ]),
            (Span(4, 7), "q"),
        ])),
    ])  # fmt: skip


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("plain text", "plain text"), ("'it''s'", "it's"), ('"a\\tb\\u00e9"', "a\tb\xe9"),
        ("|\n  one\n  two\n", "one\ntwo\n"), (">\n  one\n  two\n", "one two\n"),
        ("one\n  two", "one two"), ("a:b", "a:b"), ("a#b", "a#b"), ("'#'", "#"), ("x # note", "x"),
        ("'\ttab'", "\ttab"), ("é\U0001f600", "é\U0001f600"), ("'%'", "%"), ("a\xa0b", "a\xa0b"),
    ],
)  # fmt: skip
def test_scalars_keep_their_text(text: str, value: str) -> None:
    tree, mistakes = both(f"key: {text}\n")
    assert mistakes == []
    assert tree[1][0][2] == (Span(1, 6), value)


def test_columns_count_characters_and_lines_every_break_of_yaml() -> None:
    tree, _ = both("é: 'ü'\r\nb: c\u2028d: e\x85f: g\n")
    assert [(name, place.start) for name, place, _ in tree[1]] == [
        ("é", (1, 1)), ("b", (2, 1)), ("d", (3, 1)), ("f", (4, 1)),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["key:\n", "key: # nothing\n", "{key: }\n", "{key}\n", "? key\n"])
def test_a_value_that_is_left_out_stands_at_its_key(text: str) -> None:
    tree, mistakes = both(text)
    assert mistakes == []
    name, place, value = tree[1][0]
    assert (name, value) == ("key", (place, ""))


@pytest.mark.parametrize(
    "text",
    [
        "a:\tb\n", "\ta: b\n", "a: b\t\n", "{a:,}\n", "{a:[b]}\n", "[a?b]\n", "{a: why?}\n",
        "a: 'b\n", "a: [b\n", "a: b: c\n", "a: b\n c: d\n", "- a\nb: c\n", "a: @b\n", "a: `b`\n",
        "a: %b\n", "a: }\n", "a: ![b\n", "[!b]", "a: \"\\z\"\n", "*\n", "{a, b: ]\n",
    ],
)  # fmt: skip
def test_what_is_not_well_formed_is_refused_by_both(text: str) -> None:
    tree, mistakes = both(text)
    assert (tree, [rule for rule, _ in mistakes]) == ((), ["invalid-yaml"])


@pytest.mark.parametrize("depth", [65, 1001, 2000])
@pytest.mark.parametrize(
    ("before", "level", "place"),
    [
        ("", "[", (1, 65)), ("", "{", (1, 65)), ("", "[\n", (65, 1)), ("", "{a: ", (1, 257)),
        ("", "- ", (1, 129)), ("", "? ", (1, 129)), ("a: 1\nb:\n  - ", "[", (3, 67)),
        ("é: '😀'\r\nb: ", "{", (2, 67)), ("[a, [b], ", "[", (1, 73)),
    ],
)  # fmt: skip
def test_nesting_has_one_limit_whatever_the_parser_refuses(
    before: str, level: str, depth: int, place: tuple[int, int]
) -> None:
    for after in ("", "\n@"):
        assert both(before + level * depth + after)[1] == [("limit-exceeded", Span(*place))]


def test_brackets_in_scalars_and_comments_are_no_nesting() -> None:
    brackets = "[" * 2000
    for text in (f"'{brackets}'", f"x # {brackets}", f"a{brackets}", f"|\n  {brackets}"):
        assert both(f"key: {text}\n")[1] == []
        assert both(f"key: {text}\nb: @\n")[1] == [("invalid-yaml", Span(text.count("\n") + 2, 4))]
    place = Span(1, 60 + len(brackets) + 3)
    assert both(f"{'[' * 60}'{brackets}'@")[1] == [("invalid-yaml", place)]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: &x b\n", (1, 4)), ("a: *x\n", (1, 4)), ("a: !!int 3\n", (1, 4)), ("a: !x 3\n", (1, 4)),
        ("a: ! 3\n", (1, 4)), ("<<: {b: c}\n", (1, 1)), ("a: b\n--- \nc: d\n", (2, 1)),
        ("%YAML 1.2\n---\na: b\n", (1, 1)), ("# note\n\n%TAG ! x:\n---\na: b\n", (3, 1)),
        ("!!map {a: b}\n", (1, 1)), ("&x a: b\n", (1, 1)),
    ],
)  # fmt: skip
def test_what_is_not_read(text: str, place: tuple[int, int]) -> None:
    assert both(text)[1] == [("unsupported-yaml", Span(*place))]


def test_what_to_use_instead_is_named() -> None:
    for text in ("a: &x b\n", "a: *x\n", "<<: {b: c}\n"):
        findings = Findings()
        document.parse(text, findings)
        assert "blocks" in findings.sorted()[0].suggestions[0]


def test_a_key_that_stands_twice_is_kept_once() -> None:
    tree, mistakes = both("a: 1\nb: 2\na: 3\n")
    assert [(name, value[1]) for name, _, value in tree[1]] == [("a", "1"), ("b", "2")]
    assert mistakes == [("duplicate-key", Span(3, 1))]


@pytest.mark.parametrize(("depth", "rules"), [(63, []), (64, ["limit-exceeded"])])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ("{a: ", "}")])
def test_depth(depth: int, rules: list[str], opening: str, closing: str) -> None:
    text = f"key: {opening * depth}b{closing * depth}\n"
    assert [rule for rule, _ in both(text)[1]] == rules


@pytest.mark.parametrize("text", ["", "\n\n", "# note\n", "---\n", "~\n", "- a\n", "text\n", "[]"])
def test_what_is_no_mapping(text: str) -> None:
    tree, mistakes = both(text)
    assert tree == ()
    assert [rule for rule, _ in mistakes] == ["wrong-value"]


@pytest.mark.parametrize(
    "char", ["\x00", "\x07", "\x1b", "\x7f", "\x80", "\ud800", "\ufffe", "\uffff"]
)
def test_control_characters(char: str) -> None:
    assert both(f"a: b{char}\n")[1] == [("invalid-yaml", Span(1, 5))]


@pytest.mark.parametrize(
    ("data", "place"),
    [(b"a: \xff", (1, 4)), (b"a: b\nc: caf\xe9\n", (2, 7)), ("a: b".encode("utf-16"), (1, 1))],
)
def test_not_utf_8(data: bytes, place: tuple[int, int]) -> None:
    fault = fault_of(text_module.decode, data)
    assert (fault.rule, fault.span) == ("invalid-yaml", Span(*place))


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert text_module.decode(b"\xef\xbb\xbfa: b\n") == "a: b\n"


def test_the_largest_file() -> None:
    largest = b"#" * FILE_LIMIT
    assert len(text_module.decode(largest)) == FILE_LIMIT
    assert fault_of(text_module.decode, largest + b"#").rule == "limit-exceeded"
    assert parsed("#" * (FILE_LIMIT + 1))[1] == [("limit-exceeded", Span(1, 1))]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("layers:\n\t- a\n", "tabs"),
        ("layers: [{type: relu}\nname: x\n", "compare its indentation"),
        ("a: {b: c\n", "compare its indentation"),
        ("a: b}\nc: [\n", "compare its indentation"),
        ("source: a: 'b\n", "quotation mark"),
        ("a: [b}\n", "bracket"),
    ],
)
def test_hints_at_what_often_lies_behind(text: str, hint: str) -> None:
    findings = Findings()
    document.parse(text, findings)
    (found,) = findings.sorted()
    assert any(hint in line for line in found.suggestions), found


def test_a_mapping_finds_its_values() -> None:
    tree = document.parse("a: b\n", Findings())
    assert isinstance(tree, MappingNode)
    assert isinstance(tree.get("a"), ScalarNode)
    assert tree.get("b") is None


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a: [b\n", 2, 1),
        ("a: [b", 1, 6),
        ("a: 'b\nc: d\n", 3, 1),
        ("a: {b: c: d}\n", 1, 9),
        ("a: |# no\n  b\n", 1, 5),
        ("a:\tb ]: [c\n", 1, 3),
    ],
)
def test_the_place_of_what_is_not_well_formed(text: str, line: int, column: int) -> None:
    assert both(text)[1] == [("invalid-yaml", Span(line, column))]
