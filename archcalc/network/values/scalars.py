"""What the value of a key may be: how it is checked, described, and written as JSON Schema."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any, ClassVar, Generic, TypeVar

from archcalc.diagnostics import Fault
from archcalc.limits import DIGITS_LIMIT, INTEGER_LIMIT, TEXT_LIMIT
from archcalc.wording import HUGE, decimal, did_you_mean, nearest, quoted, shown

T = TypeVar("T", covariant=True)
U = TypeVar("U")
Schema = dict[str, Any]


EXPRESSION: Schema = {"$ref": "#/$defs/expression"}

_LARGEST = f"numbers up to {INTEGER_LIMIT:,} are calculated with"


class ValueType(Generic[T]):
    """A type of values. ``text`` completes the sentence "it takes ..."."""

    text: str
    verbatim: ClassVar[bool] = False
    """Whether a file's text is taken as it stands, be it a number's or not."""
    per_axis: ClassVar[bool] = False
    """Whether a list has one entry per spatial axis."""

    def check(self, value: Any) -> T:
        """A plain value as the key holds it: lists become tuples, and words what they stand for.

        Raises:
            Fault: with a message that starts with a verb, its subject being the key.
        """
        raise NotImplementedError

    def schema(self) -> Schema:
        raise NotImplementedError

    def wrong(self, value: Any, suggestions: Iterable[str] = ()) -> WrongValue:
        return WrongValue(self.text, pictured(value), suggestions)


class WrongValue(Fault):
    """A value that is none of its type; ``wanted`` is what would be one."""

    def __init__(self, wanted: str, picture: str, suggestions: Iterable[str] = ()) -> None:
        super().__init__("wrong-value", f"takes {wanted}, not {picture}", suggestions=suggestions)
        self.wanted = wanted


def pictured(value: Any) -> str:
    """A plain value inside a message."""
    if is_list(value):
        return "a list"
    if isinstance(value, dict):
        return "a mapping"
    if value is None or value == "":
        return "nothing"
    if isinstance(value, int | Fraction | str):
        return quoted(shown(value))
    if isinstance(value, float):
        return f"the float {value}"
    return f"an object of type {type(value).__name__}"


def is_list(value: Any) -> bool:
    return type(value) is list or type(value) is tuple  # records are tuples, and no lists


def every(check: Callable[[Any], U], values: Iterable[Any]) -> tuple[U, ...]:
    """Checks the items of a list; the faults of all that fail are raised together."""
    checked, faults = [], []
    for index, value in enumerate(values):
        try:
            checked.append(check(value))
        except Fault as fault:
            faults.append(fault.below(index))
    if faults:
        raise Fault.together(faults)
    return tuple(checked)


def literal(text: str) -> int | Fraction | bool | None:
    """The number or truth value that a text is; None where it is a word.

    Raises:
        Fault: ``limit-exceeded`` for a number of more than 18 digits.
    """
    if text == "true" or text == "false":
        return text == "true"
    whole, point, decimals = text.removeprefix("-").partition(".")
    is_whole = is_digits(whole) and (whole[0] != "0" or whole == "0")
    if is_whole and (is_digits(decimals) or not point):
        if len(text) > DIGITS_LIMIT:
            raise Fault(
                "limit-exceeded",
                f"a number of {len(text):,} characters; at most {DIGITS_LIMIT} are read",
            )
        return Fraction(text) if point else int(text)
    return None


def is_digits(text: str) -> bool:
    """Whether a text is one or more of the digits from 0 to 9."""
    return text.isascii() and text.isdecimal()


class Integer(ValueType[int]):
    def __init__(self, minimum: int | None = None) -> None:
        self.minimum = minimum
        self.text = "an integer" if minimum is None else f"an integer of at least {minimum}"

    def check(self, value: Any) -> int:
        if isinstance(value, Fraction):
            raise Fault("not-an-integer", f"is {_fraction(value)}, and an integer is needed")
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.wrong(value)
        if not -HUGE <= value <= HUGE:
            raise Fault("limit-exceeded", f"is {shown(value)}; {_LARGEST}")
        if self.minimum is not None and value < self.minimum:
            rule = "size-below-one" if self.minimum == 1 else "wrong-value"
            raise Fault(rule, f"is {value}; it must be at least {self.minimum}")
        if abs(value) > INTEGER_LIMIT:
            raise Fault("limit-exceeded", f"is {value:,}; {_LARGEST}")
        return value

    def schema(self) -> Schema:
        bounds = {} if self.minimum is None else {"minimum": self.minimum}
        return {"anyOf": [{"type": "integer", **bounds}, EXPRESSION]}


def _fraction(value: Fraction) -> str:
    about = decimal(value)
    if value.denominator == 1 or Fraction(about) == value:
        return about if value.denominator > 1 else f"{about}.0"
    return f"{value} = {about}"


TRUTHS = {"true": "true", "yes": "true", "on": "true",
          "false": "false", "no": "false", "off": "false"}  # fmt: skip


class Truth(ValueType[bool]):
    text = "true or false"

    def check(self, value: Any) -> bool:
        if not isinstance(value, bool):
            word = value.lower() if isinstance(value, str) else ""
            raise self.wrong(value, did_you_mean(TRUTHS.get(word)))
        return value

    def schema(self) -> Schema:
        return {"anyOf": [{"type": "boolean"}, EXPRESSION]}


class Rate(ValueType[Fraction]):
    text = "a number from 0 to 1"

    def check(self, value: Any) -> Fraction:
        if isinstance(value, bool) or not isinstance(value, int | Fraction) or not 0 <= value <= 1:
            raise self.wrong(value)
        return Fraction(value)

    def schema(self) -> Schema:
        return {"anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, EXPRESSION]}


class Number(ValueType[Fraction]):
    text = "a number"

    def check(self, value: Any) -> Fraction:
        if isinstance(value, bool) or not isinstance(value, int | Fraction):
            raise self.wrong(value)
        Integer().check(value // 1)
        return Fraction(value)

    def schema(self) -> Schema:
        return {"anyOf": [{"type": "number"}, EXPRESSION]}


class Choice(ValueType[str]):
    """One of several words, nearest named where none is meant."""

    def __init__(
        self,
        words: Iterable[str],
        noun: str = "",
        meant: Callable[[str], tuple[str, ...]] | None = None,
    ) -> None:
        """``meant`` gives the suggestion for another word; without it, the nearest word is."""
        self.words = tuple(words)
        self.meant = meant
        self.text = noun or f"one of {', '.join(self.words)}"

    def check(self, value: Any) -> str:
        if not isinstance(value, int | Fraction | str):
            raise self.wrong(value)
        word = shown(value)
        if word not in self.words:
            meant = self.meant(word) if self.meant else nearest(word, self.words)
            raise self.wrong(value, meant)
        return word

    def schema(self) -> Schema:
        return {"anyOf": [{"enum": list(self.words)}, EXPRESSION]}


class Words(ValueType[tuple[str, ...]]):
    """A word, or a list of words."""

    text = "a word or a list of words"

    def check(self, value: Any) -> tuple[str, ...]:
        words = value if is_list(value) else [value]
        if not words:
            raise Fault("wrong-value", "is an empty list; leave the key out instead")
        if not all(isinstance(word, int | Fraction | str) for word in words):
            raise self.wrong(value)
        return tuple(map(shown, words))

    def schema(self) -> Schema:
        word = {"type": ["string", "number"]}
        return {"anyOf": [word, {"type": "array", "items": word, "minItems": 1}]}


class Text(ValueType[str]):
    """Free text, taken as it is written; ``$`` has no meaning in it."""

    text = "text"
    verbatim = True

    def __init__(self, limit: int = TEXT_LIMIT) -> None:
        self.limit = limit

    def check(self, value: Any) -> str:
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(value)
        if len(value) > self.limit:
            raise Fault(
                "limit-exceeded",
                f"has {len(value):,} characters; at most {self.limit:,} are read",
            )
        return value

    def schema(self) -> Schema:
        return {"type": ["string", "number", "boolean"]}
