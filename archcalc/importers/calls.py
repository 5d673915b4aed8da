"""Instances of a block one after the other, as entries with `repeat`, `first` and `last`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from archcalc.importers.outline import CHANNELS, WINDOWS, CallItem, Item, output, stem
from archcalc.record import Record

if TYPE_CHECKING:
    from archcalc.importers.blocks import BlockTemplate

LINE, ARGUMENT = 10, 2
"""What an entry costs, and each argument that differs from its default."""
CHANNEL, WINDOW, LAST, NAME = 13, 16, 6, 4
"""What other channels and other windows of its first or last copy cost, a last copy that differs,
and a name that is lost by that.
"""

Values = Mapping[str, Any]


class CallArguments(Record):
    """What an entry gives a block: ``first`` and ``last`` only where they differ."""

    with_: Values
    first: Values
    last: Values


def arguments_of(call: CallItem) -> CallArguments:
    """The arguments of an entry that stands for all copies of a call."""
    values = [call.block.arguments(index) for index in call.copies]
    if len(values) == 1:
        return CallArguments(values[0], {}, {})
    middle = values[1] if len(values) > 2 else values[-1]
    last = _difference(values[-1], middle)
    return CallArguments(middle, _difference(values[0], middle), last)


def _difference(values: Values, others: Values) -> Values:
    return {name: value for name, value in values.items() if value != others[name]}


def joined(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """The items with calls of one block that follow each other put together."""
    made: list[Item] = []
    run: list[CallItem] = []
    for item in items:
        if run and not _follows(run[-1], item):
            made += _cut(run)
            run = []
        if _is_single(item):
            assert isinstance(item, CallItem)
            run.append(item)
        else:
            made.append(item)
    return (*made, *_cut(run))


def _is_single(item: Item) -> bool:
    if not isinstance(item, CallItem) or item.repeat > 1:
        return False
    return not (item.block.words or item.share or item.is_owner)


def _follows(before: CallItem, item: Item) -> bool:
    return (
        isinstance(item, CallItem)
        and _is_single(item)
        and item.block is before.block
        and item.feed == output(before)
    )


def _cut(run: list[CallItem]) -> list[CallItem]:
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
            cost = _cost(block, values[at:stop], owners[at:stop])
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


def _cost(block: BlockTemplate, values: list[Values], owners: list[CallItem]) -> int:
    middle = values[1] if len(values) > 2 else values[-1]
    given = [name for name, value in middle.items() if value != block.defaults.get(name)]
    first, last = _difference(values[0], middle), _difference(values[-1], middle)
    keys = {parameter.name: parameter.key for parameter in block.parameters}
    others = sum(_difference_cost(keys[name]) for name in (*first, *last))
    if others:
        words = {"".join(filter(str.isalpha, "".join(call.path[-1:]))) for call in owners}
        others += NAME * (len(words) - 1)
    return LINE + ARGUMENT * len(given) + others + (LAST if last else 0)


def _difference_cost(key: str) -> int:
    if key in CHANNELS:
        return CHANNEL
    return WINDOW if key in WINDOWS else ARGUMENT


def _joined(
    owners: list[CallItem], block: BlockTemplate, at: int, stop: int, run: list[CallItem]
) -> CallItem:
    copies = [index for call in run for index in call.copies][at:stop]
    bodies = [block.bodies[index] for index in copies]
    path = stem([call.path for call in owners])
    return CallItem(path, bodies[0].start, bodies[-1].stop, block, tuple(copies), bodies[0].feed)
