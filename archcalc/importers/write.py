"""The text of a file from its blocks and slots."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from archcalc.importers.blocks import BlockTemplate
from archcalc.importers.graph import Graph
from archcalc.importers.outline import CallItem, EntryItem, Group, MergeItem
from archcalc.importers.parameters import Formula, Size
from archcalc.importers.slots import INPUT, OUTER, Lines, Slot, Way, takes_list
from archcalc.network.volume import Volume

STEP = "  "


def written(graph: Graph, blocks: list[BlockTemplate], lines: Lines, outputs: list[str]) -> str:
    """A whole file."""
    text = [f"name: {quoted(graph.name)}", f"input: {graph.input}"]
    if outputs:
        text.append(f"outputs: [{', '.join(outputs)}]")
    if blocks:
        text.append("blocks:")
        for block in blocks:
            text += _block(block)
    text.append("layers:")
    text += _lines(lines, STEP)
    return "\n".join(text) + "\n"


def _block(block: BlockTemplate) -> Iterator[str]:
    yield f"{STEP}{block.name}:"
    arguments = [f"{word}: required" for word in block.words]
    arguments += [
        f"{p.name}: {'required' if p.default is None else scalar(p.default)}"
        for p in sorted(block.parameters, key=lambda p: p.default is not None)
    ]
    if arguments:
        yield f"{STEP * 2}arguments: {{{', '.join(arguments)}}}"
    yield f"{STEP * 2}layers:"
    yield from _lines(block.lines, STEP * 3)


def _lines(lines: Lines, indent: str) -> Iterator[str]:
    for slot in lines.slots:
        yield from _statement(slot, indent)


def _statement(slot: Slot, indent: str) -> Iterator[str]:
    if not slot.inside:
        yield f"{indent}- {_flow(slot)}"
        return
    pairs = dict(_pairs(slot))
    behind = {key: pairs.pop(key) for key in ("activation", "frozen") if key in pairs}
    start = "- "
    for key, value in pairs.items():
        yield f"{indent}{start}{key}: {value}"
        start = STEP
    if isinstance(slot.any, Group):
        yield f"{indent}{start}layers:"
        yield from _lines(slot.inside[0], indent + STEP * 2)
        return
    yield f"{indent}{STEP}branches:"
    for inner in slot.inside:
        yield from _branch(inner, indent + STEP * 2)
    for key, value in behind.items():
        yield f"{indent}{STEP}{key}: {value}"


def _flow(slot: Slot) -> str:
    return "{" + ", ".join(f"{key}: {value}" for key, value in _pairs(slot)) + "}"


def _branch(inner: Lines, indent: str) -> Iterator[str]:
    if inner.name:
        if len(inner.slots) < 2 and not any(slot.inside for slot in inner.slots):
            yield f"{indent}{inner.name}: [{''.join(map(_flow, inner.slots))}]"
            return
        yield f"{indent}{inner.name}:"
        yield from _lines(inner, indent + STEP)
        return
    if not inner.slots:
        yield f"{indent}- []"
        return
    first = True
    for line in _lines(inner, indent + STEP):
        yield f"{indent}- {line[len(indent) + 2 :]}" if first else line
        first = False


def _pairs(slot: Slot) -> Iterator[tuple[str, str]]:
    item, values = slot.any, slot.values
    if isinstance(item, CallItem):
        yield "block", item.block.name
    elif not isinstance(item, Group):
        yield "type", _entry(slot).layer.type
    if slot.name:
        yield "name", slot.name
    if values["repeat"] != 1:
        yield "repeat", scalar(values["repeat"])
    if slot.sources is not None:
        names = [way_name(way) for way in slot.sources]
        several = isinstance(item, EntryItem) and takes_list(item)
        yield "from", f"[{', '.join(names)}]" if several else names[0]
    if isinstance(item, CallItem):
        yield from _arguments(slot, item)
    elif not isinstance(item, Group):
        keys = _entry(slot).layer.keys()
        for key, declared in keys.items():
            value = values[key]
            if isinstance(value, Formula) or not _equal(value, declared.default):
                yield key, scalar(value)
        if values["activation"] is not None and "activation" not in keys:
            yield "activation", scalar(values["activation"])
        if _entry(slot).frozen:
            yield "frozen", "true"
    if slot.share:
        yield "share", way_name(slot.share)
    if slot.when:
        yield "when", scalar(Formula(slot.when))


def _entry(slot: Slot) -> EntryItem:
    item = slot.any
    entry = item.entry if isinstance(item, MergeItem) else item
    assert isinstance(entry, EntryItem)
    return entry


def _arguments(slot: Slot, call: CallItem) -> Iterator[tuple[str, str]]:
    values, defaults = slot.values, call.block.defaults
    given = [f"{word}: {way_name(way)}" for word, way in slot.words.items()]
    for parameter in call.block.parameters:
        value = values.get(("with_", parameter.name))
        if isinstance(value, Formula) or not _equal(value, defaults.get(parameter.name)):
            given.append(f"{parameter.name}: {scalar(value)}")
    if given:
        yield "with", f"{{{', '.join(given)}}}"
    for key in ("first", "last"):
        others = {
            name: value
            for (word, name), value in (k for k in values.items() if isinstance(k[0], tuple))
            if word == key and not _equal(value, values[("with_", name)])
        }
        if others:
            listed = ", ".join(f"{name}: {scalar(value)}" for name, value in others.items())
            yield key, f"{{{listed}}}"


def way_name(way: Way) -> str:
    """How a file names a row."""
    if way[0] == INPUT:
        return "input"
    if way[0] == OUTER:
        return f"${way[1]}"
    return ".".join(map(_step, way))


def _step(step: Any) -> str:
    if isinstance(step, Slot):
        return step.name or "?"
    if isinstance(step, Lines):
        assert step.slot is not None
        return step.name or str(step.slot.inside.index(step))
    return str(step)


def scalar(value: Any) -> str:
    """A value as it stands in braces."""
    if isinstance(value, Size):
        return f"$({value.slot.name}.{value})"
    if isinstance(value, Formula):
        if value.isidentifier():
            return f"${value}"
        text = f"$({value})"
        return f'"{text}"' if any(c in text for c in ",[]{}") else text
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Volume):
        return str(value)
    if isinstance(value, tuple):
        return f"[{', '.join(map(scalar, value))}]"
    if isinstance(value, Fraction):
        return _fraction(value)
    return str(value)


def _fraction(value: Fraction) -> str:
    """An exact decimal, or where there is none a quotient."""
    if value.denominator == 1:
        return str(value.numerator)
    rest, places = value.denominator, 0
    while rest % 10 == 0 or rest % 2 == 0 or rest % 5 == 0:
        rest = rest // 10 if rest % 10 == 0 else rest // 2 if rest % 2 == 0 else rest // 5
        places += 1
    if rest > 1 or places > 15:
        return f"$({value.numerator} / {value.denominator})"
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    sign = "-" if value < 0 else ""
    whole, part = digits[:-places], digits[-places:].rstrip("0")
    return f"{sign}{whole}.{part}" if part else f"{sign}{whole}"


def quoted(text: str) -> str:
    """A text as YAML writes it: bare, if nothing in it has a meaning."""
    plain = all(c.isalnum() or c in "_- .()" for c in text) and text.isascii()
    if plain and text and text[0].isalnum() and text == text.strip():
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _equal(value: Any, other: Any) -> bool:
    return type(value) is type(other) and bool(value == other)
