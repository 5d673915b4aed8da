"""Which values to try: lists and ranges as people write them, and every combination of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from math import prod

from archcalc.record import Record
from archcalc.wording import quoted

VALUES_LIMIT = 100_000
_COMMA = re.compile(r",(?!channels=)(?![^\[(]*[\])])")
_NUMBER = r"-?\d+(?:\.\d+)?"
_RANGE = re.compile(rf"({_NUMBER})\.\.({_NUMBER})(?::({_NUMBER}))?\Z")

Variant = Mapping[str, str]


class Axis(Record):
    """A variable of a file, or ``input``, and the values to try, as they would be written."""

    name: str
    values: tuple[str, ...]


def axis(text: str) -> Axis:
    """``width=0.5,0.75,1.0``, ``width=0.25..2:0.05`` (both ends included), ``input=160,192``.

    Raises:
        ValueError: for text that is none of these.
    """
    name, equals, listed = text.partition("=")
    name = name.strip()
    if not equals or not name or not listed.strip():
        raise ValueError(f"{quoted(text)} is not NAME=VALUE,VALUE,... or NAME=FROM..TO:STEP")
    values = [value for part in _COMMA.split(listed) for value in _values(part.strip(), name)]
    if len(values) > VALUES_LIMIT:
        raise ValueError(f"{name} has {len(values):,} values; there may be {VALUES_LIMIT:,}")
    doubled = [value for index, value in enumerate(values) if value in values[:index][:1000]]
    if doubled:
        raise ValueError(f"{name} has the value {doubled[0]} twice")
    return Axis(name, tuple(values))


def _values(part: str, name: str) -> Iterable[str]:
    found = _RANGE.match(part)
    if not found:
        if not part:
            raise ValueError(f"{name} has an empty value")
        return (part,)
    low, high, step = (Fraction(number) for number in (found[1], found[2], found[3] or "1"))
    if step <= 0 or high < low:
        raise ValueError(f"{name}: {part} is no range from a lower to a higher number by a step")
    count = (high - low) // step + 1
    if count > VALUES_LIMIT:
        raise ValueError(f"{name}: {part} has {count:,} values; there may be {VALUES_LIMIT:,}")
    return [written(low + step * index) for index in range(count)]


def written(number: Fraction) -> str:
    """A decimal fraction by its digits."""
    places = 0
    while (number * 10**places).denominator != 1:
        places += 1
    digits = f"{abs(int(number * 10**places)):0{places + 1}d}"
    whole, rest = digits[: len(digits) - places], digits[len(digits) - places :]
    return f"{'-' if number < 0 else ''}{whole}{'.' if rest else ''}{rest}"


def space(texts: Iterable[str]) -> list[Axis]:
    """The axes of several such texts.

    Raises:
        ValueError: for text that is none, and for a name that comes twice.
    """
    axes: list[Axis] = []
    for text in texts:
        one = axis(text)
        if one.name in [known.name for known in axes]:
            raise ValueError(f"{quoted(one.name)} is varied twice; write its values in one list")
        axes.append(one)
    return axes


def count(axes: Sequence[Axis]) -> int:
    return prod(len(one.values) for one in axes)


def variants(axes: Sequence[Axis]) -> Iterator[Variant]:
    """Every combination; the last axis changes fastest."""
    for values in product(*(one.values for one in axes)):
        yield dict(zip((one.name for one in axes), values, strict=True))


def variant(axes: Sequence[Axis], index: int) -> Variant:
    """The combination at an index, from 0, in the order of `variants`."""
    values = {}
    for one in reversed(axes):
        index, place = divmod(index, len(one.values))
        values[one.name] = one.values[place]
    return {one.name: values[one.name] for one in axes}


def title(values: Variant) -> str:
    """``width=0.5 input=160``."""
    return " ".join(f"{name}={value}" for name, value in values.items())
