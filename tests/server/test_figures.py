"""What is shown beside the text of a network: hints, hovers and lenses."""

from __future__ import annotations

import pytest

pytest.importorskip("pytest_lsp", reason="the extras server and editors are not installed")

from edited import NET, place
from editor import URI, Editor, Failed, labels, network

from archcalc.wording import si


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
