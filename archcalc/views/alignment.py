"""The longest common subsequence of two lists."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

WORK_LIMIT = 4_000_000
"""Pairs that are looked at; of longer lists only what both begin and end with is common."""


def pairs(mine: Sequence[Hashable], theirs: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Places of what both have, in order: as many as there can be."""
    start, stop = 0, 0
    shorter = min(len(mine), len(theirs))
    while start < shorter and mine[start] == theirs[start]:
        start += 1
    while stop < shorter - start and mine[~stop] == theirs[~stop]:
        stop += 1
    inner = _inner(mine[start : len(mine) - stop], theirs[start : len(theirs) - stop])
    return [
        *((place, place) for place in range(start)),
        *((start + a, start + b) for a, b in inner),
        *((len(mine) - n, len(theirs) - n) for n in range(stop, 0, -1)),
    ]


def _inner(mine: Sequence[Hashable], theirs: Sequence[Hashable]) -> list[tuple[int, int]]:
    if not mine or not theirs or len(mine) * len(theirs) > WORK_LIMIT:
        return []
    numbers = {key: number for number, key in enumerate(dict.fromkeys([*mine, *theirs]))}
    left, right = [numbers[key] for key in mine], [numbers[key] for key in theirs]
    below = [0] * (len(right) + 1)
    table = [below]
    for one in reversed(left):
        row = [0] * (len(right) + 1)
        for at in range(len(right) - 1, -1, -1):
            if one == right[at]:
                row[at] = below[at + 1] + 1
            else:
                row[at] = max(row[at + 1], below[at])
        table.append(row)
        below = row
    table.reverse()
    found, a, b = [], 0, 0
    while a < len(left) and b < len(right):
        if left[a] == right[b]:
            found.append((a, b))
            a, b = a + 1, b + 1
        elif table[a + 1][b] >= table[a][b + 1]:
            a += 1
        else:
            b += 1
    return found
