"""Parts of a large file, of which no more is read than is asked for."""

from __future__ import annotations

from typing import BinaryIO, overload

BLOCK = 1 << 16  # bytes that are read at once
SMALL = BLOCK  # bytes up to which a part is had whole


class CutShort(Exception):
    """A file that has become shorter since it was opened."""


class _Blocks:
    """The block of a file that was read last."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.start, self.block = 0, b""

    def at(self, place: int) -> int:
        if not self.start <= place < self.start + len(self.block):
            self.start = place
            self.block = self.read(place, BLOCK)
        try:
            return self.block[place - self.start]
        except IndexError:
            raise CutShort from None

    def read(self, start: int, size: int) -> bytes:
        self.file.seek(start)
        return self.file.read(size)

    def part(self, start: int, stop: int) -> memoryview:
        if not self.start <= start <= stop <= self.start + len(self.block):
            self.start, self.block = start, self.read(start, max(BLOCK, stop - start))
        found = memoryview(self.block)[start - self.start : stop - self.start]
        if len(found) < stop - start:
            raise CutShort
        return found


class Stretch:
    """The bytes of a file from ``start`` to ``stop``; small parts of it are had as they are."""

    def __init__(self, file: BinaryIO | _Blocks, start: int, stop: int) -> None:
        self._blocks = file if isinstance(file, _Blocks) else _Blocks(file)
        self._start = start
        self._stop = max(start, stop)

    def __len__(self) -> int:
        return self._stop - self._start

    @overload
    def __getitem__(self, place: int) -> int: ...
    @overload
    def __getitem__(self, place: slice) -> memoryview | Stretch: ...
    def __getitem__(self, place: int | slice) -> int | memoryview | Stretch:
        if isinstance(place, int):
            return self._blocks.at(self._start + place)
        start, stop, _ = place.indices(len(self))
        first, last = self._start + start, self._start + max(start, stop)
        if last - first > SMALL:
            return Stretch(self._blocks, first, last)
        return self._blocks.part(first, last)

    def tobytes(self) -> bytes:
        return self._blocks.read(self._start, len(self))
