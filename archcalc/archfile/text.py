"""The text of a file: from bytes, what YAML refuses in it, and its lines and places."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from archcalc.diagnostics import Fault, Span
from archcalc.limits import FILE_LIMIT

_PRINTABLE = "\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff"
_BLANK_LINE = r"[ \t]*(?:#[^\r\n\x85\u2028\u2029]*)?[\r\n\x85\u2028\u2029]"
LINES_SEARCHED = 50

# Patterns of mistakes are compiled where there is one.
_INDENT = r"[ -]*"
_TIGHT = r"[ -]*[a-z_]+:[^ ]"
_BREAK = "\r\n|[\n\r\x85\u2028\u2029]"


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
            span=place_after(before),
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
            span=place_after(text[: bad.start()]),
        )


def too_large() -> Fault:
    return Fault(
        "limit-exceeded",
        f"the file is larger than {FILE_LIMIT // 2**20} MiB, the most that is read",
        span=Span(1, 1),
    )


def place_after(text: str) -> Span:
    """The place of the character that follows a text."""
    line, start = 1, 0
    for line_break in re.compile(_BREAK).finditer(text):
        line, start = line + 1, line_break.end()
    return Span(line, len(text) - start + 1)


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
        span = place_after(text[:start])
        raise Fault("unsupported-yaml", "directives (`%`) are not read", span=span)


def not_well_formed(text: str, span: Span) -> Fault:
    near = lines_of(text, range(max(1, span.line - LINES_SEARCHED), span.line + 1))
    fact = "this is not well-formed YAML"
    return Fault("invalid-yaml", fact, span=span, suggestions=_hints(near, span.line))


def _hints(near: Mapping[int, str], number: int) -> Iterator[str]:
    """What often lies behind a line that YAML cannot read, in it or in a line above it."""
    line = near.get(number, "")
    if "\t" in re.sub(_INDENT, "", line, count=1)[:1]:
        yield "indent with spaces, not tabs"
        return
    for above in sorted(near, reverse=True):
        hint = _unfinished(near[above], is_own=above == number, is_near=number - above <= 2)
        if hint and above == number:
            yield f"{hint} in this line"
            return
        if hint:
            yield f"{hint} in line {above}"
            break
    yield "compare its indentation and its colons with the lines above"


def _unfinished(line: str, *, is_own: bool, is_near: bool) -> str | None:
    """What a line alone shows to be wrong; single quotation marks are apostrophes elsewhere."""
    if line.count("{") != line.count("}") or line.count("[") != line.count("]"):
        return "a bracket is not closed"
    if any(line.count(mark) % 2 for mark in ("\"'" if is_own else '"')):
        return "a quotation mark is not closed"
    return "a colon needs a space behind it" if is_near and re.match(_TIGHT, line) else None
