"""An order of elements in words: ``(h i=7) (w j=7) c -> (h w) (i j) c``.

On the left stand the axes of the input, the channels last, each as one part or as several in
brackets, of which the first varies slowest; on the right the axes of the output, made of the same
parts. All but one of the parts of an axis have their size. ``1`` is an axis of size 1.
"""

from __future__ import annotations

import re
from math import prod

from archcalc.diagnostics import Fault
from archcalc.network.volume import Volume
from archcalc.record import Record
from archcalc.wording import counted, listed, quoted

Axes = tuple[tuple[str, ...], ...]

MOST_PARTS = 16
MOST_AXES = 4
_TOKEN = re.compile(r"\(|\)|->|1(?![\w=])|[a-z][a-z0-9]*(?:=[1-9][0-9]{0,8})?|\S")
_PART = re.compile(r"[a-z][a-z0-9]*(?:=[1-9][0-9]{0,8})?")


class Order(Record):
    """The parts of the axes before and after, and those sizes that are stated."""

    before: Axes
    after: Axes
    sizes: dict[str, int]

    def volume(self, volume: Volume) -> Volume:
        """The output of an input.

        Raises:
            Fault: where it has other axes, or a size does not divide one.
        """
        sizes = self.sized(volume)
        *spatial, channels = [prod(sizes[part] for part in axis) for axis in self.after]
        return Volume(channels, tuple(spatial))

    def sized(self, volume: Volume) -> dict[str, int]:
        """The size of every part."""
        lengths = (*volume.spatial, volume.channels)
        if len(lengths) != len(self.before):
            has = _axes_of(len(self.before))
            fact = f"order has {has} before the arrow, the channels among them, and the input "
            raise Fault("axis-count", f"{fact}is {volume}", key="order")
        sizes = dict(self.sizes)
        for axis, length in zip(self.before, lengths, strict=True):
            rest = [part for part in axis if part not in sizes]
            stated = prod(sizes[part] for part in axis if part in sizes)
            left, remainder = divmod(length, stated)
            if remainder or (not rest and left != 1):
                named = " ".join(axis) or "1"
                fact = f"order: ({named}) has {stated}, and the axis of {volume} has {length}"
                raise Fault("indivisible-size", fact, key="order")
            sizes.update(dict.fromkeys(rest, left))
        return sizes

    @property
    def keeps_positions(self) -> bool:
        """Whether channels alone change their order."""
        return self.before[:-1] == self.after[:-1]


def order_of(text: str) -> Order:
    """What a text says.

    Raises:
        Fault: where it is no order.
    """
    tokens: list[str] = _TOKEN.findall(text)
    if tokens.count("->") != 1:
        raise _wrong(text, "has no arrow -> between what was and what becomes of it")
    arrow = tokens.index("->")
    before, after = (_axes(text, side) for side in (tokens[:arrow], tokens[arrow + 1 :]))
    sizes = {name: int(n) for p in _parts(before) for name, _, n in [p.partition("=")] if n}
    names, ends = (
        tuple(tuple(part.partition("=")[0] for part in axis) for axis in side)
        for side in (before, after)
    )
    first, last = list(_parts(names)), list(_parts(ends))
    if len(set(first)) < len(first) or sorted(first) != sorted(last):
        raise _wrong(text, "does not name the same parts on both sides, each once")
    if any("=" in part for part in _parts(after)):
        raise _wrong(text, "states sizes behind the arrow; they stand before it")
    open_ = [axis for axis in names if sum(part not in sizes for part in axis) > 1]
    if open_:
        raise _wrong(text, f"leaves the sizes of {listed(list(open_[0]))} open; all but one need =")
    if not 0 < len(first) <= MOST_PARTS:
        raise _wrong(text, f"has {counted(len(first), 'part')}; 1 to {MOST_PARTS} are read")
    return Order(names, ends, sizes)


def _parts(axes: Axes) -> list[str]:
    return [part for axis in axes for part in axis]


def _axes(text: str, tokens: list[str]) -> Axes:
    axes: list[tuple[str, ...]] = []
    inside: list[str] | None = None
    for token in tokens:
        if token == "(" and inside is None:
            inside = []
        elif token == ")" and inside is not None:
            axes.append(tuple(inside))
            inside = None
        elif token == "1" and inside is None:
            axes.append(())
        elif _PART.fullmatch(token) and inside is None:
            axes.append((token,))
        elif _PART.fullmatch(token) and inside is not None:
            inside.append(token)
        else:
            raise _wrong(text, f"has {quoted(token)} where it cannot stand")
    if inside is not None:
        raise _wrong(text, "has a bracket that is not closed")
    if not 0 < len(axes) <= MOST_AXES:
        raise _wrong(text, f"has {_axes_of(len(axes))} on a side; 1 to {MOST_AXES}")
    return tuple(axes)


def _axes_of(number: int) -> str:
    return "1 axis" if number == 1 else f"{number} axes"


def _wrong(text: str, fact: str) -> Fault:
    return Fault("wrong-value", f"{quoted(text)} {fact}")
