"""Entries that were expanded before, as one node each: for sums over many variants.

A block sees its arguments, the variables of the file and what feeds it, and a layer the values that
it names. Where these are equal, so is what they become, and what is summed over their layers need
not be summed again.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, cast

from archcalc.archfile import expressions
from archcalc.archfile.building import Bindings
from archcalc.archfile.checks import is_dynamic, scalars
from archcalc.archfile.declaration import (
    AnyEntry,
    Architecture,
    Block,
    BlockEntry,
    GroupEntry,
    LayerEntry,
    Setting,
)
from archcalc.archfile.expressions import COPY
from archcalc.archfile.nodes import YamlNode, mappings
from archcalc.archfile.scope import Scope, Target
from archcalc.archfile.sequences import Sequences
from archcalc.diagnostics import Fault
from archcalc.network.layers.base import Shape
from archcalc.network.network import Node
from archcalc.network.volume import Volume
from archcalc.record import Record

KEPT = 4_000  # entries, in a few megabytes

Sums = tuple[int, ...]


class Took(Record):
    """What an expansion took, the blocks that it has instances of, and the settings that it met."""

    work: int
    blocks: frozenset[str]
    met: frozenset[str]


class Folded(Record):
    """What an instance became: the sums over its layers, and its output."""

    sums: Sums
    output: Volume
    took: Took


class Folding:
    """The instances that were expanded, over all variants of an architecture.

    ``sums`` gives what is summed of a node. `Folded` nodes stand for as many layers as they sum.
    """

    def __init__(self, architecture: Architecture, sums: Callable[[Node], Sums]) -> None:
        self._sums = sums
        self._kept: dict[Hashable, Folded] = {}
        self._own: dict[Hashable, tuple[str, ...] | None] = {}
        entries = [entry for block in architecture.blocks.values() for entry in block.layers]
        values = [node for entry in _all(entries) for node in _values(entry)]
        for block in architecture.blocks.values():
            values += [node for node in block.arguments.values() if node is not None]
        read = set(_names(values))
        self._variables = tuple(name for name in architecture.variables if name in read)

    def instance(
        self,
        entry: BlockEntry | LayerEntry,
        scope: Scope,
        top: Bindings,
        feed: int,
        changed: Hashable,
    ) -> Hashable:
        """What an entry's layers depend on; None where that is more than a key can hold."""
        at = entry.span, changed
        own = self._own.get(at, ())
        if at not in self._own:
            own = self._own[at] = _own(entry)
        volume = scope.volume(feed)
        if own is None or volume is None:
            return None
        values = [scope.copy if name == COPY else scope.values.get(name) for name in own]
        above = self._top(top) if isinstance(entry, BlockEntry) else ()
        return (*at, scope.depth, volume, *_typed(values), *above)

    def body(
        self, block: Block, scope: Scope, top: Bindings, feed: int, changed: Hashable
    ) -> Hashable:
        """What the body of a block depends on."""
        volume = scope.volume(feed)
        if volume is None or changed:
            return None
        values = [scope.values.get(argument) for argument in block.arguments]
        return (block.name, scope.depth, volume, *_typed(values), *self._top(top))

    def _top(self, top: Bindings) -> Iterator[Any]:
        return _typed([top.get(name) for name in self._variables])

    def sequences(self, *given: Any) -> Sequences:
        return FoldedSequences(self, *given)

    def get(self, key: Hashable) -> Folded | None:
        return self._kept.get(key)

    def keep(self, key: Hashable, nodes: Sequence[Node], output: Volume, took: Took) -> None:
        """Keeps what an entry became, if all of it is known."""
        if any(node.shape is None for node in nodes):
            return
        if len(self._kept) >= KEPT:
            self._kept.clear()
        sums = tuple([sum(column) for column in zip(*map(self._sums, nodes), strict=True)])
        self._kept[key] = Folded(sums, output, took)


