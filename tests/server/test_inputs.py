"""Files with several inputs, and with the values of their sweeps."""

from __future__ import annotations

import pytest

pytest.importorskip("pytest_lsp", reason="the extras server and editors are not installed")

from editor import URI, Editor, labels

NET = """\
name: net
inputs: {left: 8x8x3, right: 8x8x3}
variables: {width: 8, copies: 2}
blocks:
  unit: {layers: [{type: conv, name: c, filters: $width, kernel: 3, padding: 1}]}
layers:
  - {type: conv, name: a, from: left, filters: $width, kernel: 3, padding: 1}
  - {type: conv, name: b, from: right, filters: "$(right.channels + 5)", kernel: 3, padding: 1}
  - {type: add, name: s, from: [a, b]}
  - {block: unit, name: u, repeat: $copies}
budget:
  groups: {u: {params: 50k}}
sweep: {width: [4, 8], copies: {from: 1, to: 2}}
"""


def place(words: str, inside: str) -> tuple[int, int]:
    before = NET[: NET.index(words) + words.index(inside)]
    return before.count("\n"), len(before.rpartition("\n")[2])


def test_have_hints_for_all_that_reads_an_input() -> None:
    with Editor() as editor:
        assert editor.open(NET) == []
        found = labels(editor.hints())
    assert set(found) == {4, 6, 7, 8, 9}
    assert found[6] == found[7] == f"8x8x8 · {3 * 3 * 3 * 8 + 8} · {3 * 3 * 3 * 8 * 64 / 1e3:.1f}k"


@pytest.mark.parametrize(
    ("words", "inside", "title", "uses"),
    [
        ("left: 8", "left", "the input left", 2),
        ("right.chan", "right", "the input right", 3),
        ("sweep: {width", "width", "the variable width", 4),
        ("copies: {from", "copies", "the variable copies", 3),
        ("{u: {params", "u:", "u", 2),
    ],
)
def test_names_are_explained_and_renamed(words: str, inside: str, title: str, uses: int) -> None:
    at = place(words, inside)
    with Editor() as editor:
        editor.open(NET)
        assert title in editor.at("hover", *at)["contents"]["value"]
        assert len(editor.at("references", *at, context={"includeDeclaration": True})) == uses
        edits = editor.at("rename", *at, newName="other")["changes"][URI]
        assert len(edits) == uses


@pytest.mark.parametrize(
    ("line", "expected", "missing"),
    [
        ("  - {type: relu, from: l", {"left", "right", "a"}, "input"),
        ("sweep: {w", {"width", "copies", "left"}, "type"),
        ("sweep:\n  w", {"width", "copies"}, "type"),
        ("swe", {"sweep", "budget"}, "input"),
    ],
)
def test_names_are_completed(line: str, expected: set[str], missing: str) -> None:
    text = NET.split("budget:")[0] + line
    with Editor() as editor:
        editor.show(text)
        last = text.split("\n")
        items = editor.at("completion", len(last) - 1, len(last[-1]))
    found = {item["label"] for item in items}
    assert expected <= found
    assert missing not in found
