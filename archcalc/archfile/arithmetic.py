"""The value of an expression: exact, and bounded at every step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import partial
from math import ceil, floor
from typing import Any

from archcalc.archfile.expressions import COPY, DIVISIONS, Expression
from archcalc.archfile.nodes import UNKNOWN, Unknown, Value
from archcalc.diagnostics import Fault
from archcalc.limits import EXPONENT_LIMIT, RESULT_LIMIT
from archcalc.wording import nearest, quoted, shown

Number = int | Fraction


def make_divisible(value: Number, by: Number) -> int:
    """The multiple of ``by`` that MobileNet takes for a width: the nearest, ties up.

    At least ``by``, and one more where that is less than 0.9 of the value (Sandler et al. 2018,
    in their code).
    """
    if by < 1 or by != int(by):
        raise Fault("wrong-value", f"make_divisible takes an integer from 1, not {shown(by)}")
    step = int(by)
    nearest_multiple = max(step, floor((value + Fraction(step, 2)) / step) * step)
    return nearest_multiple + step if 10 * nearest_multiple < 9 * value else nearest_multiple


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "min": min, "max": max, "round": round, "floor": floor, "ceil": ceil, "abs": abs,
    "make_divisible": make_divisible,
}  # fmt: skip
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "==": lambda a, b: bool(a == b),
    "!=": lambda a, b: bool(a != b),
    "<": lambda a, b: bool(a < b),
    "<=": lambda a, b: bool(a <= b),
    ">": lambda a, b: bool(a > b),
    ">=": lambda a, b: bool(a >= b),
}


SizeOf = Callable[[str, str], "int | Unknown"]


def evaluate(
    expression: Expression, values: Mapping[str, Value], size_of: SizeOf | None = None
) -> Value:
    """The value of an expression; UNKNOWN where it depends on an unknown one.

    ``size_of`` gives a size of a layer by its path, as ``size_of("stem", "channels")``.

    Raises:
        Fault: ``undefined-variable``, ``unknown-name``, ``division-by-zero``, ``wrong-value``,
            ``limit-exceeded``.
    """
    missing = [name for name in expression.names if name not in values]
    if missing:
        raise undefined(missing[0], values)
    if any(isinstance(values[name], Unknown) for name in expression.names):
        return UNKNOWN
    return _Evaluation(values, size_of).of(expression.tree)


def undefined(name: str, known: Mapping[str, Any]) -> Fault:
    given = ", ".join(list(known)[:12]) or "none"
    if name == COPY:
        fact = (
            "`copy` is the index of a copy of a repeated entry, and nothing is repeated here"
            "; a block gets it as an argument: `with: {index: $copy}`"
        )
        return Fault("undefined-variable", fact)
    return Fault(
        "undefined-variable",
        f"{quoted(name)} is neither an argument nor a variable here; there are: {given}",
        suggestions=nearest(name, known),
    )


class _Evaluation:
    """Evaluates trees; a size that is not known makes everything that needs it unknown."""

    def __init__(self, values: Mapping[str, Value], size_of: SizeOf | None) -> None:
        self.values = values
        self.size_of = size_of

    def of(self, tree: Any) -> Value:
        match tree:
            case ("number" | "word", value):
                return value  # type: ignore[no-any-return]
            case ("name", name):
                value = self.values[name]
                return _normal(value) if isinstance(value, Fraction) else value
            case ("size", path, size):
                return self.size_of(path, size) if self.size_of else UNKNOWN
            case ("item", inner, index):
                return self.together(_item, inner, index)
            case ("call", "len", [inner]):
                return self.together(_length, inner)
            case ("call", name, arguments):
                return self.together(partial(_call, name), *arguments)
            case ("minus", operand):
                return self.together(lambda value: -_number_of(value), operand)
            case ("not", operand):
                return self.together(lambda value: not _truth_of(value), operand)
            case ("and" | "or" as sign, left, right):
                return self.joined(sign, left, right)
            case (sign, left, right):  # not through `together`: long sums are deep on the left
                a, b = self.of(left), self.of(right)
                unknown = isinstance(a, Unknown) or isinstance(b, Unknown)
                return UNKNOWN if unknown else _binary(sign, a, b)
        raise AssertionError(tree)

    def together(self, function: Callable[..., Value], *trees: Any) -> Value:
        values = [self.of(tree) for tree in trees]
        return UNKNOWN if any(isinstance(v, Unknown) for v in values) else function(*values)

    def joined(self, sign: str, left: Any, right: Any) -> Value:
        """``and`` and ``or``: the right side is looked at where the left one does not decide."""
        first = self.of(left)
        if not isinstance(first, Unknown) and _truth_of(first) == (sign == "or"):
            return first
        second = self.of(right)
        if not isinstance(second, Unknown) and _truth_of(second) == (sign == "or"):
            return second
        return UNKNOWN if isinstance(first, Unknown) else second


def _call(name: str, *values: Value) -> Value:
    result: Number = FUNCTIONS[name](*map(_number_of, values))
    return _normal(result)


def _length(value: Value) -> int:
    if not isinstance(value, tuple):
        raise Fault("wrong-value", f"len takes a list, not {quoted(shown(value))}")
    return len(value)


def _item(value: Value, index: Value) -> Value:
    if not isinstance(value, tuple):
        raise Fault("wrong-value", f"{quoted(shown(value))} is no list, and has no items")
    place = _number_of(index)
    if place != int(place) or not 0 <= place < len(value):
        last = len(value) - 1
        raise Fault(
            "wrong-value", f"there is no item {shown(place)} of {len(value)}; they are 0 to {last}"
        )
    item: Value = value[int(place)]
    return _normal(item) if isinstance(item, Fraction) else item


def _binary(sign: str, left: Value, right: Value) -> Value:
    if sign in ("==", "!="):
        equal = _compared(left) == _compared(right) and isinstance(left, bool) == isinstance(
            right, bool
        )
        return equal if sign == "==" else not equal
    a, b = _number_of(left), _number_of(right)
    if sign in _COMPARISONS:
        return _COMPARISONS[sign](a, b)
    if sign in DIVISIONS and b == 0:
        raise Fault("division-by-zero", f"{shown(a)} {sign} 0 divides by zero")
    return _bounded(_arithmetic(sign, a, b))


def _arithmetic(sign: str, a: int | Fraction, b: int | Fraction) -> Any:
    if sign == "+":
        return a + b
    if sign == "-":
        return a - b
    if sign == "*":
        return a * b
    if sign == "/":
        return Fraction(a) / b
    if sign == "//":
        return a // b
    if sign == "%":
        return a % b
    return _power(a, b)


def _power(base: int | Fraction, exponent: int | Fraction) -> int | Fraction:
    if exponent != int(exponent):
        raise Fault("wrong-value", f"an exponent is an integer, not {shown(exponent)}")
    if base == 0 and exponent < 0:
        raise Fault("division-by-zero", f"0 ** {exponent} divides by zero")
    numerator, denominator = Fraction(base).as_integer_ratio()
    largest = max(abs(numerator), denominator)
    if largest > 1 and not -EXPONENT_LIMIT <= exponent <= EXPONENT_LIMIT:
        raise _too_big()
    if largest <= 1:
        return 1 if exponent == 0 else base ** (2 - int(exponent) % 2)
    return Fraction(base) ** int(exponent)


def _bounded(value: int | Fraction) -> int | Fraction:
    value = _normal(value)
    if isinstance(value, int) and abs(value) <= RESULT_LIMIT:
        return value
    fraction = Fraction(value)
    if max(abs(fraction.numerator), fraction.denominator) > RESULT_LIMIT:
        raise _too_big()
    return value


def _too_big() -> Fault:
    return Fault("limit-exceeded", "a number of more than 30 digits; no size is that large")


def _normal(value: int | Fraction) -> int | Fraction:
    return int(value) if value.denominator == 1 else value


def _compared(value: Value) -> Any:
    if isinstance(value, tuple):
        raise Fault("wrong-value", f"{quoted(shown(value))} is a list, which == and != do not take")
    return value


def _number_of(value: Value) -> int | Fraction:
    if isinstance(value, bool) or not isinstance(value, int | Fraction):
        raise Fault("wrong-value", f"{quoted(shown(value))} is not a number")
    return value


def _truth_of(value: Value) -> bool:
    if not isinstance(value, bool):
        raise Fault("wrong-value", f"{quoted(shown(value))} is neither true nor false")
    return value
