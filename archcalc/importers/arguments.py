"""What differs between the bodies of a block: its arguments, and what follows from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

from archcalc.importers.cells import OPEN, Vector, agree, cells, compare, conditional, fill, same
from archcalc.importers.outline import Call, Entry, Merge
from archcalc.importers.slots import Lines, Slot, Unlike
from archcalc.network.names import is_word

CHANNELS = ("filters", "units", "channels")
PARTS = ("start", "stop", "groups", "heads")
"""Keys that may follow from channels."""
FACTORS = range(2, 65)


class Expression(str):
    """Arithmetic over arguments and sizes, as it stands inside ``$(...)``."""

    __slots__ = ()


class Parameter:
    """An argument of a block with its value in each body."""

    def __init__(self, name: str, values: Vector, key: str) -> None:
        self.name = name
        self.values = values
        self.key = key
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


class Inference:
    """Finds the arguments of a block, slot by slot."""

    def __init__(self, lines: Lines, channels: Sequence[int | None], kind: str) -> None:
        """``channels`` are those that come into each body."""
        self.lines = lines
        self.size = len(channels)
        self.parameters: list[Parameter] = []
        self.kind = kind
        self.terms: list[tuple[str, Vector]] = []
        self.conditions: list[tuple[str, Vector]] = []
        if None not in channels:
            self.terms.append(("input.channels", list(channels)))

    def run(self) -> None:
        """Gives each slot its values and its condition.

        Raises:
            Unlike: where a value cannot be an argument.
        """
        for slot in self.lines.all():
            for key, vector in cells(slot, self.size):
                slot.values[key] = self.value(slot, key, vector)
        for slot, present in conditional(self.lines, [True] * self.size):
            slot.when = self.condition(slot, present)
        for parameter in self.parameters:
            parameter.settle()

    def value(self, slot: Slot, key: Any, vector: Vector) -> Any:
        """The constant, or the expression, that a key has in all bodies."""
        known = [one for one in vector if one is not OPEN]
        if all(same(one, known[0]) for one in known):
            return known[0]
        if None in known:
            raise Unlike
        word = key if isinstance(key, str) else key[1]
        of_channels = word in CHANNELS or _channels_of_call(slot, key)
        if (of_channels or word in PARTS) and all(type(one) is int for one in known):
            found = self.related(vector)
            if found:
                return Expression(found)
            word = "filters" if of_channels and word not in CHANNELS else word
        for parameter in self.parameters:
            if parameter.key == word and agree(parameter.values, vector):
                fill(parameter.values, vector)
                return Expression(parameter.name)
        parameter = Parameter(self.free(word, slot), list(vector), word)
        self.parameters.append(parameter)
        if all(type(one) is int for one in known):
            self.terms.append((parameter.name, parameter.values))
        return Expression(parameter.name)

    def related(self, vector: Vector) -> str | None:
        """A vector in terms of one that is there; the channels that come in are asked last."""
        terms = [*self.terms[1:], *self.terms[:1]]
        for text, term in terms:
            if OPEN in term or (text != "input.channels" and not self.is_channels(text)):
                continue
            pairs = [(a, b) for a, b in zip(vector, term, strict=True) if a is not OPEN]
            if all(a == b for a, b in pairs):
                return text
            a, b = pairs[0]
            if a % b == 0 and a // b in FACTORS and all(x == y * (a // b) for x, y in pairs):
                return f"{a // b} * {text}"
            if b % a == 0 and b // a in FACTORS and all(x * (b // a) == y for x, y in pairs):
                return f"{text} // {b // a}"
        return None

    def is_channels(self, name: str) -> bool:
        return any(p.name == name and p.key in CHANNELS for p in self.parameters)

    def free(self, word: str, slot: Slot) -> str:
        """A name for an argument: that of the key, with that of the slot where it is taken."""
        taken = {parameter.name for parameter in self.parameters} | {"input", "copy"}
        word = argument_name(word)
        if word not in taken:
            return word
        for hint in hints(slot):
            for name in (hint, f"{hint}_{word}"):
                if name not in taken and (name != hint or word in CHANNELS):
                    return name
        number = 2
        while f"{word}{number}" in taken:
            number += 1
        return f"{word}{number}"

    def condition(self, slot: Slot, present: Vector) -> str:
        """When a slot is there."""
        for text, vector in self.conditions:
            if agree(vector, present):
                return text
        atoms = list(self.atoms(slot))
        for text, vector in atoms:
            if agree(vector, present):
                return self.remembered(text, present)
        useful = [
            (text, vector)
            for text, vector in atoms
            if all(v is not False for v, p in zip(vector, present, strict=True) if p is True)
        ]
        for (one, a), (other, b) in combinations(useful[:24], 2):
            both = [x and y for x, y in zip(a, b, strict=True)]
            if agree(both, present):
                return self.remembered(f"{one} and {other}", present)
        name = self.free(next(self.flags(slot)), slot)
        parameter = Parameter(name, list(present), "when")
        self.parameters.append(parameter)
        return self.remembered(name, present)

    def flags(self, slot: Slot) -> Iterator[str]:
        """What the condition of a slot might be called."""
        taken = {parameter.name for parameter in self.parameters}
        for hint in hints(slot):
            if hint not in taken and not hint[-1].isdigit():
                yield hint
        yield f"with_{next(hints(slot), _entry_type(slot))}"

    def remembered(self, text: str, vector: Vector) -> str:
        self.conditions.append((text, vector))
        return text

    def atoms(self, slot: Slot) -> Iterator[tuple[str, Vector]]:
        """Simple conditions with what they are in each body."""
        incoming = self.terms[0][1] if self.terms and self.terms[0][0] == "input.channels" else None
        if incoming:
            for text, vector in self.outgoing():
                yield f"input.channels != {text}", compare(incoming, vector, True)
                yield f"input.channels == {text}", compare(incoming, vector, False)
        for parameter in self.parameters:
            values = parameter.values
            if OPEN in values:
                continue
            distinct = sorted(set(values), key=str)
            if distinct in ([False, True], [False], [True]):
                yield parameter.name, values
                yield f"not {parameter.name}", [not value for value in values]
                continue
            for value in distinct[:8] if parameter.key not in CHANNELS else ():
                if type(value) is int:
                    yield f"{parameter.name} == {value}", [one == value for one in values]
                    yield f"{parameter.name} != {value}", [one != value for one in values]

    def outgoing(self) -> Iterator[tuple[str, Vector]]:
        """The channels that layers of the block give, in terms of its arguments."""
        seen = set[str]()
        for slot in self.lines.all():
            for key in CHANNELS:
                text = slot.values.get(key)
                if isinstance(text, Expression) and text != "input.channels" and text not in seen:
                    seen.add(text)
                    vector = [OPEN] * self.size
                    for index, item in slot.items.items():
                        layer = item.entry.layer if isinstance(item, Merge) else None
                        layer = item.layer if isinstance(item, Entry) else layer
                        vector[index] = getattr(layer, key, OPEN)
                    if OPEN in vector:
                        vector = self.evaluated(text) or vector
                    if OPEN not in vector and "input" not in text:
                        yield text, vector
        for parameter in self.parameters:
            is_new = parameter.key in CHANNELS and parameter.name not in seen
            if is_new and OPEN not in parameter.values:
                yield parameter.name, parameter.values

    def evaluated(self, text: str) -> Vector | None:
        """The values of one of our own expressions."""
        factor, _, name = text.rpartition(" * ")
        for term, vector in self.terms:
            if term == name and factor.isdigit():
                return [value if value is OPEN else int(factor) * value for value in vector]
        return None


def argument_name(word: str) -> str:
    """A word as the name of an argument."""
    name = "".join(c if c.isalnum() and c.isascii() else "_" for c in word)
    return f"_{name}" if not name or name[0].isdigit() else name


def hints(slot: Slot) -> Iterator[str]:
    """What a slot might be called, the best first."""
    around: Slot | None = slot
    while around is not None:
        for word in reversed(around.any.path):
            if not word.isdigit() and is_word(word):
                yield argument_name(word)
        if around.around.name:
            yield argument_name(around.around.name)
        around = around.around.slot


def _channels_of_call(slot: Slot, key: Any) -> bool:
    item = slot.any
    if not isinstance(item, Call) or isinstance(key, str):
        return False
    return any(p.name == key[1] and p.key in CHANNELS for p in item.block.parameters)


def _entry_type(slot: Slot) -> str:
    item = slot.any
    entry = item.entry if isinstance(item, Merge) else item
    return entry.layer.type if isinstance(entry, Entry) else "part"
