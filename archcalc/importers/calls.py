"""Instances of a block one after the other, as entries with `repeat`, `first` and `last`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archcalc.importers.outline import Call, Item, output
from archcalc.record import Record

LINE, ARGUMENT, OTHER, LAST = 10, 2, 8, 6
"""What an entry costs, and each argument that differs from its default; what other channels in its
first or last copy cost, and a last copy that differs.
"""

Values = Mapping[str, Any]


class Arguments(Record):
    """What an entry gives a block: ``first`` and ``last`` only where they differ."""

    with_: Values
    first: Values
    last: Values


def arguments_of(call: Call) -> Arguments:
    """The arguments of an entry that stands for all copies of a call."""
    values = [call.block.arguments(index) for index in call.copies]
    if len(values) == 1:
        return Arguments(values[0], {}, {})
    middle = values[1] if len(values) > 2 else values[-1]
    last = _difference(values[-1], middle)
    return Arguments(middle, _difference(values[0], middle), last)


def _difference(values: Values, others: Values) -> Values:
    return {name: value for name, value in values.items() if value != others[name]}


def joined(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """The items with calls of one block that follow each other put together."""
    made: list[Item] = []
    run: list[Call] = []
    for item in items:
        if run and not _follows(run[-1], item):
            made += _cut(run)
            run = []
        if _is_single(item):
            assert isinstance(item, Call)
            run.append(item)
        else:
            made.append(item)
    return (*made, *_cut(run))


def _is_single(item: Item) -> bool:
    return isinstance(item, Call) and not item.block.words and item.share is None


def _follows(before: Call, item: Item) -> bool:
    return (
        isinstance(item, Call)
        and _is_single(item)
        and item.block is before.block
        and item.feed == output(before)
    )


def _cut(run: list[Call]) -> list[Call]:
    """The cheapest entries for a run: each is one call, or copies of which all but the first and
    the last are alike.
    """
    if len(run) < 2:
        return run
    values = [call.block.arguments(index) for call in run for index in call.copies]
    owners = [call for call in run for _ in call.copies]
    block, size = run[0].block, len(values)
    alike = [size] * size  # behind the last that is like this one, without a gap
    for at in range(size - 2, -1, -1):
        alike[at] = alike[at + 1] if values[at] == values[at + 1] else at + 1
    alike[size - 1] = size
    best: list[tuple[int, int]] = [(0, size)] * (size + 1)
    for at in range(size - 1, -1, -1):
        choices = []
        for stop in _stops(at, alike, size):
            cost = _cost(block, values[at:stop])
            choices.append((best[stop][0] + cost, -stop))
        total, stop = min(choices)
        best[at] = (total, -stop)
    made, at = [], 0
    while at < size:
        stop = best[at][1]
        made.append(_joined(owners[at:stop], block, at, stop, run))
        at = stop
    return made


def _stops(at: int, alike: list[int], size: int) -> list[int]:
    """Where an entry that begins here may end."""
    stops = {at + 1, alike[at]}
    if alike[at] < size:
        stops.add(alike[at] + 1)  # another last one
    if at + 1 < size:
        stops.add(alike[at + 1])  # another first one
        if alike[at + 1] < size and alike[at + 1] - at > 2:
            stops.add(alike[at + 1] + 1)
    return sorted(stops)


def _cost(block: Any, values: list[Values]) -> int:
    middle = values[1] if len(values) > 2 else values[-1]
    given = [name for name, value in middle.items() if value != block.defaults.get(name)]
    first, last = _difference(values[0], middle), _difference(values[-1], middle)
    wide = sum(name in block.channels for name in (*first, *last))
    others = ARGUMENT * (len(first) + len(last) - wide) + OTHER * wide
    return LINE + ARGUMENT * len(given) + others + (LAST if last else 0)


def _joined(owners: list[Call], block: Any, at: int, stop: int, run: list[Call]) -> Call:
    copies = [index for call in run for index in call.copies][at:stop]
    bodies = [block.bodies[index] for index in copies]
    path = owners[0].path
    if len(owners) > 1:
        path = _common(owners)
    return Call(path, bodies[0].start, bodies[-1].stop, block, tuple(copies), bodies[0].feed)


def _common(owners: list[Call]) -> tuple[str, ...]:
    """What the paths of calls have in common; that of the first where they have nothing."""
    paths = [call.path for call in owners]
    found = []
    for words in zip(*paths, strict=False):
        if len(set(words)) > 1:
            break
        found.append(words[0])
    return tuple(found) or paths[0]
