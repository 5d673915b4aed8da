"""Names: those of modules where they say something, and no more than are needed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from archcalc.importers.blocks import BlockTemplate
from archcalc.importers.outline import CONTAINERS, CallItem, EntryItem, Group, MergeItem
from archcalc.importers.parameters import Size
from archcalc.importers.slots import INPUT, Lines, Slot, Template, Way
from archcalc.limits import NAME_LIMIT
from archcalc.network.names import is_word, unfit_name


def demand(templates: Iterable[Template], outputs: Iterable[Way]) -> None:
    """Marks the slots that must have names: those on the ways to what is read."""
    ways = list(outputs)
    for template in templates:
        for slot in template.lines.all():
            ways += [*(slot.sources or ()), *slot.words.values(), slot.share or ()]
            ways += [(value.slot,) for value in slot.values.values() if isinstance(value, Size)]
    for way in ways:
        for step in way:
            if isinstance(step, Slot):
                step.is_named = True


def name_blocks(blocks: Iterable[BlockTemplate]) -> None:
    """Gives each block a name: its class, with what tells it from another one of that class."""
    known: dict[str, BlockTemplate] = {}
    for block in blocks:
        word = snake(block.kind) if block.kind not in CONTAINERS else _contents(block)
        for name in _variants(word, block, known):
            if name not in known and not unfit_name(name):
                break
        block.name = name
        known[name] = block


def snake(kind: str) -> str:
    """``InvertedResidual`` as ``inverted_residual``, ``SEBlock`` as ``se_block``."""
    made, text = "", "".join(c if is_word(c) else "_" for c in kind.rpartition(".")[2])
    for at, sign in enumerate(text):
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        starts = sign.isupper() and (before.islower() or before.isdigit() or after.islower())
        if (
            starts
            and made
            and not made.endswith("_")
            and not (before.isdigit() and not after.islower())
        ):
            made += "_"
        made += sign.lower()
    return made.strip("_")[: NAME_LIMIT - 8] or "block"


def _contents(block: BlockTemplate) -> str:
    """The types of a block without a class, each once."""
    return "_".join(dict.fromkeys(_words(block)))[: NAME_LIMIT - 8].strip("_") or "block"


def _words(block: BlockTemplate) -> Iterator[str]:
    for slot in block.lines.all():
        item = slot.any
        if isinstance(item, CallItem):
            yield item.block.name
        elif isinstance(item, EntryItem):
            yield item.layer.type
        elif isinstance(item, MergeItem):
            yield item.entry.layer.type


def _variants(word: str, block: BlockTemplate, known: dict[str, BlockTemplate]) -> Iterator[str]:
    """The name of a class, and what tells it from another block of that class."""
    yield word
    parts, other = word.split("_"), known[word]
    mine, theirs = list(dict.fromkeys(_words(block))), set(_words(other))
    for own in [one for one in mine if one not in theirs]:
        if own == word:
            yield f"nested_{word}"
        short = own.removesuffix("_conv")
        convs = [part for part in parts if part.startswith("conv")] if short != own else []
        yield (
            "_".join([short if part in convs else part for part in parts])
            if convs
            else (f"{short}_{word}")
        )
    activations = list(dict.fromkeys(_activations(block)))
    bare = [part for part in parts if part not in ("activation", "act")]
    if not activations:
        yield "_".join(bare) if bare != parts else f"linear_{word}"
    for activation in activations:
        if activation not in _activations(other):
            yield "_".join([*bare, activation]) if bare != parts else f"{word}_{activation}"
    yield f"{'large' if block.size > other.size else 'small'}_{word}"
    number = 2
    while True:
        yield f"{word}{number}"
        number += 1


def _activations(block: BlockTemplate) -> Iterator[str]:
    for slot in block.lines.all():
        item = slot.any
        entry = item.entry if isinstance(item, MergeItem) else item
        if isinstance(entry, EntryItem) and entry.activation:
            yield entry.activation


def name_slots(template: Template) -> None:
    """Names the slots of a body: where modules have names, and where they are referred to."""
    crossing = set[Slot]()
    for slot in template.lines.all():
        for way in (*(slot.sources or ()), *slot.words.values(), slot.share or ()):
            if way and isinstance(way[0], Slot) and way[0].around is not slot.around:
                crossing.add(way[0])
    _name_lines(template.lines, crossing, {"input"})


def _name_lines(lines: Lines, crossing: set[Slot], reserved: set[str]) -> None:
    taken = set(reserved)
    short = Counter(_fallbacks(slot)[0] for slot in lines.slots if slot.is_named)
    for slot in lines.slots:
        word = _word(slot)
        if word == lines.name and not slot.is_named:
            word = None  # the branch says it
        options = [word] if word else []
        if word and len(slot.any.path) > 1:
            options.append("_".join(w for w in slot.any.path if not w.isdigit()))
        if slot.is_named:
            own, by_number = _fallbacks(slot), "_".join(slot.any.path)
            numbered = [by_number] if short[own[0]] > 1 and is_word(by_number) else []
            options += [*_roles(slot), *numbered, *own]
        slot.name = next((n for n in options if n not in taken and not unfit_name(n)), None)
        if slot.is_named and slot.name is None:
            base, number = options[-1] if not unfit_name(options[-1]) else "layer", 2
            while f"{base}{number}" in taken:
                number += 1
            slot.name = f"{base}{number}"
        if slot.name:
            taken.add(slot.name)
    inner = reserved | {slot.name for slot in lines.slots if slot in crossing and slot.name}
    for slot in lines.slots:
        _name_branches(slot)
        for inside in slot.inside:
            _name_lines(inside, crossing, inner)


def _word(slot: Slot) -> str | None:
    """What the module is called."""
    path = slot.any.path
    if not path or path[-1].isdigit():
        return None
    return "".join(c if is_word(c) else "_" for c in path[-1])


def _roles(slot: Slot) -> Iterator[str]:
    """What a slot is to others: ``residual`` where it is added to the input."""
    for other in slot.around.slots:
        item, sources = other.any, other.sources or []
        is_sum = isinstance(item, EntryItem) and item.layer.type == "add"
        if is_sum and (INPUT,) in sources and (slot,) in sources:
            yield "residual"


def _fallbacks(slot: Slot) -> list[str]:
    item = slot.any
    if isinstance(item, CallItem):
        return [item.block.name]
    if isinstance(item, Group):
        return [snake(item.kind) if item.kind else "group"]
    entry = item.entry if isinstance(item, MergeItem) else item
    short = {"batchnorm": "bn", "global_avgpool": "pool"}.get(entry.layer.type)
    return [*([short] if short else []), entry.layer.type]


def _name_branches(slot: Slot) -> None:
    """Names for all branches, where one has a name."""
    if not isinstance(slot.any, MergeItem) or not any(inner.name for inner in slot.inside):
        return
    taken = set[str]()
    for inner in slot.inside:
        word = inner.name or _of_branch(inner, slot)
        name, number = word, 2
        while name in taken or unfit_name(name):
            name = f"{word if not unfit_name(word) else 'branch'}{number}"
            number += 1
        inner.name = name
        taken.add(name)


def _of_branch(inner: Lines, slot: Slot) -> str:
    if not inner.slots:
        return "identity"
    if len(inner.slots) == 1:
        return _word(inner.slots[0]) or _fallbacks(inner.slots[0])[-1]
    merge = slot.any
    assert isinstance(merge, MergeItem)
    return "residual" if merge.entry.layer.type == "add" else "branch"
