"""What differs between the bodies of a block: its arguments, and what follows from them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

from archcalc.importers.cells import OPEN, Vector, agree, cells, compare, conditional, fill, same
from archcalc.importers.outline import CHANNELS, CallItem, EntryItem, MergeItem, output
from archcalc.importers.parameters import (
    BlockParameter,
    Formula,
    Size,
    argument_name,
    branch_words,
    hints,
    is_before_depthwise,
    type_of,
)
from archcalc.importers.slots import Incompatible, Lines, Slot, TemplateBody
from archcalc.network.network import Network

PARTS = ("start", "stop", "groups", "heads")
"""Keys that may follow from channels."""
INCOMING = "input.channels"
FACTORS = range(2, 65)


class ArgumentInference:
    """Finds the arguments of a block, slot by slot."""

    def __init__(self, lines: Lines, bodies: Sequence[TemplateBody], network: Network) -> None:
        """Without ``bodies`` it is the whole network, in which all is constant."""
        self.lines = lines
        self.size = max(1, len(bodies))
        self.network = network
        self.parameters: list[BlockParameter] = []
        self.terms: list[tuple[str, Vector]] = []
        self.conditions: list[tuple[str, Vector]] = []
        channels = [self.channels(body.feed) for body in bodies]
        if channels and None not in channels:
            self.terms.append((INCOMING, channels))

    def channels(self, node: int | None) -> int | None:
        """The channels of a row."""
        shape = self.network.nodes[node].shape if node is not None else None
        return shape.output.channels if shape else None

    def run(self) -> None:
        """Gives each slot its values and its condition.

        Raises:
            Incompatible: where a value cannot be an argument.
        """
        for slot in self.lines.all():
            for key, vector in cells(slot, self.size):
                slot.values[key] = self.value(slot, key, vector)
        for slot, present in conditional(self.lines, [True] * self.size):
            slot.when = self.condition(slot, present)
        for parameter in self.parameters:
            parameter.settle()
        self.rename()

    def rename(self) -> None:
        """Calls the last channels ``filters``, and those before them what their layers are."""
        plain = [p for p in self.parameters if p.key in CHANNELS and p.name.startswith("filters")]
        plain += [p for p in self.parameters if p.key in CHANNELS and p.name in hints(p.slot)]
        if len(plain) < 2 or plain[0].name != "filters":
            return
        order = list(self.lines.all())
        *others, last = sorted(plain, key=lambda p: order.index(p.slot))
        names = {last.name: "filters"}
        taken = {p.name for p in self.parameters if p not in plain} | {"filters", "input", "copy"}
        for parameter in others:
            options = [*hints(parameter.slot), *(f"width{n}" for n in range(1, len(plain) + 1))]
            names[parameter.name] = next(name for name in options if name not in taken)
            taken.add(names[parameter.name])
        pattern = re.compile(r"(?<![.\w])(" + "|".join(names) + r")(?![.\w])")

        def renamed(text: str) -> str:
            return pattern.sub(lambda match: names[match[0]], text)

        for parameter in plain:
            parameter.name = names[parameter.name]
        for slot in self.lines.all():
            slot.when = renamed(slot.when) if slot.when else slot.when
            for key, value in slot.values.items():
                if type(value) is Formula:
                    slot.values[key] = Formula(renamed(value))

    def value(self, slot: Slot, key: Any, vector: Vector) -> Any:
        """The constant, or the expression, that a key has in all bodies."""
        known = [one for one in vector if one is not OPEN]
        if all(same(one, known[0]) for one in known):
            return known[0]
        if None in known:
            raise Incompatible
        word = key if isinstance(key, str) else key[1]
        of_channels = word in CHANNELS or _channels_of_call(slot, key)
        if (of_channels or word in PARTS) and all(type(one) is int for one in known):
            found = self.related(vector) or self.equal(vector, word)
            if found:
                return Formula(found)
            partner = self.partner(slot, vector) if of_channels else None
            if partner:
                return Size.of(partner)
            word = "filters" if of_channels and word not in CHANNELS else word
        for parameter in self.parameters:
            if parameter.key == word and agree(parameter.values, vector):
                fill(parameter.values, vector)
                return Formula(parameter.name)
        parameter = BlockParameter(self.free(word, slot), list(vector), word, slot)
        self.parameters.append(parameter)
        if all(type(one) is int for one in known):
            self.terms.append((parameter.name, parameter.values))
        return Formula(parameter.name)

    def partner(self, slot: Slot, vector: Vector) -> Slot | None:
        """A slot before this one whose channels are these, and that meets others in a merge."""
        for other in slot.around.slots:
            for way in other.sources or ():
                before = way[0]
                if len(way) > 1 or not isinstance(before, Slot) or before.around is not slot.around:
                    continue
                if slot.items.keys() <= before.items.keys() and all(
                    item.stop <= slot.items[i].start and self.channels(output(item)) == vector[i]
                    for i, item in before.items.items()
                    if i in slot.items
                ):
                    return before
        return None

    def equal(self, vector: Vector, word: str) -> str | None:
        """A part of the channels that is there under another key."""
        if word not in PARTS:
            return None
        parts = [p for p in self.parameters if p.key in PARTS and OPEN not in p.values]
        return next((p.name for p in parts if agree(p.values, vector)), None)

    def related(self, vector: Vector) -> str | None:
        """A vector in terms of one that is there; the channels that come in are asked last."""
        terms = [*self.terms[1:], *self.terms[:1]]
        for text, term in terms:
            if OPEN in term or (text != INCOMING and not self.is_channels(text)):
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
        name = "depth" if word == "repeat" else argument_name(word)
        options = [name, *(f"{hint}_{name}" for hint in hints(slot))]
        if word in CHANNELS:
            before = ["expanded"] if is_before_depthwise(slot) else []
            options = [*branch_words(slot), *before, name, *hints(slot), *options]
        found = next((option for option in options if option not in taken), None)
        number = 2
        while found is None or found in taken:
            found = f"{name}{number}"
            number += 1
        return found

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
        taken = {parameter.name for parameter in self.parameters}
        name = next((flag for flag in self.flags(slot) if flag not in taken), "")
        name = name or self.free("with_part", slot)
        parameter = BlockParameter(name, list(present), "when", slot)
        self.parameters.append(parameter)
        return self.remembered(name, present)

    def flags(self, slot: Slot) -> Iterator[str]:
        """What the condition of a slot might be called."""
        if is_before_depthwise(slot):
            yield "expand"
        if type_of(slot) == "global_avgpool":
            yield "excite"
        for hint in hints(slot):
            if not hint[-1].isdigit():
                yield hint
        yield f"with_{type_of(slot)}"

    def remembered(self, text: str, vector: Vector) -> str:
        self.conditions.append((text, vector))
        return text

    def atoms(self, slot: Slot) -> Iterator[tuple[str, Vector]]:
        """Simple conditions with what they are in each body."""
        incoming = self.terms[0][1] if self.terms and self.terms[0][0] == INCOMING else None
        if incoming:
            for text, vector in self.outgoing():
                yield f"{INCOMING} != {text}", compare(incoming, vector, True)
                yield f"{INCOMING} == {text}", compare(incoming, vector, False)
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
                if type(text) is Formula and text != INCOMING and text not in seen:
                    seen.add(text)
                    vector = [OPEN] * self.size
                    for index, item in slot.items.items():
                        layer = item.entry.layer if isinstance(item, MergeItem) else None
                        layer = item.layer if isinstance(item, EntryItem) else layer
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


def _channels_of_call(slot: Slot, key: Any) -> bool:
    item = slot.any
    if not isinstance(item, CallItem) or isinstance(key, str):
        return False
    return any(p.name == key[1] and p.key in CHANNELS for p in item.block.parameters)
