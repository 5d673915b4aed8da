"""Names: what a scope holds, and how a reference is looked up."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Any

from archcalc.archfile.declaration import AnyEntry
from archcalc.archfile.nodes import UNKNOWN, Unknown, Word
from archcalc.diagnostics import Fault
from archcalc.network.network import INPUT, LEFT_OUT, NOWHERE, SEVERAL, SPLIT
from archcalc.network.volume import Volume
from archcalc.record import Record
from archcalc.wording import nearest, quoted, shown

Lost = Callable[[], Fault]

LOOKED_THROUGH = 10_000  # names, in search of one that was misspelled


class Target(Record):
    """What a name stands for: the node of its output, the names inside it, and all its nodes.

    The output is `LEFT_OUT` where ``when`` leaves it out. The nodes are from the first up to, not
    including, the second of ``rows``; an input has none.
    """

    output: int
    inner: Mapping[str, Target]
    rows: tuple[int, int] = (0, 0)

    @property
    def is_input(self) -> bool:
        return self.output >= INPUT and self.rows == (0, 0)


class Hidden(Mapping[str, Target]):
    """The names inside what a mistake hides: every one leads nowhere."""

    def __getitem__(self, name: str) -> Target:
        return Target(NOWHERE, self)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


class Scope:
    """The top level, one copy of a group or block, or one branch.

    ``values`` are the arguments and variables; ``parent`` is None at the top and in a block's body,
    which sees only itself. ``input`` is where the scope is: the network's input, or in a block's
    body, groups and branches of it included, what feeds that copy of the block. It is `SEVERAL`
    where the network's inputs have names, which the top level has beside its own. ``volume`` gives
    the output of a node, or None where it is not known. ``copy`` is the index of the innermost copy
    that it is in, None in none.
    """

    __slots__ = (
        "_by_name",
        "copy",
        "depth",
        "entries",
        "input",
        "names",
        "parent",
        "prefix",
        "values",
        "volume",
    )

    def __init__(
        self,
        prefix: str,
        entries: list[AnyEntry],
        values: Any,
        parent: Scope | None = None,
        depth: int = 0,
        *,
        input: int,
        volume: Callable[[int], Volume | None],
        copy: int | Unknown | None = None,
    ) -> None:
        self.prefix = prefix
        self.entries = entries
        self.values = values
        self.parent = parent
        self.depth = depth
        self.input = input
        self.volume = volume
        self.copy = copy
        self.names: dict[str, Target] = {}
        self._by_name: Mapping[str, AnyEntry] | None = None  # made where a mistake needs it

    def below(self, prefix: str, entries: list[AnyEntry]) -> Scope:
        """The scope of a group or branch: it sees what is around it, and is where this one is."""
        inside = self.at_copy(self.copy)
        inside.prefix, inside.entries, inside.depth = prefix, entries, self.depth + 1
        return inside

    def at_copy(self, copy: int | Unknown | None) -> Scope:
        """What the keys of one copy of a repeated entry see: this scope, and the index."""
        return Scope(
            self.prefix,
            [],
            self.values,
            self,
            self.depth,
            input=self.input,
            volume=self.volume,
            copy=copy,
        )

    def body(self, prefix: str, entries: list[AnyEntry], values: Any, feed: int) -> Scope:
        """The scope of a block's body, which sees only itself and what feeds it."""
        depth = self.depth + 1
        return Scope(prefix, entries, values, None, depth, input=feed, volume=self.volume)

    def find(self, reference: str, *, left_out: bool = False) -> int | Lost:
        """The node that a reference names, or what there is to say of one that names none.

        A fault of the rule ``unknown-name``, with the reason and the nearest name, is made only
        when it is asked for: copies of a block repeat a mistake, and it is reported once.
        ``left_out``: whether it may name what ``when`` leaves out, as one that is left out may.
        """
        if reference == "input":
            return self.input if self.input != SEVERAL else partial(_several, self.inputs)
        target = self.target(reference, left_out=left_out)
        if not isinstance(target, Target):
            return target
        if target.output == SPLIT:
            return partial(_is_split, reference, target.inner)
        if target.output == SEVERAL:
            return partial(_several, self.inputs)
        return target.output

    @property
    def inputs(self) -> list[str]:
        """The names of the network's inputs, where it has several and they can be named."""
        top = self
        while top.parent is not None:
            top = top.parent
        return [name for name, target in top.names.items() if target.is_input]

    def target(self, reference: str, *, left_out: bool = False) -> Target | Lost:
        """What a reference stands for, or what there is to say of one that names nothing."""
        first, *rest = reference.split(".")
        target = self._first(first, left_out)
        if target is None:
            return partial(self._unknown, first)
        at = first
        for part in rest:
            inner = target.inner.get(part)
            if inner is None:
                return partial(_not_inside, part, target.inner, at)
            target, at = inner, f"{at}.{part}"
            if target.output == LEFT_OUT and not left_out:
                return partial(_left_out, at)
        return target

    def size_of(self, path: str, size: str) -> int | Unknown:
        """A size of a layer's output; UNKNOWN where a mistake hides it.

        An argument that holds the name of a layer goes before a layer of that name.

        Raises:
            Fault: ``unknown-name``; ``wrong-value`` where the output has no such axis.
        """
        first, dot, rest = path.partition(".")
        value = self.values.get(first)
        if isinstance(value, Unknown):
            return value
        if value is None:
            index = self.find(path)
        elif isinstance(value, Word):
            index = (value.scope or self).find(f"{value}{dot}{rest}")
        else:
            fact = f"{quoted(first)} is {quoted(shown(value))}, and no layer: it has no {size}"
            raise Fault("wrong-value", fact)
        if not isinstance(index, int):
            raise index()
        volume = self.volume(index)
        if volume is None:
            return UNKNOWN
        return size_in(volume, path, size)

    def _first(self, name: str, left_out: bool) -> Target | None:
        scope: Scope | None = self
        while scope is not None:
            target = scope.names.get(name)
            if target and (left_out or target.output != LEFT_OUT):
                return target
            scope = scope.parent
        return None

    def _unknown(self, name: str) -> Fault:
        scope: Scope | None = self
        while scope is not None:
            fact = scope._reason(name)
            if fact:
                return Fault("unknown-name", fact)
            scope = scope.parent
        known = self._visible()
        given = ", ".join([*known[-8:], "input"])
        fact = f"no layer before this one is named {quoted(name)}"
        hints = nearest(name, [*known, "input"])
        if self._is_in_block():
            hints = (*hints, "a block sees no layer around it: pass the name as an argument")
        return Fault("unknown-name", f"{fact}; the nearest are: {given}", suggestions=hints)

    def _is_in_block(self) -> bool:
        top: Scope = self
        while top.parent is not None:
            top = top.parent
        return bool(top.prefix)

    def _reason(self, name: str) -> str | None:
        """Why a name that an entry of this scope has cannot be used."""
        if self._by_name is None:
            self._by_name = {entry.name: entry for entry in reversed(self.entries)}
        entry = self._by_name.get(name)
        if entry is None:
            return None
        if name in self.names:
            by = " or ".join([f"`{key}`" for key in ("when", "repeat") if getattr(entry, key)])
            return f"{quoted(name)} is left out by its {by}"
        if not entry.named:
            return (
                f"{quoted(name)} is the running-number name of the entry in line "
                f"{entry.span.line}: give that entry a name"
            )
        return f"{quoted(name)} comes later, in line {entry.span.line}"

    def _visible(self) -> list[str]:
        """The names that may be used here, those of the nearest layers last and not all of many."""
        nearest_first: dict[str, None] = {}
        scope: Scope | None = self
        while scope is not None and len(nearest_first) < LOOKED_THROUGH:
            targets = islice(reversed(scope.names.items()), LOOKED_THROUGH)
            there = (name for name, target in targets if target.output != LEFT_OUT)
            nearest_first.update(dict.fromkeys(there))
            scope = scope.parent
        return list(reversed(nearest_first))


