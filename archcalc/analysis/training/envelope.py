"""The most of many sizes, each A B + C bytes in the batch B, in every batch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from archcalc.network.steps import SAMPLE
from archcalc.record import Record


class BytesLine(Record):
    """``per_sample`` B + ``constant`` bytes: the most from the batch ``from_batch`` on.

    ``event`` is the number of the size among the given ones.
    """

    from_batch: int
    per_sample: int
    constant: int
    event: int

    def at(self, batch: int) -> int:
        return self.per_sample * batch + self.constant

    def batches_within(self, limit: int) -> int:
        """The largest batch in which the line is within a limit of bytes; 0 where there is none."""
        return max(0, (limit - self.constant) // self.per_sample)


def bytes_at(size: int, batch: int) -> int:
    """The bytes of a size in a batch."""
    per_sample, constant = divmod(size, SAMPLE)
    return per_sample * batch + constant


def envelope(sizes: Iterable[int]) -> list[BytesLine]:
    """The lines that are the most in some batch from 1 on, in its order; the first of equal ones.

    Sizes are sums of multiples of `SAMPLE` and of bytes whatever the batch.
    """
    largest: dict[int, tuple[int, int]] = {}
    for index, size in enumerate(sizes):
        per_sample, constant = divmod(size, SAMPLE)
        known = largest.get(per_sample)
        if known is None or constant > known[0]:
            largest[per_sample] = constant, index
    lines: list[BytesLine] = []
    for per_sample, (constant, index) in sorted(largest.items()):
        start = 1
        while lines:
            below = lines[-1]
            start = (below.constant - constant) // (per_sample - below.per_sample) + 1
            if start > below.from_batch:
                break
            lines.pop()
            start = 1
        lines.append(BytesLine(start, per_sample, constant, index))
    return lines


def line_at(lines: Sequence[BytesLine], batch: int) -> BytesLine:
    """The line that is the most in a batch."""
    return [line for line in lines if line.from_batch <= batch][-1]


def binding(lines: Sequence[BytesLine], limit: int) -> BytesLine:
    """The line that allows the smallest batch within a limit of bytes."""
    return min(lines, key=lambda line: line.batches_within(limit))
