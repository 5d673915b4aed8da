"""Types of values that speak of axes and of other layers."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Literal

from archcalc.diagnostics import Fault
from archcalc.network.values.scalars import (
    EXPRESSION,
    Choice,
    Integer,
    Schema,
    T,
    ValueType,
    every,
    is_list,
    literal,
)
from archcalc.record import Record
from archcalc.wording import nearest, shown

PerAxis = int | tuple[int, ...]
Pair = tuple[int, int]
Pads = int | tuple[int, ...] | tuple[Pair, ...]
TransposedPadding = Pads | Literal["same", "half"]
Padding = TransposedPadding | Literal["causal"]
Ratio = int | Fraction
PerAxisRatio = Ratio | tuple[Ratio, ...]

_ONE_TO_THREE = {"minItems": 1, "maxItems": 3}


class Axes(ValueType[PerAxis]):
    """An integer for all axes, or one per axis."""

    per_axis = True

    def __init__(self, minimum: int, number: Integer | None = None) -> None:
        self.number = number or Integer(minimum)
        self.text = f"{self.number.text}, or a list of them with one per spatial axis"

    def check(self, value: Any) -> PerAxis:
        if is_list(value):
            check_axis_count(value)
            return every(self.number.check, value)
        if isinstance(value, str):
            sizes = value.split("x")
            numbers = len(sizes) > 1 and all(map(str.isdecimal, sizes))
            raise self.wrong(value, [f"write it as [{', '.join(sizes)}]"] if numbers else ())
        if isinstance(value, dict):
            raise self.wrong(value)
        return self.number.check(value)

    def schema(self) -> Schema:
        number = self.number.schema()
        return {"anyOf": [*number["anyOf"], {"type": "array", "items": number, **_ONE_TO_THREE}]}


def check_axis_count(values: list[Any] | tuple[Any, ...]) -> None:
    """Refuse a list that no input has as many axes as.

    Raises:
        Fault: ``axis-count``.
    """
    if not 1 <= len(values) <= 3:
        raise Fault(
            "axis-count",
            f"has {len(values)} entries; a list has one per spatial axis, and there are one to "
            "three axes",
        )


class PadsType(ValueType[Pads]):
    """Padding or cropping in numbers: for all axes, one per axis, or [before, after] per axis."""

    text = "an integer, a list with one per spatial axis, or a list of [before, after] pairs"
    per_axis = True
    number = Integer(0)

    def check(self, value: Any) -> Pads:
        if isinstance(value, dict):
            raise self.wrong(value)
        if not is_list(value):
            return self.number.check(value)
        check_axis_count(value)
        pairs = [is_list(item) for item in value]
        if all(pairs):
            return every(self._pair, value)
        if any(pairs):
            raise self.wrong(value)
        return every(self.number.check, value)

    def _pair(self, value: Any) -> Pair:
        if len(value) != 2:
            fact = f"takes [before, after] pairs, and this one has {len(value)} entries"
            raise Fault("wrong-value", fact)
        before, after = every(self.number.check, value)
        return before, after

    def schema(self) -> Schema:
        number = self.number.schema()
        pair = {"type": "array", "items": number, "minItems": 2, "maxItems": 2}
        lists = [{"type": "array", "items": item, **_ONE_TO_THREE} for item in (number, pair)]
        return {"anyOf": [*number["anyOf"], *lists]}


class PaddingType(ValueType[Padding]):
    """`PadsType`, or a word; ``valid`` is no padding."""

    numbers = PadsType()
    per_axis = True

    def __init__(self, *words: str) -> None:
        self.words = Choice(("valid", *words))
        self.text = f"{PadsType.text}, or {self.words.text}"

    def check(self, value: Any) -> Padding:
        if is_list(value) or (isinstance(value, int | Fraction) and not isinstance(value, bool)):
            return self.numbers.check(value)
        if not isinstance(value, str) or value not in self.words.words:
            hints = nearest(value, self.words.words) if isinstance(value, str) else ()
            raise self.wrong(value, hints)
        return 0 if value == "valid" else value  # type: ignore[return-value]  # one of its words

    def schema(self) -> Schema:
        return {"anyOf": [*self.numbers.schema()["anyOf"], {"enum": list(self.words.words)}]}


class Integers(ValueType[tuple[int, ...]]):
    """A list of sizes."""

    text = "a list of integers of at least 1"
    number = Integer(1)

    def check(self, value: Any) -> tuple[int, ...]:
        if not is_list(value) or not value:
            raise self.wrong(value)
        return every(self.number.check, value)

    def schema(self) -> Schema:
        items = self.number.schema()
        return {"anyOf": [{"type": "array", "items": items, "minItems": 1}, EXPRESSION]}


class PairType(ValueType[Pair]):
    """Two numbers, before and after."""

    text = "two integers, [before, after]"
    number = Integer(0)

    def check(self, value: Any) -> Pair:
        if not is_list(value) or len(value) != 2:
            raise self.wrong(value)
        before, after = every(self.number.check, value)
        return before, after

    def schema(self) -> Schema:
        items = self.number.schema()
        return {"anyOf": [{"type": "array", "items": items, "minItems": 2, "maxItems": 2}]}


class Ratios(ValueType[PerAxisRatio]):
    """A factor for all axes, or one per axis: an integer or a fraction, exactly."""

    text = "a factor such as 2, 1.5 or 3/2, or a list of them with one per spatial axis"
    per_axis = True

    def check(self, value: Any) -> PerAxisRatio:
        if is_list(value):
            check_axis_count(value)
            return every(self._ratio, value)
        return self._ratio(value)

    def _ratio(self, value: Any) -> Ratio:
        if isinstance(value, str):
            parts = value.split("/")
            if len(parts) == 2 and all(part.isascii() and part.isdecimal() for part in parts):
                over, under = every(self._positive, parts)
                value = Fraction(over, under)
        if isinstance(value, bool) or not isinstance(value, int | Fraction):
            raise self.wrong(value)
        if value <= 0:
            raise Fault("wrong-value", f"is {shown(value)}; it must be more than 0")
        Integer().check(-(-value // 1))
        return value.numerator if value.denominator == 1 else value

    def _positive(self, text: str) -> int:
        try:
            return Integer(1).check(literal(text))
        except Fault as fault:
            fact = fault.message if fault.rule != "limit-exceeded" else f"is {fault.message}"
            raise Fault(fault.rule, fact) from None

    def schema(self) -> Schema:
        number = {"type": "number", "exclusiveMinimum": 0}
        ratio = {"type": "string", "pattern": "^[1-9][0-9]*/[1-9][0-9]*$"}
        each = [number, ratio, EXPRESSION]
        items = {"anyOf": each}
        return {"anyOf": [*each, {"type": "array", "items": items, **_ONE_TO_THREE}]}


class ConnectionTable(ValueType[tuple[tuple[int, ...], ...]]):
    text = "a list with, per filter, the list of input maps that feed it, from 0"
    number = Integer(0)

    def check(self, value: Any) -> tuple[tuple[int, ...], ...]:
        return every(self._maps, self._list(value))

    def _list(self, value: Any) -> list[Any] | tuple[Any, ...]:
        if not is_list(value):
            raise self.wrong(value)
        return value  # type: ignore[no-any-return]

    def _maps(self, value: Any) -> tuple[int, ...]:
        maps = every(self.number.check, self._list(value))
        if not maps or len(set(maps)) < len(maps):
            fact = "a filter that no map feeds" if not maps else "a filter that names a map twice"
            raise Fault("wrong-value", f"has {fact}")
        return maps

    def schema(self) -> Schema:
        maps = {"type": "array", "items": self.number.schema(), "minItems": 1}
        return {"anyOf": [{"type": "array", "items": maps, "minItems": 1}, EXPRESSION]}


class Like(Record):
    """The name of a layer whose size is taken."""

    name: str


class OrLike(ValueType[T | Like]):
    """Values of another type, a `Like`, or a mapping of ``like`` to a name."""

    per_axis = True

    def __init__(self, numbers: ValueType[T]) -> None:
        self.numbers = numbers
        self.text = f"{numbers.text}, or {{like: NAME}} for the size of another layer"

    def check(self, value: Any) -> T | Like:
        if isinstance(value, Like):
            value = {"like": value.name}
        if not isinstance(value, dict):
            return self.numbers.check(value)
        if value.keys() != {"like"}:
            raise Fault("wrong-value", "takes {like: NAME} and no other key")
        name = value["like"]
        if is_list(name) or isinstance(name, dict):
            raise self.wrong(name).below("like")
        if not isinstance(name, str):
            raise Fault("wrong-value", "takes {like: NAME}").below("like")
        return Like(str(name))

    def schema(self) -> Schema:
        like = {
            "type": "object",
            "properties": {"like": {"type": ["string", "number", "boolean"]}},
            "required": ["like"],
            "additionalProperties": False,
        }
        return {"anyOf": [*self.numbers.schema()["anyOf"], like]}