def size_in(volume: Volume, path: str, size: str) -> int:
    """A size of a volume by its name.

    Raises:
        Fault: ``wrong-value`` where it has no such axis.
    """
    sizes = dict(zip(volume.axis_names, volume.spatial, strict=True))
    sizes.update(channels=volume.channels, positions=volume.positions)
    if size not in sizes:
        fact = f"{quoted(path)} is {volume.described()}, and has no {size}"
        raise Fault("wrong-value", fact)
    return sizes[size]


def _several(names: Sequence[str]) -> Fault:
    return Fault("unknown-name", f"the network's inputs have names: {', '.join(names)}")


def _is_split(name: str, parts: Mapping[str, Target]) -> Fault:
    last = len(parts) - 1
    fact = f"{quoted(name)} is a split, and has no output of its own: its parts are {name}.0"
    return Fault("unknown-name", f"{fact} to {name}.{last}" if last else fact)


def _left_out(name: str) -> Fault:
    return Fault("unknown-name", f"{quoted(name)} is left out by its `when`")


def _there(names: Mapping[str, Target]) -> list[str]:
    """The names that ``when`` does not leave out."""
    return [name for name in names if names[name].output != LEFT_OUT]


def _not_inside(part: str, inner: Mapping[str, Target], at: str) -> Fault:
    """Why a name, a copy or a layer without a written name is not found inside another."""
    fact = f"{quoted(at)} has no {quoted(part)} inside"
    hints = nearest(part, _there(inner), f"{at}.")
    copies = [name for name in inner if name.isdigit()]
    if copies and len(copies) == len(inner):
        if part.isdigit():
            last = len(copies) - 1
            return Fault("unknown-name", f"{fact}; it has 0 to {last}")
        first = inner[copies[0]].inner.get(part)
        if first is not None:
            hints = (f"did you mean `{at}.{copies[0]}.{part}`?",)
    elif not hints and part[-1:].isdigit():
        hints = ("an entry is found by its name only where the file gives it one",)
    return Fault("unknown-name", fact, suggestions=hints)
