"""The text of a file: from bytes, what YAML refuses in it, and its lines and places."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from archcalc.diagnostics import Fault, Span
from archcalc.limits import FILE_LIMIT

_PRINTABLE = "\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff"
_FIRST_WORD = r"(?:\A|(?<=[\r\n\x85\u2028\u2029]))[ \t]*[^ \t#\r\n\x85\u2028\u2029]"
_MARK = "\ufeff".encode()  # which some editors put before a text
LINES_SEARCHED = 50

# Patterns of mistakes are compiled where there is one.
_INDENT = r"[ -]*"
_TIGHT = r"[ -]*[a-z_]+:[^ ]"
_BREAK = "\r\n|[\n\r\x85\u2028\u2029]"
_BREAKS = "\n\r\x85\u2028\u2029"
_BLOCK = 2**16  # characters


def decode(data: bytes) -> str:
    """The text of a file.

    Raises:
        Fault: ``limit-exceeded`` over 12 MiB, ``invalid-yaml`` where it is not UTF-8.
    """
    if len(data) > FILE_LIMIT:
        raise too_large()
    try:
        return data.removeprefix(_MARK).decode("utf-8")
    except UnicodeDecodeError as error:
        data = data.removeprefix(_MARK)
        before = data[: error.start].decode("utf-8", "replace")
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
    start = max([text.rfind(char) for char in _BREAKS]) + 1
    return Span(1 + _breaks(text, 0, len(text)), len(text) - start + 1)


def _breaks(text: str, start: int, stop: int) -> int:
    """How many lines end in a part of a text."""
    ends = sum([text.count(char, start, stop) for char in _BREAKS])
    return ends - text.count("\r\n", start, stop)


def lines_of(text: str, wanted: Collection[int]) -> dict[int, str]:
    """The lines of these numbers, from 1, as YAML counts them; the text is not split.

    Blocks of the text in which none of them ends are passed over.
    """
    found: dict[int, str] = {}
    waiting = sorted(wanted, reverse=True)
    number, start, block = 1, 0, 0  # of the line that is not finished
    while waiting and block < len(text):
        stop = block + _BLOCK
        stop += text[stop - 1 : stop + 1] == "\r\n"
        after = number + _breaks(text, block, stop)
        if waiting[-1] >= after:
            last = max([text.rfind(char, block, stop) for char in _BREAKS])
            number, start = after, start if last < 0 else last + 1
        else:
            for line_break in re.compile(_BREAK).finditer(text, block, stop):
                if waiting and number == waiting[-1]:
                    found[waiting.pop()] = text[start : line_break.start()]
                number, start = number + 1, line_break.end()
        block = stop
    if waiting and number == waiting[-1]:
        found[number] = text[start:]
    return found


def check_directive(text: str) -> None:
    if "%" not in text:
        return
    first = re.compile(_FIRST_WORD).search(text)
    if first and first.group() == "%":
        span = place_after(text[: first.start()])
        raise Fault("unsupported-yaml", "directives (`%`) are not read", span=span)


def not_well_formed(text: str, span: Span) -> Fault:
    near = lines_of(text, range(max(1, span.line - LINES_SEARCHED), span.line + 1))
    fact = "this is not well-formed YAML"
    return Fault("invalid-yaml", fact, span=span, suggestions=_hints(near, span.line))


def _hints(near: Mapping[int, str], number: int) -> Iterator[str]:
    """What often lies behind a line that YAML cannot read, in it or in a line above it."""
    line = near.get(number, "")
    if re.search(r"\$\([^\"]*\[", line):
        yield 'quote an expression with a bracket inside {}: "$(widths[0])"'
        return
    if "\t" in re.sub(_INDENT, "", line, count=1)[:1]:
        yield "indent with spaces, not tabs"
        return
    if "${" in line:
        yield "write an expression as `$(...)`"
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
