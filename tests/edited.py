"""A file as editors see it: places of words, and what it is after edits."""

from __future__ import annotations

from typing import Any

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
