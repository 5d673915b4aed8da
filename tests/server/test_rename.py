"""Renaming, end to end: the network before and after is the same but for the name."""

from __future__ import annotations

import json
from typing import Any

import pytest

pytest.importorskip("pytest_lsp", reason="the extras server and editors are not installed")

from editor import URI, Editor, Failed, network

from archcalc import api

NEW = "zz_new"
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
      - {type: concat, name: join, from: [act, $skip]}
layers:
  - {type: conv, name: stem, filters: $width, kernel: 3, padding: 1}
  - {block: unit, name: body, repeat: 2, with: {filters: $(2 * width), skip: stem}}
  - {type: concat, name: join, from: [body.0.conv, "body.1.act"]}
  - name: merge
    type: add
    branches:
      left: [{type: conv, name: conv, filters: $width, kernel: 1}]
      right: [{type: conv, name: conv, filters: "$(join.channels / 4)", kernel: 1}]
  - {type: linear, name: fc, units: $(width + 2)}
outputs: [fc, body.1.act]
expect:
  layers:
    body.1.act: {output: 8x8x16}
    body.*.conv: {output: 8x8x16}
allow:
  - {rule: conv-bias-before-norm, at: body.*.conv, because: a test}
"""


def document(text: str) -> Any:
    """The JSON of a network, but for the columns of findings: a name may be longer."""

    def cut(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: cut(v) for k, v in value.items() if k not in ("column", "end_column")}
        return [cut(inner) for inner in value] if isinstance(value, list) else value

    return cut(json.loads(json.dumps(api.analyze(api.loads(text)).to_dict())))


def renamed(editor: Editor, text: str, at: dict[str, int]) -> str:
    """The text after what is at a place gets the new name; each edit is in one line."""
    found = editor.at("rename", at["line"], at["character"], newName=NEW)
    lines = text.split("\n")
    edits = sorted(found["changes"][URI], key=lambda e: e["range"]["start"]["character"])
    for edit in reversed(edits):
        start, end = edit["range"]["start"], edit["range"]["end"]
        line = lines[start["line"]]
        assert start["line"] == end["line"]
        lines[start["line"]] = (
            line[: start["character"]] + edit["newText"] + line[end["character"] :]
        )
    return "\n".join(lines)


def places(symbols: list[Any]) -> list[tuple[str, dict[str, int]]]:
    found = []
    for symbol in symbols:
        found.append((symbol["name"], symbol["selectionRange"]["start"]))
        found += places(symbol.get("children") or [])
    return found


@pytest.mark.parametrize("name", ["", "resnet50", "googlenet", "densenet121", "unet", "alexnet"])
def test_of_each_name_leaves_the_network_as_it_is(name: str) -> None:
    """Blocks, arguments, variables, groups, branches, layers; also in a block that is repeated."""
    text = network(name) if name else NET
    before = json.dumps(document(text))
    with Editor() as editor:
        editor.open(text)
        found = places(editor.of("documentSymbol"))
        assert len(found) > 5
        for old, at in found:
            after = renamed(editor, text, at)
            assert after != text
            assert json.dumps(document(after)).replace(NEW, old) == before, old


@pytest.mark.parametrize(
    ("words", "inside", "new"),
    [
        ("name: stem", "stem", "body"),  # there is one
        ("name: stem", "stem", "input"),
        ("name: stem", "stem", "a.b"),
        ("name: stem", "stem", "a b"),
        ("name: stem", "stem", ""),
        ("name: stem", "stem", "<b>"),
        ("{filters: required", "filters", "2x"),
        ("{width", "width", "min(1"),
        ("input: 8x8x3", "8x8x3", "new"),  # no name
    ],
)
def test_is_refused_where_it_would_change_the_network(words: str, inside: str, new: str) -> None:
    head = NET[: NET.index(words) + words.index(inside)]
    with Editor() as editor:
        editor.open(NET)
        with pytest.raises(Failed):
            editor.at("rename", head.count("\n"), len(head.rpartition("\n")[2]), newName=new)


@pytest.mark.parametrize(("units", "encoding"), [("utf-16", "utf-16-le"), ("utf-8", "utf-8")])
def test_counts_columns_as_its_client_does(units: str, encoding: str) -> None:
    named, used = '  - {activation: "é𝒩", name: ', "  - {activation: é𝒩, type: relu, from: "
    text = f"input: 8x8x3\nlayers:\n{named}a, type: relu}}\n{used}a}}\n"
    columns = [
        len(line.encode(encoding)) // (2 if units == "utf-16" else 1) for line in (named, used)
    ]
    with Editor(units) as editor:
        editor.show(text)
        found = editor.at("rename", 3, columns[1], newName="b")["changes"][URI]
    starts = [(e["range"]["start"]["line"], e["range"]["start"]["character"]) for e in found]
    assert sorted(starts) == [(2, columns[0]), (3, columns[1])]
