"""Sizes that come from outside a file: read in the light of the input that they replace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from archcalc.diagnostics import Fault
from archcalc.network.values import POSITIVE, VOLUME, literal
from archcalc.network.values.scalars import WrongValue, is_list, pictured
from archcalc.network.volume import AXIS_NAMES, Volume
from archcalc.record import Record
from archcalc.wording import counted, quoted

Sizes = Volume | str | int | Sequence[int]
"""What may be said: a volume, or numbers as text such as 224x224, as a tuple, or as one number."""

Inputs = Sizes | Mapping[str, Sizes]
"""Sizes of the only input, or of some of several, by name."""

_WANTED = "sizes such as 224x224, 224x224x3, or 224x224,channels=3"
_SIGNS = str.maketrans("X×,", "xxx")
_BRACKETS = {"(": ")", "[": "]"}
_BATCH = "the batch is `--batch`, in Python `batch=`"


class _Given(Record):
    """The numbers in the order written, and the channels where they are named."""

    numbers: tuple[int, ...]
    channels: int | None

    def __str__(self) -> str:
        named = [f"channels={self.channels}"] if self.channels else []
        return ",".join([_joined(self.numbers), *named])


def resized(value: Any, input: Volume) -> Volume:
    """The volume that sizes mean for a network with this input.

    One number is every spatial axis, or the channels of a vector; as many numbers as there are
    spatial axes are sizes, and the channels stay. With the channels as one number more they must
    be the input's, since the order may have been mistaken; ``channels=4`` changes them. A `Volume`
    is what it says.

    Raises:
        Fault: where they are no sizes, or mean another kind of input; with what was meant.
    """
    if isinstance(value, Volume):
        return VOLUME.check(value)
    given, rank = _given(value), len(input.spatial)
    numbers, channels = given.numbers, given.channels
    if len(numbers) == rank + 1 and channels is None:
        if rank and numbers[-1] != input.channels:
            raise _other_channels(given, input)
        return Volume(numbers[-1], numbers[:-1])
    spatial = numbers * rank if len(numbers) == 1 else numbers
    if numbers and (not rank or len(spatial) != rank):
        raise _other_axes(given, input)
    return Volume(channels or input.channels, spatial or input.spatial)


def on_axes(value: Any, axes: int) -> Volume:
    """The volume that sizes mean where there is no input to change, with this many spatial axes.

    One number is every axis; without channels there is one.

    Raises:
        Fault: where they mean another number of axes.
    """
    given = _given(value)
    numbers, channels = given.numbers, given.channels
    if len(numbers) == axes + 1 and channels is None:
        return Volume(numbers[-1], numbers[:-1])
    spatial = numbers * axes if len(numbers) == 1 else numbers
    if len(spatial) != axes:
        names = " x ".join(AXIS_NAMES[axes])
        fact = (
            f"{quoted(str(given))} has {counted(len(numbers), 'number')}; it is {names}, or "
            f"{names} x channels, and `--axes` says how many axes there are ({_BATCH})"
        )
        raise Fault("axis-count", fact)
    return Volume(channels or 1, spatial)


def whole(value: Any) -> Volume:
    """The volume that sizes and channels say by themselves, the channels last as in a file.

    Raises:
        Fault: where they do not.
    """
    if isinstance(value, Volume):
        return VOLUME.check(value)
    given = _given(value)
    numbers, channels = given.numbers, given.channels
    spatial = numbers if channels is not None else numbers[:-1]
    if len(spatial) > 3:
        fact = f"has {len(spatial)} spatial axes; at most three are possible"
        raise Fault("axis-count", fact)
    return Volume(channels or numbers[-1], spatial)


def check_sizes(value: Any) -> None:
    """Refuse what means no sizes whatever the input is.

    Raises:
        Fault: as `resized`.
    """
    if isinstance(value, Volume):
        VOLUME.check(value)
    else:
        _given(value)


def _given(value: Any) -> _Given:
    if is_list(value) and value:
        return _Given(tuple(map(_number, value)), None)
    if isinstance(value, int) and not isinstance(value, bool):
        return _Given((POSITIVE.check(value),), None)
    if not isinstance(value, str):
        raise _wrong(value)
    text = value.strip()
    if text[-1:] == _BRACKETS.get(text[:1], "none"):
        text = text[1:-1].strip().removesuffix(",")
    words = [word.strip() for word in text.translate(_SIGNS).split("x")]
    name, equals, number = words[-1].partition("=")
    named = bool(equals) and name.rstrip().lower() == "channels"
    channels = _number(number.strip(), value) if named else None
    sizes = words[:-1] if named else words
    return _Given(tuple([_number(word, value) for word in sizes]), channels)


def _number(word: Any, whole: Any = None) -> int:
    """A number of at least 1, from a number or a text; ``whole`` is what it is a part of.

    Raises:
        Fault: where it is none.
    """
    whole = word if whole is None else whole
    try:
        number = literal(word) if isinstance(word, str) else word
    except Fault as fault:
        raise Fault(fault.rule, f"has {fault.message}") from None
    if isinstance(number, bool | Fraction) or not isinstance(number, int):
        raise _wrong(whole)
    return POSITIVE.check(number)


def _wrong(value: Any) -> Fault:
    return WrongValue(_WANTED, pictured(value))


def _other_channels(given: _Given, input: Volume) -> Fault:
    """The fault of numbers that say other channels: written first, or meant to change."""
    first, *_, last = given.numbers
    if first == input.channels:
        moved = _joined((*given.numbers[1:], first))
        fact = f"{given}: channels come last: {moved}, or channels={last}"
    else:
        sizes = _joined(given.numbers[:-1])
        fact = (
            f"{given} has {counted(last, 'channel')}, and the network's input "
            f"{input.described()} has {input.channels}: write {sizes} to keep them, or "
            f"{sizes},channels={last}"
        )
    return Fault("wrong-value", fact)


def _other_axes(given: _Given, input: Volume) -> Fault:
    numbers = given.numbers
    what = (
        f"{quoted(str(given))} has {counted(len(numbers), 'number')}"
        f"{' beside the channels' if given.channels else ''}, "
        f"and the network's input is {input.described()}"
    )
    if len(numbers) != len(input.spatial) + 2 or given.channels:
        return Fault("axis-count", what)
    if numbers[-1] == input.channels:
        return Fault("axis-count", f"{given}: {_BATCH}: {_joined(numbers[1:])}")
    if numbers[1] == input.channels:
        moved = _joined((*numbers[2:], numbers[1]))
        fact = f"{given}: {_BATCH}, and channels come last: {moved}"
        return Fault("axis-count", fact)
    return Fault("axis-count", f"{what}; {_BATCH}")


def _joined(numbers: Sequence[int]) -> str:
    return "x".join(map(str, numbers))
