"""Where names are defined and used, and what may stand at a place."""

from __future__ import annotations

import pytest

pytest.importorskip("pytest_lsp", reason="the extras server and editors are not installed")

from edited import NET, covered, place
from editor import Editor


class TestNavigation:
    @pytest.mark.parametrize(
        ("words", "inside", "definition", "uses"),
        [
            ("block: unit", "unit", "  unit:", 2),
            ("with: {filters", "filters", "arguments: {filters", 3),
            ("2 * width", "width", "{width", 3),
            ("[body.0.conv", "conv", "name: conv", 2),
            ("outputs: fc", "fc", "name: fc", 2),
            ("body.1.act", "act", "name: act", 2),
            ("body.1.act", "body", "name: body", 4),
        ],
    )
    def test_leads_to_definitions_and_uses(
        self, words: str, inside: str, definition: str, uses: int
    ) -> None:
        line, column = place(NET, words, inside)
        word = definition.strip(" :").split(" ")[-1].strip("{")
        with Editor() as editor:
            editor.open(NET)
            (there,) = editor.at("definition", line, column)
            assert there["range"]["start"]["line"] == place(NET, definition)[0]
            assert covered(NET, there) == word
            found = editor.at("references", line, column, context={"includeDeclaration": True})
            assert len(found) == uses
            assert {covered(NET, one) for one in found} == {word}
            assert len(editor.at("documentHighlight", line, column)) == uses

    def test_shows_what_there_is(self) -> None:
        with Editor() as editor:
            editor.open(NET)
            found = {
                s["name"]: [c["name"] for c in s["children"]] for s in editor.of("documentSymbol")
            }
            folds = [(f["startLine"], f["endLine"]) for f in editor.of("foldingRange")]
        assert list(found) == ["width", "unit", "stem", "body", "sum", "fc"]
        assert found["unit"] == ["filters", "skip", "conv", "act"]
        assert (place(NET, "blocks:")[0], place(NET, "name: act")[0]) in folds
        assert (place(NET, "layers:\n  -")[0], place(NET, "name: fc")[0]) in folds


class TestCompletion:
    @pytest.mark.parametrize(
        ("line", "expected", "missing"),
        [
            ("  - {type: co", {"conv", "concat"}, {"filters"}),
            (
                "  - {type: conv, filters: 3, ker",
                {"kernel", "stride", "from"},
                {"filters", "pieces"},
            ),
            ("  - {type: relu, from: s", {"stem", "body", "sum", "input"}, {"conv"}),
            ("  - {block: u", {"unit"}, {"stem"}),
            ("  - {block: unit, with: {", {"filters", "skip"}, {"type"}),
            ("  - {type: conv, filters: $w", {"width", "min", "copy"}, {"filters"}),
            ("  - {type: conv, activation: re", {"relu"}, {"conv"}),
            ("bud", {"budget", "train"}, {"layers"}),
        ],
    )
    def test_knows_what_may_stand_there(
        self, line: str, expected: set[str], missing: set[str]
    ) -> None:
        head, rest = NET.split("outputs:")
        text = f"{head}{line}\noutputs:{rest}"
        with Editor() as editor:
            editor.open(text)
            at = head.count("\n"), len(line)
            found = {item["label"] for item in editor.at("completion", *at)}
        assert expected <= found
        assert not missing & found

    def test_is_left_to_a_yaml_server_unless_it_is_set(self) -> None:
        for is_on in (True, False):
            with Editor(yaml_server=not is_on) as editor:
                editor.open(NET)
                assert bool(editor.at("completion", 10, 13)) == is_on
        with Editor(yaml_server=True, completion=True) as editor:
            editor.open(NET)
            assert editor.at("completion", 10, 13)
