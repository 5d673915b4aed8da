"""Pieces of markdown that documents share; what goes into them is escaped already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import quote


def table(headings: Sequence[tuple[str, bool]], rows: Iterable[Sequence[str]]) -> list[str]:
    """The lines of a table; a heading says whether its column holds numbers."""
    return [
        row(heading for heading, _ in headings),
        row("---:" if numeric else "---" for _, numeric in headings),
        *(row(cells) for cells in rows),
    ]


def row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def code(text: str) -> str:
    """A path or a command on one line; paths hold no backtick."""
    return f"`{text}`"


def link(text: str, file: str) -> str:
    """A link to a file beside the document; the text is escaped already."""
    return f"[{text}]({quote(file)})"


def image(text: str, file: str) -> str:
    return f"![{text}]({quote(file)})"
