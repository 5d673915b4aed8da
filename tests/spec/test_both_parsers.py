"""Both YAML parsers read, place and refuse alike, whatever is done to a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from trees import both

SHIPPED = sorted((Path(__file__).parents[2] / "architectures").glob("*.yaml"))
BAD = sorted((Path(__file__).parents[1] / "specs").glob("*/*.yaml"))


@pytest.mark.parametrize(
    "path", [*SHIPPED, *BAD], ids=lambda path: f"{path.parent.name}/{path.stem}"
)
def test_both_parsers_read_every_file_alike(path: Path) -> None:
    both(path.read_text("utf-8"))


PIECES = (
    *" \n\t:-,{}[]'\"#&*|>@`?$\\=~.0a\r", "- ", ": ", "\n  ", "---\n", "...\n", "\x85", "\u2028",
    "\xa0", "é", "|\n", "? ", "\n\n", " #", "!!str ", "&a ", "*a", "<<: ",
)  # fmt: skip
TEXTS = [path.read_text("utf-8") for path in (*SHIPPED, *BAD)]


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A few lines of a file with pieces put in, left out, and moved."""
    lines = draw(st.sampled_from(TEXTS)).split("\n")
    start = draw(st.integers(0, len(lines) - 1))
    text = "\n".join(lines[start : start + draw(st.integers(1, 8))])
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(text)))
        piece = draw(st.sampled_from(PIECES) | st.just(text[at : at + 10]) | st.just(""))
        text = text[:at] + piece + text[at + draw(st.integers(0, 3)) :]
    return text


@settings(derandomize=True, max_examples=400, deadline=None)
@given(mutated())
def test_both_parsers_agree_on_mutated_files(text: str) -> None:
    both(text)


TYPED = (
    *"\"'[]{}:\n\t#?|>%@`,\\\x85\u2028\r-", ": ", " :", "\n  ", "- ", "? ", "&a ", "*a", "!x ",
    "!,x ", "|#", "---\n", "...\n", "<<: ", "|\n", " >-\n", '"\\x', "!<",
    "\n\n", "\n%YAML 1.1\n---\n",
)  # fmt: skip


@settings(max_examples=300)
@given(st.data())
def test_both_parsers_place_a_mistake_alike(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([path.read_text("utf-8")[:600] for path in BAD]))
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        stop = start + data.draw(st.sampled_from((0, 0, 0, 1, 4)))
        text = text[:start] + data.draw(st.sampled_from(TYPED)) + text[stop:]
    both(text[: data.draw(st.integers(0, len(text)))])
