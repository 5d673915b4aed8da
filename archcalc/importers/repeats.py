"""Runs of statements that are equal but for names, as one that is repeated."""

from __future__ import annotations

from collections.abc import Hashable

from archcalc.importers.calls import arguments_of, joined
from archcalc.importers.outline import (
    CallItem,
    EntryItem,
    Group,
    Item,
    MergeItem,
    output,
    sequences,
    stem,
    with_sequences,
)
from archcalc.importers.slots import takes_list

LONGEST = 8
"""The most statements that are repeated together."""


def repeated(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """The items with equal ones in a row written once, short runs before those that hold them."""
    for period in range(1, LONGEST + 1):
        if len(items) >= 2 * period:
            items = _repeated(items, period)
    return items


def all_repeated(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """The items with equal ones in a row written once, also inside of groups and branches."""
    inside = (with_sequences(item, [all_repeated(s) for s in sequences(item)]) for item in items)
    return repeated(joined(tuple(inside)))


def _repeated(items: tuple[Item, ...], period: int) -> tuple[Item, ...]:
    shapes = [shape(item) for item in items]
    made: list[Item] = []
    at = 0
    while at < len(items):
        copies = _copies(items, shapes, at, period)
        if copies > 1:
            made.append(_copied(items[at : at + period * copies], period, copies))
        else:
            made.append(items[at])
        at += period * copies if copies > 1 else 1
    return tuple(made)


def _copies(items: tuple[Item, ...], shapes: list[Hashable], at: int, period: int) -> int:
    """How often so many statements are repeated from here on, if that saves lines."""
    copies = 1
    while _equal(items, shapes, at, at + period * copies, period):
        copies += 1
    saved = (copies - 1) * sum(_lines(item) for item in items[at : at + period])
    if period > 1:
        return copies if saved > 2 else 1
    return copies if saved > (0 if isinstance(items[at], EntryItem) else 1) else 1


def _lines(item: Item) -> int:
    if isinstance(item, Group):
        return 2 + sum(map(_lines, item.items))
    if isinstance(item, MergeItem):
        return 2 + sum(1 + sum(map(_lines, branch.items)) for branch in item.branches)
    return 1


def _equal(
    items: tuple[Item, ...], shapes: list[Hashable], first: int, other: int, period: int
) -> bool:
    """Whether so many statements from one place on are as those from another place on."""
    if other + period > len(items) or None in shapes[first : first + period]:
        return False
    if shapes[first : first + period] != shapes[other : other + period]:
        return False
    if items[other].feed != output(items[other - 1]):
        return False
    return _is_chain(items, first, period) and _is_chain(items, other, period)


def _is_chain(items: tuple[Item, ...], at: int, period: int) -> bool:
    """Whether each statement reads the one before it, and the shape says the rest."""
    return all(
        items[place].feed == output(items[place - 1]) for place in range(at + 1, at + period)
    )


def shape(item: Item) -> Hashable:
    """What statements have in common that read what stands before them, and are else equal.

    None for one that reads something else too.
    """
    return _shape(item, item.feed, item.start)


def _shape(item: Item, feed: int | None, start: int) -> Hashable:
    if isinstance(item, EntryItem):
        if item.shares is not None or item.is_met or item.layer.splits or takes_list(item):
            return None
        reads = tuple([_relative(node, feed, start) for node in item.inputs])
        if None in reads:
            return None
        return (item.layer, item.activation, item.frozen, item.repeat, reads)
    if isinstance(item, CallItem):
        if item.share or item.is_owner or item.block.words:
            return None
        given = arguments_of(item)
        pairs = [tuple(sorted(values.items(), key=str)) for values in given]
        own = _relative(item.feed, feed, start)
        return None if own is None else ("call", item.block.number, item.repeat, own, *pairs)
    if isinstance(item, Group):
        if item.share or item.is_owner or item.level:  # it may become a call yet
            return None
        inside = [_shape(inner, item.feed, item.start) for inner in item.items]
        own = _relative(item.feed, feed, start)
        if own is None or None in inside or _reads_feed_late(item):
            return None
        return ("group", item.repeat, own, *inside)
    found: list[Hashable] = []
    for branch in item.branches:
        inside = [_shape(inner, item.feed, item.start) for inner in branch.items]
        if None in inside:
            return None
        found.append(tuple(inside))
    entry = item.entry
    own = _relative(item.feed, feed, start)
    return None if own is None else (entry.layer, entry.activation, item.repeat, own, *found)


def _reads_feed_late(group: Group) -> bool:
    return any(item.feed == group.feed for item in group.items[1:])


def _relative(node: int | None, feed: int | None, start: int) -> Hashable:
    """A row as seen from a statement: its feed, or how far inside it; None for another."""
    if node == feed:
        return "feed"
    return node - start if node is not None and node >= start else None


def _copied(items: tuple[Item, ...], period: int, copies: int) -> Item:
    first, last = items[0], items[-1]
    if period == 1 and not isinstance(first, CallItem):
        return first._replace(
            path=stem([item.path for item in items]), stop=last.stop, repeat=copies * first.repeat
        )
    inside = items[:period]
    return Group((), first.start, last.stop, "", first.feed, inside, copies)
