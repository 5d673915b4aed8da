"""Files typed character by character: each answer is that of a server that starts with the text.

``ARCHCALC_SEQUENCES`` says how many sequences of edits are typed.
"""

from __future__ import annotations

import os
import random
import resource
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pytest_lsp", reason="the extras server and editors are not installed")

from editor import URI, Editor, network

SEQUENCES = int(os.environ.get("ARCHCALC_SEQUENCES", "12"))
NETWORKS = ("lenet5", "alexnet", "squeezenet", "resnet18")
SIGNS = "{}[]:,-$'\"#\n  ()*.é𝒩abx0189"
PIECES = (
    "  - {type: conv, name: 𝒩, filters: 8, kernel: 3}\n", "repeat: 2", "name: x", "$(2 * width)",
    "layers:\n", "from: [a, b]", "# é𝒩\n", "allow:\n", "\u2028", "\r\n", "\t",
)  # fmt: skip


def units(text: str, encoding: str) -> int:
    if encoding == "utf-8":
        return len(text.encode())
    return len(text.encode("utf-16-le")) // 2


class Typist:
    """Types into a text, as its client counts columns."""

    def __init__(self, text: str, encoding: str, seed: int) -> None:
        self.text = text
        self.encoding = encoding
        self.random = random.Random(seed)

    def position(self, offset: int) -> dict[str, int]:
        before = self.text[:offset].replace("\r\n", "\n").replace("\r", "\n")
        line = before.rpartition("\n")[2]
        return {"line": before.count("\n"), "character": units(line, self.encoding)}

    def replace(self, start: int, stop: int, new: str) -> dict[str, Any]:
        place = {"start": self.position(start), "end": self.position(stop)}
        self.text = self.text[:start] + new + self.text[stop:]
        return {"range": place, "text": new}

    def sequence(self) -> list[dict[str, Any]]:
        """One sequence of edits: a word typed, some of it taken back, or a part cut out."""
        pick, start = self.random, self.random.randrange(len(self.text) + 1)
        while "\r\n" in self.text[max(start - 1, 0) : start + 1]:
            start -= 1
        if pick.random() < 0.3:
            stop = min(len(self.text), start + pick.randrange(1, 30))
            while "\r\n" in self.text[stop - 1 : stop + 1]:
                stop += 1
            return [self.replace(start, stop, "")]
        if pick.random() < 0.5:
            word = "".join(pick.choices(SIGNS, k=pick.randrange(1, 7)))
        else:
            word = pick.choice(PIECES)
        typed = [
            self.replace(start + n, start + n, "\n" if key == "\r" else key)
            for n, key in enumerate(word)
        ]
        taken = pick.randrange(len(word) + 1)
        for n in range(taken):
            end = start + len(word) - n
            typed.append(self.replace(end - 1, end, ""))
        return typed


def shown(editor: Editor, uri: str) -> Any:
    return [
        editor.hints(uri=uri),
        editor.of("documentSymbol", uri),
        editor.of("foldingRange", uri),
        editor.of("codeLens", uri),
    ]


def without(value: Any, uri: str) -> Any:
    """An answer as it would be of any address."""
    if isinstance(value, dict):
        return {key: without(inner, uri) for key, inner in value.items()}
    if isinstance(value, list):
        return [without(inner, uri) for inner in value]
    return URI if value == uri else value


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8"])
def test_every_answer_is_that_of_a_fresh_server(encoding: str) -> None:
    fresh_uri = "file:///nets/fresh.yaml"
    with Editor(encoding) as editor, Editor(encoding) as fresh:
        for number in range(max(SEQUENCES // 2, 1)):
            if number % 10 == 0:
                text = network(NETWORKS[number // 10 % len(NETWORKS)])
                typist = Typist(text, encoding, number)
                if number:
                    editor.close()
                editor.show(typist.text)
            for change in typist.sequence():
                editor.change(change)
                editor.of("foldingRange")  # every state is calculated
            fresh.show(typist.text, fresh_uri)
            answers = shown(editor, URI), without(shown(fresh, fresh_uri), fresh_uri)
            assert answers[0] == answers[1], f"sequence {number}: {typist.text!r}"
            lines = typist.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
            for hint in answers[0][0]:
                at = hint["position"]
                assert at["character"] <= units(lines[at["line"]], encoding)
            found = (
                editor.told.get((URI, editor.version)),
                fresh.told.get((fresh_uri, fresh.version)),
            )
            if None not in found:
                assert found[0] == without(found[1], fresh_uri)
            fresh.close(fresh_uri)
        assert editor.messages == []


def test_memory_is_steady() -> None:
    """Over changes, with hints asked after each, once what is kept of them is full."""
    changes = int(os.environ.get("ARCHCALC_CHANGES", "1200"))
    text = network("alexnet")
    with Editor() as editor:
        editor.open(text)
        sizes = []
        for number in range(changes):
            editor.change({"text": text.replace("filters: 96", f"filters: {90 + number % 7}")})
            editor.hints()
            editor.told.clear()
            if number % (changes // 10) == 0:
                pages = Path(f"/proc/{editor.process.pid}/statm").read_text().split()[1]
                sizes.append(int(pages) * resource.getpagesize())
    assert sizes[-1] - sizes[len(sizes) // 2] < 8 * 2**20, sizes
