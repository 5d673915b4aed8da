"""Merges with branches: what runs side by side from one volume to a merge."""

from __future__ import annotations

from bisect import bisect_left

from archcalc.importers.outline import (
    BranchItem,
    EntryItem,
    Group,
    Item,
    MergeItem,
    Wires,
    output,
    sequences,
    stem,
    with_sequences,
)

TYPES = ("add", "subtract", "multiply", "concat")


def branched(items: tuple[Item, ...], wires: Wires) -> tuple[Item, ...]:
    """The items with branches under each merge that has them, the innermost first.

    A merge has branches if what leads to each of its inputs, from one volume on, stands together
    in the order of the inputs, and is read by nothing else.
    """
    made: list[Item] = []
    for item in items:
        whole = with_sequences(item, [branched(inside, wires) for inside in sequences(item)])
        if isinstance(whole, EntryItem) and whole.layer.type in TYPES and len(whole.inputs) > 1:
            found = _merge(made, whole, wires)
            if found:
                del made[found[1] :]
                whole = found[0]
        made.append(whole)
    return tuple(made)


def _merge(made: list[Item], entry: EntryItem, wires: Wires) -> tuple[MergeItem, int] | None:
    """The merge that follows these items with its branches, and the first item in them."""
    places = [_place(made, node) for node in entry.inputs]
    return _with_feed(made, entry, places, None, wires) or _with_feed(
        made, entry, places, min(entry.inputs), wires
    )


def _place(made: list[Item], node: int) -> int:
    """The place of the item that a node is the output of; -1 where it is not among them."""
    place = bisect_left(made, node + 1, key=lambda item: item.stop)
    return place if place < len(made) and output(made[place]) == node else -1


def _with_feed(
    made: list[Item], entry: EntryItem, places: list[int], feed: int | None, wires: Wires
) -> tuple[MergeItem, int] | None:
    """The merge with empty branches for the inputs that are the feed.

    Without a feed none is, and the feed is what the branches have in common.
    """
    ends = [at for at, node in zip(places, entry.inputs, strict=True) if node != feed]
    ascending = ends == sorted(set(ends))
    if not ends or not ascending or ends[0] < 0 or ends[-1] != len(made) - 1:
        return None
    if feed is None:
        external = wires.external(made[ends[-2] + 1].start, entry.start) if ends[1:] else []
        if len(external) != 1:
            return None
        (feed,) = external
    begins = [_begin(made, ends[0], feed, wires), *[end + 1 for end in ends[:-1]]]
    segments = [tuple(made[a : b + 1]) for a, b in zip(begins, ends, strict=True)]
    for segment in segments:
        start, stop = segment[0].start, segment[-1].stop
        if start <= feed or wires.external(start, stop) not in ([], [feed]):
            return None
        if not wires.is_private(start, stop, entry.start):
            return None
    rest = iter(segments)
    branches = tuple(
        BranchItem(None, ()) if node == feed else _branch(next(rest)) for node in entry.inputs
    )
    if _is_wide(entry, branches):
        return None
    first = made[begins[0]].start
    return MergeItem(entry.path, first, entry.stop, entry, feed, branches), begins[0]


def _begin(made: list[Item], end: int, feed: int, wires: Wires) -> int:
    """The first of the items that lead from the feed to the one at ``end``."""
    begin = at = end
    while at >= begin:
        for node in wires.external(made[at].start, made[at].stop):
            if node != feed:
                begin = min(begin, bisect_left(made, node + 1, key=lambda item: item.stop))
        at -= 1
    return begin


def _branch(segment: tuple[Item, ...]) -> BranchItem:
    """A branch, which is called what the module is called that it is."""
    named = [item.path for item in segment if item.path and not item.path[-1].isdigit()]
    common = stem([path[-1:] for path in named]) if named else ()
    is_own = len(segment) == 1 or any(sign.isdigit() or sign in "_-" for sign in "".join(common))
    return BranchItem(common[-1] if common and is_own else None, segment)


def _is_wide(entry: EntryItem, branches: tuple[BranchItem, ...]) -> bool:
    """Whether a branch beside an empty one spans several modules, so that one reads over it."""
    if all(branch.items for branch in branches):
        return False
    for branch in branches:
        groups = [item for item in branch.items if isinstance(item, Group | MergeItem)]
        holds = any(
            isinstance(inner, MergeItem) for g in groups for s in sequences(g) for inner in s
        )
        if len(groups) > 1 and (entry.layer.type == "concat" or holds):
            return True
    return False
