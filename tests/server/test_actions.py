"""What is found in a file, and the actions that mend it."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("pytest_lsp", reason="the extras server and editors are not installed")

from edited import NET, edited
from editor import URI, Editor, network

from archcalc import api
from archcalc.diagnostics import SpecError

WHOLE = {"start": {"line": 0, "character": 0}, "end": {"line": 1000, "character": 0}}


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
