"""What the slots of a template read: one way to name it that holds in all bodies."""

from __future__ import annotations

from archcalc.importers.outline import CallItem, EntryItem, Group, output
from archcalc.importers.slots import (
    INPUT,
    OUTER,
    Incompatible,
    Lines,
    Slot,
    Template,
    Way,
    takes_list,
)


def wire(template: Template) -> None:
    """Says of each slot what it reads.

    Raises:
        Incompatible: where no way to name it holds in all bodies.
    """
    feeds = {index: body.feed for index, body in enumerate(template.bodies)}
    _wire_lines(template, template.lines, feeds)


def _wire_lines(template: Template, lines: Lines, before: dict[int, int | None]) -> None:
    """``before`` is what the first slot of each body reads."""
    before = dict(before)
    for slot in lines.slots:
        slot.sources = _sources(template, slot, before)
        _wire_call(template, slot)
        for inner in slot.inside:
            _wire_lines(template, inner, {i: item.feed for i, item in slot.items.items()})
        before.update({i: output(item) for i, item in slot.items.items()})


def _wire_call(template: Template, slot: Slot) -> None:
    """What a call is given of what is not in it, and whose weights are used."""
    calls = {i: item for i, item in slot.items.items() if isinstance(item, CallItem)}
    if calls:
        for word in next(iter(calls.values())).block.words:
            nodes = {i: call.block.words[word][call.copies[0]] for i, call in calls.items()}
            slot.words[word] = _way(template, slot, nodes)
    owners = dict[int, int]()
    for index, item in slot.items.items():
        if isinstance(item, EntryItem) and item.shares is not None:
            owners[index] = item.shares
    if owners:
        slot.share = _way(template, slot, owners)
    spans = {
        i: s.share for i, s in slot.items.items() if isinstance(s, Group | CallItem) and s.share
    }
    if spans:
        ways = [template.way_to(i, span, slot) for i, span in spans.items()]
        if any(way != ways[0] for way in ways):
            raise Incompatible
        slot.share = ways[0]


def _sources(template: Template, slot: Slot, before: dict[int, int | None]) -> list[Way] | None:
    """What a slot names in `from`; None where it reads what stands before it."""
    item = slot.any
    if isinstance(item, EntryItem) and takes_list(item):
        counts = {len(i.inputs) for i in slot.items.values() if isinstance(i, EntryItem)}
        if len(counts) > 1:
            raise Incompatible
        return [
            _way(
                template,
                slot,
                {i: e.inputs[k] for i, e in slot.items.items() if isinstance(e, EntryItem)},
            )
            for k in range(len(item.inputs))
        ]
    feeds = {i: item.feed for i, item in slot.items.items()}
    if all(feed is None or feed == before[i] for i, feed in feeds.items()):
        return None
    known = {i: feed for i, feed in feeds.items() if feed is not None}
    if len(known) < len(feeds):
        raise Incompatible
    return [_way(template, slot, known)]


def _way(template: Template, slot: Slot, nodes: dict[int, int]) -> Way:
    """How a slot names a row in each body."""
    common: list[Way] | None = None
    for index, node in nodes.items():
        ways = list[Way]()
        body = template.bodies[index]
        if node == body.feed:
            ways.append((INPUT,))
        way = template.way(index, node, slot)
        ways.append(way or (OUTER,))
        common = ways if common is None else [one for one in common if one in ways]
    if not common:
        raise Incompatible
    return common[0]
