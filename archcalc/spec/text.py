"""The text of a file: from bytes, what YAML refuses in it, and its lines and places."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from archcalc.diagnostics import Fault, Place

FILE_LIMIT = 12 * 2**20

_PRINTABLE = "\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff"
_BLANK_LINE = r"[ \t]*(?:#[^\r\n\x85\u2028\u2029]*)?[\r\n\x85\u2028\u2029]"
_BREAK = "\r\n|[\n\r\x85\u2028\u2029]"  # compiled where a mistake needs it


def decode(data: bytes) -> str:
    """The text of a file.

    Raises:
        Fault: ``limit-exceeded`` over 12 MiB, ``invalid-yaml`` where it is not UTF-8.
    """
    if len(data) > FILE_LIMIT:
        raise too_large()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig", "replace")
        raise Fault(
            "invalid-yaml",
            f"byte {error.start} (0x{data[error.start]:02x}) is not UTF-8; save the file as UTF-8",
            place=place_after(before),
        ) from None


def check_characters(text: str) -> None:
    """Refuse what YAML refuses, in the same words whichever parser is used.

    Raises:
        Fault: ``invalid-yaml`` for NUL, other control characters, and halves of surrogate pairs.
    """
    if text.replace("\n", "").replace("\r", "").replace("\t", "").isprintable():
        return
    bad = re.search(f"[^{_PRINTABLE}]", text)
    if bad:
        raise Fault(
            "invalid-yaml",
            f"the control character U+{ord(bad.group()):04X} has no place in a file",
            place=place_after(text[: bad.start()]),
        )


def too_large() -> Fault:
    return Fault(
        "limit-exceeded",
        f"the file is larger than {FILE_LIMIT // 2**20} MiB, the most that is read",
        place=Place(1, 1),
    )


def place_after(text: str) -> Place:
    """The place of the character that follows a text."""
    line, start = 1, 0
    for line_break in re.compile(_BREAK).finditer(text):
        line, start = line + 1, line_break.end()
    return Place(line, len(text) - start + 1)


def lines_of(text: str, wanted: Collection[int]) -> dict[int, str]:
    """The lines of these numbers, from 1, as YAML counts them; the text is not split."""
    found, number, start, last = {}, 1, 0, max(wanted, default=0)
    for line_break in re.compile(_BREAK).finditer(text):
        if number in wanted:
            found[number] = text[start : line_break.start()]
        number, start = number + 1, line_break.end()
        if number > last:
            return found
    if number in wanted:
        found[number] = text[start:]
    return found


def check_directive(text: str) -> None:
    if "%" not in text:
        return
    start = 0
    while blank := re.compile(_BLANK_LINE).match(text, start):
        start = blank.end()
    if text[start : start + 1] == "%":
        place = place_after(text[:start])
        raise Fault("unsupported-yaml", "directives (`%`) are not read", place=place)


def not_well_formed(text: str, place: Place) -> Fault:
    line = lines_of(text, {place.line}).get(place.line, "")
    fact = "this is not well-formed YAML"
    return Fault("invalid-yaml", fact, place=place, suggestions=_hints(line))


def _hints(line: str) -> Iterator[str]:
    """What often lies behind a line that YAML cannot read."""
    if "\t" in line[: len(line) - len(line.lstrip())]:
        yield "indent with spaces, not tabs"
    elif line.count("{") != line.count("}") or line.count("[") != line.count("]"):
        yield "a bracket is not closed in this line"
    elif line.count('"') % 2 or line.count("'") % 2:
        yield "a quotation mark is not closed in this line"
    else:
        yield "compare its indentation and its colons with the lines above"
