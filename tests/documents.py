"""Reads what matters out of a markdown document: prose, tables, links, headings, diagrams."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_PIPE = re.compile(r"(?<!\\)\|")
_LINK = re.compile(r"!?\[(?:\\.|[^\]\\])*\]\(([^)]*)\)")


def prose(text: str) -> str:
    """The document without its fenced blocks."""
    return _FENCE.sub("", text)


def diagrams(text: str) -> list[str]:
    return [body for kind, body in _FENCE.findall(text) if kind == "mermaid"]


def commands(text: str) -> list[str]:
    return [body.strip() for kind, body in _FENCE.findall(text) if kind == "sh"]


def tables(text: str) -> Iterator[list[list[str]]]:
    """Every table as its lines of cells, the line of dashes left out; headings come first."""
    lines: list[list[str]] = []
    for line in [*prose(text).splitlines(), ""]:
        if line.startswith("|"):
            lines.append([cell.strip() for cell in _PIPE.split(line)[1:-1]])
        elif lines:
            heading, dashes, *rows = lines
            assert all(set(cell) <= set("-:") for cell in dashes)
            assert len(dashes) == len(heading)
            yield [heading, *rows]
            lines = []


def links(text: str) -> list[str]:
    return [unquote(target) for target in _LINK.findall(prose(text))]


def headings(text: str) -> list[str]:
    return [line for line in prose(text).splitlines() if line.startswith("#")]
