"""The text of a document as its client counts it: lines, and columns in the client's units."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable

from archcalc.diagnostics import Span
from archcalc.record import Record

_CLIENT_BREAK = re.compile(r"\r\n|\n|\r")
_YAML_BREAK = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")
ENCODINGS = {"utf-8": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}
_WIDTHS = {"utf-8": 1, "utf-16": 2, "utf-32": 4}


class Position(Record):
    """A line and a column of a client, both from 0."""

    line: int
    character: int


class Range(Record):
    start: Position
    end: Position


class TextChange(Record):
    """Text in the place of what a client's range has; of all where there is none."""

    range: Range | None
    text: str


class EditedText:
    """Offsets count code points. A client and YAML disagree about what ends a line."""

    def __init__(self, text: str, units: str = "utf-16") -> None:
        self.text = text
        self.units = units
        self._is_ascii = text.isascii()
        self.starts = _starts(_CLIENT_BREAK, text)
        same = self._is_ascii or not re.search("[\x85\u2028\u2029]", text)
        self._yaml = self.starts if same else _starts(_YAML_BREAK, text)

    def line(self, number: int) -> str:
        """A client's line, with what ends it."""
        stop = self.starts[number + 1] if number + 1 < len(self.starts) else len(self.text)
        return self.text[self.starts[number] : stop]

    def offset(self, place: tuple[int, int]) -> int:
        """Where a line and column of a span are, both from 1."""
        line, column = place
        if line > len(self._yaml):
            return len(self.text)
        return min(self._yaml[max(line, 1) - 1] + column - 1, len(self.text))

    def place(self, offset: int) -> tuple[int, int]:
        """The line and column, from 1, of an offset."""
        line = bisect_right(self._yaml, offset)
        return line, offset - self._yaml[line - 1] + 1

    def position(self, offset: int) -> Position:
        line = bisect_right(self.starts, offset) - 1
        start = self.starts[line]
        if self._is_ascii:
            return Position(line, offset - start)
        before = self.text[start:offset].encode(ENCODINGS[self.units], "surrogatepass")
        return Position(line, len(before) // _WIDTHS[self.units])

    def offset_at(self, position: Position) -> int:
        """Where a client's position is; one behind the end of a line is at its end.

        Raises:
            ValueError: where there is no such line.
        """
        if not 0 <= position.line <= len(self.starts) or position.character < 0:
            raise ValueError(f"the document has no line {position.line}")
        if position.line == len(self.starts):
            return len(self.text)
        start, line = self.starts[position.line], self.line(position.line).rstrip("\r\n")
        if self._is_ascii:
            return start + min(position.character, len(line))
        encoding, width = ENCODINGS[self.units], _WIDTHS[self.units]
        data = line.encode(encoding, "surrogatepass")[: position.character * width]
        return start + len(data.decode(encoding, "ignore"))

    def offset_up_to(self, position: Position) -> int:
        """Where the end of a range is that may reach over the end of the text."""
        is_beyond = position.line > len(self.starts)
        return len(self.text) if is_beyond else self.offset_at(position)

    def range(self, span: Span) -> Range:
        return self.between(self.offset(span.start), self.offset(span.end))

    def between(self, start: int, stop: int) -> Range:
        return Range(self.position(start), self.position(max(start, stop)))

    def raw(self, span: Span) -> str:
        """The characters of a span, as they are written."""
        return self.text[self.offset(span.start) : self.offset(span.end)]

    def changed(self, changes: Iterable[TextChange]) -> EditedText:
        """The text after changes, each of which counts in what the one before it left.

        Raises:
            ValueError: where a range is outside of the text.
        """
        text = self
        for change in changes:
            new = change.text
            if change.range is not None:
                start, stop = map(text.offset_at, change.range)
                if stop < start:
                    raise ValueError("a range ends before it starts")
                new = text.text[:start] + change.text + text.text[stop:]
            text = EditedText(new, self.units)
        return text


def _starts(pattern: re.Pattern[str], text: str) -> list[int]:
    return [0, *(found.end() for found in pattern.finditer(text))]


def edited(text: EditedText, edits: Iterable[tuple[Span, str]]) -> str:
    """A text after edits that do not overlap."""
    places = [(text.offset(span.start), text.offset(span.end), new) for span, new in edits]
    result = text.text
    for start, stop, new in sorted(places, reverse=True):
        result = result[:start] + new + result[stop:]
    return result
