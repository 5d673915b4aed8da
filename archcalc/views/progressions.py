"""Whole numbers as people write them: ranges, multiples, progressions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from archcalc.record import Record

SHOWN = 12


class Progression(Record):
    """Numbers that return with a period: ``runs`` are the first of them, from ``start`` on.

    ``irregular`` are runs below ``start`` that do not. Without a period all are irregular.
    """

    irregular: list[tuple[int, int]]
    start: int
    period: int
    runs: list[tuple[int, int]]


def pattern(numbers: Sequence[int], low: int, high: int) -> Progression:
    """The least period with which sorted numbers return from somewhere below the middle on."""
    mask = sum(1 << (number - low) for number in numbers)
    span = high - low + 1
    for period in range(1, span // 3 + 1):
        changes = (mask ^ (mask >> period)) & ((1 << (span - period)) - 1)
        offset = changes.bit_length()
        if offset + 3 * period > span or 2 * offset > span:
            continue
        if not mask >> offset:
            break
        before, tail = [n for n in numbers if n < low + offset], mask >> offset
        start = low + offset + (tail & -tail).bit_length() - 1
        first = [n for n in numbers if start <= n < start + period]
        return Progression(runs(before), start, period, runs(first))
    return Progression(runs(numbers), high + 1, 0, [])


def runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """The first and the last of each run of neighbours."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1] = found[-1][0], number
        else:
            found.append((number, number))
    return found


def words(numbers: Sequence[int], low: int, high: int) -> str:
    """``multiples of 32``, ``188 + 16 n``, ``32 n + 1 to 32 n + 4``, ``1 to 7, 9``, ``none``."""
    if not numbers:
        return "none"
    found = pattern(numbers, low, high)
    parts = list(_ranges(found.irregular))
    if found.period == 1:
        parts.append("all" if found.start == low else f"all from {found.start:,}")
    elif found.period:
        return ", ".join([*parts, *_terms(found, low)])
    return ", ".join(parts)


def _ranges(found: list[tuple[int, int]]) -> Iterator[str]:
    for first, last in islice(found, SHOWN):
        yield f"{first:,}" if first == last else f"{first:,} to {last:,}"
    if len(found) > SHOWN:
        yield f"and {len(found) - SHOWN:,} more ranges"


def _terms(found: Progression, low: int) -> Iterator[str]:
    """The runs of one period, by their rests where they hold from the lowest number on."""
    period = found.period
    is_whole = not found.irregular and found.start - period < low
    for first, last in found.runs[:SHOWN]:
        ends = (first,) if first == last else (first, last)
        if is_whole and first % period <= last % period:
            yield " to ".join(_by_rest(end % period, period) for end in ends)
        else:
            yield " to ".join(f"{end:,} + {period:,} n" for end in ends)
    if len(found.runs) > SHOWN:
        yield f"and {len(found.runs) - SHOWN:,} more in every {period:,}"


def _by_rest(rest: int, period: int) -> str:
    return f"{period:,} n + {rest:,}" if rest else f"multiples of {period:,}"
