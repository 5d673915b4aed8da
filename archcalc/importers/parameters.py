"""The arguments of a block: what they are called, and what follows from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from archcalc.importers.cells import OPEN, Vector
from archcalc.importers.outline import CHANNELS, CallItem, EntryItem, MergeItem
from archcalc.importers.slots import Slot
from archcalc.network.names import is_word


class Formula(str):
    """Arithmetic over arguments and sizes, as it stands inside ``$(...)``."""


class Size(Formula):
    """The channels that a slot gives, under whatever name it gets."""

    slot: Slot

    @classmethod
    def of(cls, slot: Slot) -> Size:
        size = cls("channels")
        size.slot = slot
        return size


class BlockParameter:
    """An argument of a block with its value in each body, and the first slot that has it."""

    def __init__(self, name: str, values: Vector, key: str, slot: Slot) -> None:
        self.name = name
        self.values = values
        self.key = key
        self.slot = slot
        self.default: Any = None

    def settle(self) -> None:
        """Takes for the default what most bodies have; where none has most, it is required."""
        known = Counter(value for value in self.values if value is not OPEN)
        value, count = known.most_common(1)[0]
        total = len(self.values)
        is_open = sum(known.values()) < total
        if (2 * count > total and self.key not in CHANNELS) or is_open:
            self.default = value
        self.values = [value if one is OPEN else one for one in self.values]


def argument_name(word: str) -> str:
    """A word as the name of an argument."""
    name = "".join(c if c.isalnum() and c.isascii() else "_" for c in word)
    return f"_{name}" if not name or name[0].isdigit() else name


def hints(slot: Slot) -> Iterator[str]:
    """What a slot might be called, the best first."""
    around: Slot | None = slot
    while around is not None:
        path = around.any.path
        if path and not path[-1].isdigit() and is_word(path[-1]):
            yield argument_name(path[-1])
        if around.around.name:
            yield argument_name(around.around.name)
        around = around.around.slot


def branch_words(slot: Slot) -> Iterator[str]:
    """What the channels of one of several branches are called: those before the last ``reduce``."""
    lines = slot.around
    if not lines.name or not lines.slot or sum(bool(x.slots) for x in lines.slot.inside) < 3:
        return
    word = argument_name(lines.name)
    if any(has_channels(other) for other in lines.slots[lines.slots.index(slot) + 1 :]):
        yield f"{word}_reduce"
        yield f"{word}_between"
    yield word


def is_before_depthwise(slot: Slot) -> bool:
    """Whether it makes the channels that a depthwise convolution works on."""
    slots = slot.around.slots
    behind = slots[slots.index(slot) + 1 :][:3]
    return has_channels(slot) and any(type_of(other) == "depthwise_conv" for other in behind)


def has_channels(slot: Slot) -> bool:
    item = slot.any
    if isinstance(item, CallItem):
        return any(parameter.key in CHANNELS for parameter in item.block.parameters)
    if not isinstance(item, EntryItem):
        return False
    keys = item.layer.keys()
    return any(key in CHANNELS for key in keys)


def type_of(slot: Slot) -> str:
    item = slot.any
    entry = item.entry if isinstance(item, MergeItem) else item
    return entry.layer.type if isinstance(entry, EntryItem) else "part"
