"""Which modules of one class are so much alike that they can be instances of one block."""

from __future__ import annotations

from collections.abc import Hashable
from difflib import SequenceMatcher

from archcalc.importers.outline import (
    CONTAINERS,
    Group,
    Item,
    MergeItem,
    sequences,
    with_sequences,
)
from archcalc.importers.repeats import all_repeated
from archcalc.importers.slots import heads
from archcalc.record import Record

ALIKE = 0.6  # how much of two bodies must be the same for them to be one block


class Outline(Record):
    """What a body is made of: with empty branches, with names in their place, and with runs put
    together.
    """

    kind: str
    branched: tuple[Hashable, ...]
    named: tuple[Hashable, ...]
    copied: tuple[Hashable, ...]


def named(items: tuple[Item, ...], outer: bool = True) -> tuple[Item, ...]:
    """The items with names in the place of empty branches; not the ``outer`` ones if so said."""
    made: list[Item] = []
    for item in items:
        whole = with_sequences(item, [named(s) for s in sequences(item)])
        if isinstance(whole, MergeItem) and whole.repeat == 1 and outer:
            full = [branch for branch in whole.branches if branch.items]
            if len(full) == 1:
                made += [*full[0].items, whole.entry]
                continue
        made.append(whole)
    return tuple(made)


def clusters(found: list[Group]) -> list[list[Group]]:
    """Groups of one class that are alike, in the order of the first of each."""
    made: list[tuple[list[Outline], list[Group]]] = []
    known: dict[Outline, list[Group]] = {}
    for group in found:
        run = all_repeated(group.items)
        outlines = heads(group.items), heads(named(group.items)), heads(named(run))
        own = Outline(group.kind, *outlines)
        if own not in known:
            seen, members = next(
                (c for c in made if any(alike(outline, own) for outline in c[0])), ([], [])
            )
            if not members:
                made.append((seen, members))
            seen.append(own)
            known[own] = members
        known[own].append(group)
    return [members for _, members in made]


def alike(outline: Outline, own: Outline) -> bool:
    """Whether so much of two bodies of one class is the same that they can be one block."""
    if outline.kind != own.kind or own.kind in CONTAINERS:
        return outline == own
    pairs = zip(outline[1:], own[1:], strict=True)
    return any(SequenceMatcher(None, a, b, autojunk=False).ratio() >= ALIKE for a, b in pairs)