class FoldedSequences(Sequences):
    """Expands entries, but for the instances that were expanded before."""

    def __init__(self, folding: Folding, *given: Any) -> None:
        super().__init__(*given)
        self.folding = folding

    def _entry(self, entry: AnyEntry, scope: Scope, before: int) -> int:
        if not isinstance(entry, BlockEntry) and (scope.prefix or isinstance(entry, GroupEntry)):
            return super()._entry(entry, scope, before)
        changed = self.settings.touching(scope.prefix + entry.name) if self.settings else ()
        key = self.folding.instance(entry, scope, self.building.top, before, changed)
        expand = partial(super()._entry, entry, scope, before)
        if key is None:
            return expand()
        known = self.folding.get(key)
        if known is None:
            return self._kept(key, expand)
        target = Target(self._placed(known, before, entry), {})
        if entry.named:
            scope.names[entry.name] = target
        return target.output

    def _body(self, entry: BlockEntry, inside: Scope, feed: int) -> int:
        changed = self.settings.touching(inside.prefix[:-1]) if self.settings else ()
        block = self.architecture.blocks[entry.block]
        key = self.folding.body(block, inside, self.building.top, feed, changed)
        expand = partial(super()._body, entry, inside, feed)
        if key is None:
            return expand()
        known = self.folding.get(key)
        return self._kept(key, expand) if known is None else self._placed(known, feed, entry)

    def _kept(self, key: Hashable, expand: Callable[[], int]) -> int:
        """Expands what was not expanded before, and keeps it."""
        settings, start, work = self.settings, self.placement.stop, self.budget.work
        blocks, self.instantiated = self.instantiated, set()
        met: set[str] = set()
        if settings:
            met, settings.met = settings.met, set()
        output = expand()
        volume = self.placement.volume(output) if output >= start else None
        if volume is not None and not self.findings:
            of_settings = frozenset(settings.met) if settings else frozenset()
            took = Took(self.budget.work - work, frozenset(self.instantiated), of_settings)
            self.folding.keep(key, self.placement.network.nodes[start:], volume, took)
        self.instantiated |= blocks
        if settings:
            settings.met |= met
        return output

    def _placed(self, known: Folded, feed: int, entry: BlockEntry | LayerEntry) -> int:
        self.budget.spend(known.took.work, entry.span)
        self.instantiated |= known.took.blocks
        if self.settings:
            self.settings.met |= known.took.met
        volume = self.placement.volume(feed)
        assert volume is not None
        nodes, layer = self.placement.network.nodes, cast(Any, known)
        nodes.append(Node("", layer, None, (feed,), (), Shape((volume,), known.output), None))
        return len(nodes) - 1


def is_foldable(architecture: Architecture) -> bool:
    """Whether no name leads into an instance, or out of one, and no weights are shared."""
    bodies = [(architecture.layers, frozenset[str]())]
    for block in architecture.blocks.values():
        bodies.append((block.layers, frozenset(block.arguments)))
        defaults = [node for node in block.arguments.values() if node is not None]
        if any(_leads(path, block.arguments) for path in _paths(defaults)):
            return False
    names = list(architecture.outputs)
    for entries, arguments in bodies:
        for entry in _all(entries):
            names += [entry.feeds] if entry.feeds is not None else []
            if entry.share is not None or (isinstance(entry, BlockEntry) and entry.choice):
                return False
            values = list(_values(entry))
            if any(_leads(path, arguments) for path in _paths(values)):
                return False
            names += _likes(values)
    texts = [scalar.text for node in names for scalar in scalars(node)]
    return not any("." in text or "$" in text for text in texts)


def is_foldable_with(setting: Setting) -> bool:
    """Whether a value is the same wherever it is put."""
    value = setting.value
    return not is_dynamic(value) and not any(True for _ in mappings(value))


def _leads(path: str, arguments: Iterable[str]) -> bool:
    return "." in path or path in arguments


def _all(entries: Sequence[AnyEntry]) -> Iterator[AnyEntry]:
    for entry in entries:
        yield entry
        if isinstance(entry, GroupEntry):
            yield from _all(entry.layers)
        for branch in entry.branches or () if isinstance(entry, LayerEntry) else ():
            yield from _all(branch.layers)


def _values(entry: AnyEntry) -> Iterator[YamlNode]:
    """All values of an entry in which an expression may stand, but for names."""
    yield from (node for node in (entry.when, entry.repeat, entry.frozen) if node is not None)
    if isinstance(entry, BlockEntry):
        for pairs in (entry.arguments, entry.first, entry.last):
            yield from pairs.values()
    elif isinstance(entry, LayerEntry):
        yield from entry.values.values()
        if entry.choice:
            yield entry.choice.type
        yield from (branch.when for branch in entry.branches or () if branch.when is not None)


def _own(entry: BlockEntry | LayerEntry) -> tuple[str, ...] | None:
    """The names that an entry reads in its scope; None where it reads other layers or sizes."""
    values = list(_values(entry))
    if entry.feeds is not None or any(True for _ in _paths(values)):
        return None
    if isinstance(entry, LayerEntry) and (entry.branches is not None or any(_likes(values))):
        return None
    return tuple(dict.fromkeys(_names(values)))


def _likes(values: Iterable[YamlNode]) -> Iterator[YamlNode]:
    """The layers whose sizes are taken."""
    for mapping in (found for value in values for found in mappings(value)):
        like = mapping.get("like")
        if like is not None:
            yield like


def _parsed(values: Iterable[YamlNode]) -> Iterator[expressions.Expression]:
    for value in values:
        for scalar in scalars(value):
            if "$" in scalar.text:
                try:
                    yield expressions.parse(scalar.text)
                except Fault:  # was reported
                    continue


def _names(values: Iterable[YamlNode]) -> Iterator[str]:
    for expression in _parsed(values):
        yield from expression.names


def _paths(values: Iterable[YamlNode]) -> Iterator[str]:
    for expression in _parsed(values):
        yield from expression.paths


def _typed(values: Iterable[Any]) -> Iterator[Any]:
    """Values that are equal only where their types are: 1 is not true."""
    for value in values:
        yield repr(value) if type(value) is tuple else type(value)
        yield value
