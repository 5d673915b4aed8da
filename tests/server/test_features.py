"""Each feature of the language server, end to end, on shipped networks and files with mistakes."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("pytest_lsp", reason="the extras server and editors are not installed")

from editor import URI, Editor, Failed, labels, network

from archcalc import api
from archcalc.diagnostics import SpecError
from archcalc.wording import si

NET = """\
name: net
input: 8x8x3
variables: {width: 8}
blocks:
  unit:
    arguments: {filters: required, skip: input}
    layers:
      - {type: conv, name: conv, filters: $filters, kernel: 3, padding: 1}
      - {type: relu, name: act}
layers:
  - {type: conv, name: stem, filters: $width, kernel: 3, padding: 1}
  - {block: unit, name: body, repeat: 2, with: {filters: $(2 * width)}}
  - {type: add, name: sum, from: [body.0.conv, body]}
  - {type: linear, name: fc, units: 10}
outputs: fc
expect:
  layers:
    body.1.act: {output: 8x8x16}
"""
WHOLE = {"start": {"line": 0, "character": 0}, "end": {"line": 1000, "character": 0}}


def place(text: str, words: str, inside: str = "") -> tuple[int, int]:
    """The line and column, from 0, of words, or of others inside them."""
    before = text[: text.index(words) + words.index(inside or words)]
    return before.count("\n"), len(before) - before.rfind("\n") - 1


def edited(text: str, edits: list[Any]) -> str:
    """A text after edits, in ASCII."""
    lines = text.split("\n")
    starts = [sum(len(line) + 1 for line in lines[:n]) for n in range(len(lines))]

    def offset(at: dict[str, int]) -> int:
        return starts[at["line"]] + at["character"]

    for edit in sorted(edits, key=lambda e: offset(e["range"]["start"]), reverse=True):
        start, end = offset(edit["range"]["start"]), offset(edit["range"]["end"])
        text = text[:start] + edit["newText"] + text[end:]
    return text


def covered(text: str, found: dict[str, Any]) -> str:
    start, end = found["range"]["start"], found["range"]["end"]
    assert start["line"] == end["line"]
    line: str = text.split("\n")[start["line"]]
    return line[int(start["character"]) : int(end["character"])]


class TestDiagnostics:
    @pytest.mark.parametrize("name", ["resnet50", "googlenet", "unet", "alexnet"])
    def test_are_those_of_check(self, name: str) -> None:
        text = network(name)
        with Editor() as editor:
            found = editor.open(text)
        expected = api.check(api.analyze(api.loads(text)))
        assert [(d["code"], d["range"]["start"]["line"] + 1) for d in found] == [
            (d.rule, d.span.line) for d in expected if d.span
        ]
        assert all(e.message in d["message"] for d, e in zip(found, expected, strict=True))
        assert all(d["codeDescription"]["href"].endswith(f"#{d['code']}") for d in found)

    def test_of_a_file_with_mistakes_are_all_of_them(self) -> None:
        text = NET.replace("filters: $width", "filter: $width").replace("units: 10", "units: no")
        with pytest.raises(SpecError) as caught:
            api.loads(text)
        with Editor() as editor:
            found = editor.open(text)
        assert [d["code"] for d in found] == [d.rule for d in caught.value.diagnostics]
        assert {d["severity"] for d in found} == {1}

    def test_name_the_inputs_of_a_merge_and_the_call_of_a_block(self) -> None:
        text = NET.replace("from: [body.0.conv, body]", "from: [stem, body]")
        inside = NET.replace("padding: 1}\n      - {type: relu", "padding: 0}\n      - {type: relu")
        inside = inside.replace("input: 8x8x3", "input: 2x2x3")
        with Editor() as editor:
            (merge,) = editor.open(text)
            related = merge["relatedInformation"]
            assert [r["message"] for r in related][:2] == ["stem is 8x8x8", "body.1.act is 8x8x16"]
            editor.change({"text": inside})
            found = editor.problems()
        calls = [r["message"] for d in found for r in d.get("relatedInformation", ())]
        assert any(message.endswith("the block unit") for message in calls)

    def test_of_a_closed_file_are_taken_back(self) -> None:
        with Editor() as editor:
            assert editor.open(NET.replace("units", "unit"))
            editor.close()
            assert editor.published(URI, None) == []


class TestHints:
    def test_stand_behind_entries_calls_and_bodies(self) -> None:
        with Editor() as editor:
            editor.open(NET)
            found = labels(editor.hints())
        lines = NET.split("\n")
        by_entry = {lines[line].strip(): label for line, label in found.items()}
        conv, act, stem, body, add, linear = by_entry.values()
        assert conv == f"8x8x16 · {si(3 * 3 * 8 * 16 + 16)} to {si(3 * 3 * 16 * 16 + 16)} · " + (
            f"{si(3 * 3 * 8 * 16 * 64)} to {si(3 * 3 * 16 * 16 * 64)}"
        )
        assert act == "8x8x16 · 0 · 0"
        assert stem == f"8x8x8 · {3 * 3 * 3 * 8 + 8} · {si(3 * 3 * 3 * 8 * 64)}"
        assert body.startswith(
            f"8x8x16 · {si(3 * 3 * 24 * 16 + 32)} · {si(3 * 3 * 24 * 16 * 64)} · "
        )
        assert add == "8x8x16 · 0 · 0"
        assert linear == f"10 · {si(1024 * 10 + 10)} · {si(1024 * 10)}"

    def test_are_of_the_range_alone(self) -> None:
        with Editor() as editor:
            editor.open(network("vgg16"))
            every = labels(editor.hints())
            lines = sorted(every)
            some = labels(editor.hints(lines[3], lines[5]))
        assert some == {line: every[line] for line in lines[3:5]}

    def test_have_the_quantities_that_are_set(self) -> None:
        with Editor(quantities=["receptive_field", "params"]) as editor:
            editor.open(NET)
            assert labels(editor.hints())[10] == "3x3 · 224"
            settings = {"archcalc": {"hints": False}}
            editor.notify("workspace/didChangeConfiguration", settings=settings)
            assert editor.hints() == []

    @pytest.mark.parametrize(
        ("old", "new", "left"),
        [
            ("units: 10", "units: none", {7, 8, 10, 11, 12}),
            ("from: [body.0.conv, body]", "from: [body.0.conv, bod]", {7, 8, 10, 11}),
            ("repeat: 2, with", "repeat: 2, wit", {10}),
            ("{type: add, name: sum", "{type: add, name: sum, kernel: 3", {7, 8, 10, 11}),
            ("filters: $filters", "filters: $filter", {10}),
            ("units: 10}", "units: 10", {7, 8, 10, 11, 12}),
            ("repeat: 2, with: {filters: $(2 * width)}}", "repeat: 2, with: {filters:", {10}),
            ("name: act}", "name: act", {10}),
            ("input: 8x8x3", "input: 8x8x", set()),
        ],
    )
    def test_of_what_is_still_known_stay(self, old: str, new: str, left: set[int]) -> None:
        with Editor() as editor:
            editor.open(NET)
            before = labels(editor.hints())
            editor.change({"text": NET.replace(old, new)})
            found = labels(editor.hints())
            assert editor.problems()
        assert set(found) == left
        for line in found:  # no share of a whole that is not known; else the same
            assert before[line].startswith(found[line])


class TestHover:
    def test_explains_a_layer(self) -> None:
        with Editor() as editor:
            editor.open(network("alexnet"))
            text = network("alexnet")
            line, column = place(text, "name: conv1", "conv1")
            told = editor.at("hover", line, column)["contents"]
        assert told["kind"] == "markdown"
        assert "55x55x96" in told["value"]
        assert "105,415,200" in told["value"]

    @pytest.mark.parametrize(
        ("words", "inside", "told"),
        [
            ("name: body", "body", "3,488"),
            ("kernel: 3, padding: 1}\n      ", "kernel", "kernel of conv"),
            ("type: linear", "linear", "linear: "),
            ("block: unit", "unit", "body.1: 8x8x16"),
            ("[body.0.conv, body]", "conv", "body.0.conv: 8x8x16, receptive field 5x5"),
            ("filters: $filters", "$filters", "line 12: \\$"),
            ("variables: {width", "width", "value: 8"),
            ("outputs: fc", "outputs", "names of the outputs"),
        ],
    )
    def test_tells_of_what_is_there(self, words: str, inside: str, told: str) -> None:
        with Editor() as editor:
            editor.open(NET)
            line, column = place(NET, words, inside)
            assert told in editor.at("hover", line, column + 1)["contents"]["value"]

    def test_is_plain_text_for_a_client_without_markdown(self) -> None:
        line, column = place(NET, "filters: $filters", "$filters")
        with Editor(formats=["plaintext"]) as editor:
            editor.open(NET)
            told = editor.at("hover", line, column + 1)["contents"]
        assert told["kind"] == "plaintext"
        assert "line 12: $" in told["value"]


class TestActions:
    def actions(self, editor: Editor, **context: Any) -> list[Any]:
        context = {"diagnostics": [], **context}
        found: list[Any] = editor.of("codeAction", range=WHOLE, context=context)
        return found

    def applied(self, text: str, action: dict[str, Any]) -> str:
        return edited(text, action["edit"]["changes"][URI])

    def test_fix_what_is_found(self) -> None:
        text = NET.replace("input: 8x8x3", "input: 9x9x3").replace(
            "name: stem, filters: $width, kernel: 3, padding: 1",
            "name: stem, filters: $width, kernel: 2, stride: 2",
        )
        with Editor() as editor:
            found = editor.open(text.replace("8x8x16", "4x4x16"))
            fixes = [a for a in self.actions(editor, diagnostics=found) if a.get("diagnostics")]
            assert any(a.get("isPreferred") for a in fixes)
            for fix in fixes:
                (of,) = fix["diagnostics"]
                after = self.applied(text.replace("8x8x16", "4x4x16"), fix)
                editor.change({"text": after})
                left = [(d["code"], d["range"]["start"]) for d in editor.problems()]
                assert (of["code"], of["range"]["start"]) not in left
                editor.change({"text": text.replace("8x8x16", "4x4x16")})

    def test_spell_right_what_is_misspelled(self) -> None:
        text = NET.replace("name: stem, filters", "name: stem, fliters")
        with Editor() as editor:
            editor.open(text)
            (fix,) = self.actions(editor, only=["quickfix"])
            assert fix["title"] == "Write `filters`"
            assert self.applied(text, fix) == NET

    @pytest.mark.parametrize("allow", ["", "allow:\n  - {rule: budget, because: x} # why\n"])
    def test_allow_with_a_reason(self, allow: str) -> None:
        text = network("resnet50").split("allow:")[0] + allow
        with Editor() as editor:
            before = editor.open(text)
            actions = [a for a in self.actions(editor) if a["title"].startswith("Allow")]
            code = "illegal-stride"
            assert actions
            after = text
            for action in actions:
                if code in action["title"]:
                    after = self.applied(text, action)
                    break
            assert 'because: "..."' in after
            editor.change({"text": after})
            left = editor.problems()
        counts = [sum(d["code"] == code for d in found) for found in (before, left)]
        assert counts[1] < counts[0]

    def test_expect_todays_totals(self) -> None:
        text = NET.split("expect:")[0]
        with Editor() as editor:
            editor.open(text)
            (action,) = self.actions(editor, only=["source"])
            after = self.applied(text, action)
            totals = api.analyze(api.loads(text)).totals
            assert f"expect: {{params: {totals.params}, macs: {totals.macs}" in after
            editor.change({"text": after.replace(str(totals.macs), str(totals.macs + 1))})
            assert [d["code"] for d in editor.problems()] == ["expectation"]
            (action,) = self.actions(editor, only=["source"])
            wrong = after.replace(str(totals.macs), str(totals.macs + 1))
            assert self.applied(wrong, action) == after


class TestLenses:
    def test_have_totals_and_shares(self) -> None:
        with Editor() as editor:
            editor.open(network("resnet50"))
            found = [lens["command"] for lens in editor.of("codeLens")]
        assert "25.6M params" in found[0]["title"]
        assert found[0]["command"] == "archcalc.view"
        assert found[0]["arguments"] == [URI]
        assert found[1]["title"].startswith("16 instances: ")

    def test_are_a_setting(self) -> None:
        with Editor(lenses=False) as editor:
            editor.open(NET)
            assert editor.of("codeLens") == []

    def test_open_the_page_of_a_file_of_ours_alone(self) -> None:
        with Editor() as editor:
            editor.show("a: 1\n", "file:///other.yaml")
            for uri in ("file:///other.yaml", "file:///etc/passwd", 3):
                with pytest.raises(Failed):
                    editor.ask("workspace/executeCommand", command="archcalc.view", arguments=[uri])
            with pytest.raises(Failed):
                editor.ask("workspace/executeCommand", command="rm", arguments=[])


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
