"""What comes from strangers: text in files, settings, and clients that speak no protocol."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("pytest_lsp", reason="the extras server and editors are not installed")

from editor import URI, Editor, Failed, labels
from pipe import Failed as Refused
from pipe import Pipe

HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "[a](command:rm)",
    "![a](https://example.com/a.png)",
    "`x` **b** _i_ ~~s~~ | c",
    "# h\n- li\n> q",
    "https://example.com www.example.com a@example.com",
    "\x1b]0;t\x07\u202etxt\u2066",
    "</script><!-- $(touch x)",
)
NET = """\
name: {hostile}
input: 8x8x3
variables: {{{hostile}: 1}}
blocks:
  {hostile}: {{layers: [{{type: relu, name: {hostile}}}]}}
layers:
  - {{type: conv, name: {hostile}, filters: 4, kernel: 3}}
  - {{type: add, name: b, from: [{hostile}, {hostile}.c]}}
  - {{block: {hostile}, name: c, with: {{{hostile}: {hostile}}}}}
  - {{type: {hostile}, {hostile}: {hostile}}}
  - {{type: relu, activation: {hostile}}}
expect: {{layers: {{{hostile}: {{output: {hostile}}}}}}}
allow: [{{rule: {hostile}, at: {hostile}, because: {hostile}}}]
"""
PLAIN = "name: a\ninput: 8x8x3\nlayers:\n  - {type: conv, name: b, filters: 4, kernel: 3}\n"


def quoted(text: str) -> str:
    escapes = {'"': '\\"', "\\": "\\\\", "\n": "\\n"}
    inner = "".join(escapes.get(sign, sign) for sign in text)
    return '"' + re.sub(r"[\x00-\x1f]", lambda found: f"\\x{ord(found[0]):02x}", inner) + '"'


def texts(answer: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """All texts of an answer, with the key that each has."""
    if isinstance(answer, dict):
        for key, value in answer.items():
            yield from texts(value, key)
    elif isinstance(answer, list):
        for value in answer:
            yield from texts(value, name)
    elif isinstance(answer, str):
        yield name, answer


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("where", ["everywhere", "in the name"])
def test_no_text_of_a_file_is_markup(hostile: str, where: str) -> None:
    text = NET.format(hostile=quoted(hostile))
    if where == "in the name":
        text = PLAIN.replace("name: a", f"name: {quoted(hostile)}")
    lines = text.split("\n")
    with Editor() as editor:
        editor.open(text)
        answers = [editor.told, editor.hints()]
        answers += [editor.of(m) for m in ("codeLens", "documentSymbol", "foldingRange")]
        whole = {"start": {"line": 0, "character": 0}, "end": {"line": len(lines), "character": 0}}
        answers.append(editor.of("codeAction", range=whole, context={"diagnostics": []}))
        for number, line in enumerate(lines):
            for column in range(0, len(line), 4):
                told = editor.at("hover", number, column)
                if told:
                    answers.append(told)
                    assert told["contents"]["kind"] == "markdown"
                    assert not alive(told["contents"]["value"])
                answers.append(
                    [
                        {key: item[key] for key in ("label", "detail") if key in item}
                        for item in editor.at("completion", number, column) or ()
                    ]
                )
        answers.append(editor.messages)
    for key, found in texts(answers):
        if key in ("newText", "href", "uri"):
            continue
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", found)


def alive(markdown: str) -> list[str]:
    """What a client would draw as a picture, a link, an element, code or emphasis."""
    ours = re.sub(r"(?m)^\*\*(.*)\*\*$|^\*(.*)\*$|^- ", r"\1\2", markdown)
    inner = re.sub(r"\\.", "", ours)
    return re.findall(r"[<`]|\]\(|!\[|\*\*|https?://|www\.\w|\w@\w", inner)


class TestNonsense:
    @pytest.mark.parametrize(
        "body",
        [
            b"", b"{", b"\xff\xfe", b"[" * 100_000, b"3", b"null", b"[]", b"{}",
            b'{"jsonrpc": "1.0", "id": 7, "method": "shutdown"}', b'{"jsonrpc": "2.0", "id": 7}',
        ],
        ids=repr,
    )  # fmt: skip
    def test_gets_an_error(self, body: bytes) -> None:
        with Pipe() as pipe:
            pipe.raw(body)
            with pytest.raises(Refused) as caught:
                pipe.answer(7 if b"7" in body else None)
            assert caught.value.code in (-32700, -32600)
            assert pipe.open(PLAIN) == []  # it goes on

    @pytest.mark.parametrize(
        ("method", "params"),
        [
            ("textDocument/nothing", {}),
            ("textDocument/hover", None),
            ("textDocument/hover", {"textDocument": 3, "position": "here"}),
            ("textDocument/hover", {"textDocument": {"uri": URI}, "position": {"line": -1}}),
            ("textDocument/inlayHint", {"textDocument": {"uri": URI}}),
            ("textDocument/rename", {"textDocument": {"uri": URI}, "newName": ["a"]}),
            ("textDocument/foldingRange", {"textDocument": {"uri": "file:///not/open.yaml"}}),
            ("workspace/executeCommand", {"command": "archcalc.view", "arguments": [{}]}),
            ("initialize", {"capabilities": {}}),
        ],
    )
    def test_as_a_request_gets_an_error(self, method: str, params: Any) -> None:
        with Pipe() as pipe:
            assert pipe.open(PLAIN) == []
            pipe.send(id=99, method=method, params=params)
            with pytest.raises(Refused) as caught:
                pipe.answer(99)
            assert caught.value.code < 0
            assert "Traceback" not in str(caught.value)
            assert pipe.hints()

    @pytest.mark.parametrize(
        ("method", "params"),
        [
            ("textDocument/didOpen", {"textDocument": {"uri": URI}}),
            (
                "textDocument/didChange",
                {
                    "textDocument": {"uri": URI, "version": 2},
                    "contentChanges": [
                        {
                            "range": {
                                "start": {"line": 99, "character": 0},
                                "end": {"line": 99, "character": 0},
                            },
                            "text": "x",
                        }
                    ],
                },
            ),
            (
                "textDocument/didChange",
                {"textDocument": {"uri": "file:///none", "version": 2}, "contentChanges": []},
            ),
            ("textDocument/didClose", {"textDocument": {"uri": "file:///none"}}),
        ],
    )
    def test_as_a_notification_is_told_of(self, method: str, params: Any) -> None:
        with Pipe() as pipe:
            assert pipe.open(PLAIN) == []
            pipe.send(method=method, params=params)
            told = pipe.until(lambda m: m.get("method") == "window/showMessage")
            assert told["params"]["type"] == 1
            assert pipe.hints()

    def test_in_a_header_gets_an_error(self) -> None:
        with Pipe() as pipe:
            assert pipe.process.stdin
            pipe.process.stdin.write(b"nonsense\r\n\r\n")
            pipe.process.stdin.flush()
            with pytest.raises(Refused):
                pipe.answer(None)
            assert pipe.open(PLAIN) == []


class TestForeignFiles:
    @pytest.mark.parametrize(
        "text",
        ["", "a: 1\n", "layers: [a]\n", "input: 3\n", "x:\n  layers: []\n  input: 3\n", "- 1\n"],
    )
    def test_get_nothing(self, text: str) -> None:
        with Editor() as editor:
            editor.show(text)
            asked = ("codeLens", "documentSymbol", "foldingRange")
            answers = [editor.hints(), *map(editor.of, asked)]
            answers += [editor.at(m, 0, 0) for m in ("hover", "completion", "definition")]
            with pytest.raises(Failed):
                editor.at("rename", 0, 0, newName="b")
            assert not any(answers)
            assert editor.told == {}

    def test_are_ours_if_the_client_says_so(self) -> None:
        with Editor() as editor:
            editor.show("a: 1\n", language="archcalc")
            assert editor.problems()

    def test_that_were_ours_are_told_of_once_more(self) -> None:
        with Editor() as editor:
            assert editor.open(PLAIN.replace("kernel", "kernal"))
            editor.change({"text": "a: 1\n"})
            assert editor.problems() == []


class TestSettings:
    @pytest.mark.parametrize(
        ("settings", "fault"),
        [
            ({"hint": True}, 'there is no setting "hint"'),
            ({"hints": "yes"}, "hints takes true or false"),
            ({"quantities": ["macs", "weight"]}, "quantities takes a list of"),
        ],
    )
    def test_that_are_wrong_are_told_of_and_have_no_effect(
        self, settings: dict[str, Any], fault: str
    ) -> None:
        with Editor(**settings) as editor:
            assert editor.open(PLAIN) == []
            assert labels(editor.hints()) == {3: "6x6x4 · 112 · 3.89k"}
            (told,) = editor.messages
        assert fault in told

    @pytest.mark.parametrize(
        ("settings", "are_there"),
        [
            ({"lenses": False}, False),
            ({"archcalc": {"lenses": False}}, False),
            ({"archcalc": {"lenses": 1}}, True),
        ],
    )
    def test_may_change(self, settings: dict[str, Any], are_there: bool) -> None:
        with Editor() as editor:
            assert editor.open(PLAIN) == []
            assert editor.of("codeLens")
            editor.notify("workspace/didChangeConfiguration", settings=settings)
            assert bool(editor.of("codeLens")) is are_there
