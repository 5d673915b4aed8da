"""Pieces of markdown. Tables, links and code take text that has been escaped already."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from urllib.parse import quote
from xml.sax.saxutils import escape

from archcalc.wording import visible

# What a written page or picture ends with, so that it is known to be ours.
MARKER = "<!-- Written by archcalc report; the next run overwrites this file. -->"

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~&$])")
_ACTIVE = re.compile(
    r"(www(?=\.)|@(?=\S)|:(?=//)|(?:mailto|xmpp):|:(?=[\w+\\-]+:)|#(?=\d))", re.IGNORECASE
)
_LEADING = re.compile(r"^(\d{0,9})([-+=.)])")


def table(headings: Sequence[tuple[str, bool]], rows: Iterable[Sequence[str]]) -> list[str]:
    """The lines of a table; each heading comes with whether its column holds numbers."""
    return [
        row(heading for heading, _ in headings),
        row("---:" if numeric else "---" for _, numeric in headings),
        *(row(cells) for cells in rows),
    ]


def row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def code(text: str) -> str:
    """A path or a one-line command as code; paths contain no backticks."""
    return f"`{text}`"


def link(text: str, file: str) -> str:
    """A link to a file next to the document."""
    return f"[{text}]({quote(file)})"


def image(text: str, file: str) -> str:
    return f"![{text}]({quote(file)})"


def prose(text: str) -> str:
    """Our own text, where backticks mark code and anything it quotes is shown literally."""
    parts = text.split("`")
    if len(parts) % 2 == 0 or "" in parts[1::2]:
        return escaped(text)
    return "".join(
        f"`{visible(part)}`" if index % 2 else _spaced(part) for index, part in enumerate(parts)
    )


def _spaced(part: str) -> str:
    """Escapes the text between two pieces of code, keeping the spaces at its ends."""
    before, after = " " * part.startswith(" "), " " * part.endswith(" ")
    return f"{before}{escaped(part)}{after}" if part.strip() else part[:1]


def escaped(text: str) -> str:
    """Text that markdown shows literally, on one line, even at the start of the line.

    Links, mentions, e-mail addresses and emojis are also made of text that was escaped; a space of
    no width parts them.
    """
    plain = _LEADING.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", visible(" ".join(text.split()))))
    return _ACTIVE.sub(r"\1&#8203;", plain)


def xml(value: str) -> str:
    """Text for XML, which allows no control characters at all."""
    return escape("".join(c if c.isprintable() else "�" for c in value), {'"': "&quot;"})
