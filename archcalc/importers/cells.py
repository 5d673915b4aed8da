"""What differs between the bodies of a block: a value of each key for each body."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archcalc.importers.calls import arguments_of
from archcalc.importers.outline import CallItem, EntryItem, Item, MergeItem
from archcalc.importers.slots import Lines, Slot

HALVED = ("conv", "depthwise_conv", "maxpool", "avgpool")


class Open:
    """In the place of a value that makes no difference."""


OPEN = Open()
Vector = list[Any]
"""A value for each body; `OPEN` where there is none."""


def same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other)


def agree(values: Vector, others: Vector) -> bool:
    pairs = zip(values, others, strict=True)
    return all(a is OPEN or b is OPEN or same(a, b) for a, b in pairs)


def fill(values: Vector, others: Vector) -> None:
    """Puts what is known of one vector where another is open."""
    for index, other in enumerate(others):
        if values[index] is OPEN:
            values[index] = other


def compare(values: Vector, others: Vector, differ: bool) -> Vector:
    return [(a != b) is differ for a, b in zip(values, others, strict=True)]


def conditional(lines: Lines, around: Vector) -> Iterator[tuple[Slot, Vector]]:
    """The slots that some of the bodies have not, with whether they have them."""
    for slot in lines.slots:
        inside = [OPEN if there is not True else i in slot.items for i, there in enumerate(around)]
        if False in inside:
            yield slot, inside
        for inner in slot.inside:
            yield from conditional(inner, [one is True for one in inside])


def cells(slot: Slot, size: int) -> Iterator[tuple[Any, Vector]]:
    """The keys of a slot with their values in each body."""
    found: dict[Any, Vector] = {}
    others = _others(slot)
    for index, item in slot.items.items():
        for key, value in _values(item, others).items():
            found.setdefault(key, [OPEN] * size)[index] = value
    _half(slot, found)
    yield from found.items()


def _others(slot: Slot) -> list[tuple[str, str]]:
    """The arguments that are others in the first or in the last copy, in any body."""
    calls = [arguments_of(item) for item in slot.items.values() if isinstance(item, CallItem)]
    found = [("first", name) for call in calls for name in call.first]
    return list(dict.fromkeys([*found, *[("last", name) for call in calls for name in call.last]]))


def _values(item: Item, others: list[tuple[str, str]]) -> dict[Any, Any]:
    values: dict[Any, Any] = {"repeat": item.repeat}
    if isinstance(item, CallItem):
        given = arguments_of(item)
        values.update({("with_", name): value for name, value in given.with_.items()})
        for word, name in others:
            own = given.last if word == "last" else given.first
            values[word, name] = own.get(name, given.with_[name])
            if item.repeat == 1:  # the first is the last one, and no other
                values["with_", name] = OPEN
        return values
    entry = item.entry if isinstance(item, MergeItem) else item
    if isinstance(entry, EntryItem):
        keys = entry.layer.keys()
        values.update({key: getattr(entry.layer, key) for key in keys})
        values.setdefault("activation", entry.activation)
    return values


def _half(slot: Slot, found: dict[Any, Vector]) -> None:
    """Padding that differs, and is mostly half of the window, is written so where it is."""
    item = slot.any
    if not isinstance(item, EntryItem) or item.layer.type not in HALVED:
        return
    layers: list[Any] = [
        entry.layer for entry in slot.items.values() if isinstance(entry, EntryItem)
    ]
    paddings = [layer.padding for layer in layers]
    if all(same(one, paddings[0]) for one in paddings):
        return
    halves = [index for index, layer in zip(slot.items, layers, strict=True) if _is_half(layer)]
    if 2 * len(halves) > len(layers):
        for index in halves:
            found["padding"][index] = "half"


def _is_half(layer: Any) -> bool:
    """Whether padding is half of the window along each axis."""
    sizes = (layer.kernel, getattr(layer, "dilation", 1), layer.padding)
    rank = max([len(size) for size in sizes if isinstance(size, tuple)], default=1)
    each = [size if isinstance(size, tuple) else (size,) * rank for size in sizes]
    numbers = all(type(padding) is int for padding in each[2])
    return numbers and all(d * (k - 1) == 2 * p for k, d, p in zip(*each, strict=True))
