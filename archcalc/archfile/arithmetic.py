"""The value of an expression: exact, and bounded at every step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import ceil, floor
from typing import Any

from archcalc.archfile.expressions import DIVISIONS, Expression
from archcalc.archfile.nodes import UNKNOWN, Unknown, Value
from archcalc.diagnostics import Fault
from archcalc.limits import EXPONENT_LIMIT, RESULT_LIMIT
from archcalc.wording import nearest, quoted, shown

FUNCTIONS: dict[str, Callable[..., Any]] = {
    "min": min, "max": max, "round": round, "floor": floor, "ceil": ceil, "abs": abs,
}  # fmt: skip
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "==": lambda a, b: bool(a == b),
    "!=": lambda a, b: bool(a != b),
    "<": lambda a, b: bool(a < b),
    "<=": lambda a, b: bool(a <= b),
    ">": lambda a, b: bool(a > b),
    ">=": lambda a, b: bool(a >= b),
}


def evaluate(expression: Expression, values: Mapping[str, Value]) -> Value:
    """The value of an expression; UNKNOWN where it depends on an unknown one.

    Raises:
        Fault: ``undefined-variable``, ``division-by-zero``, ``wrong-value``, ``limit-exceeded``.
    """
    missing = [name for name in expression.names if name not in values]
    if missing:
        raise undefined(missing[0], values)
    if any(isinstance(values[name], Unknown) for name in expression.names):
        return UNKNOWN
    return _evaluate(expression.tree, values)


def undefined(name: str, known: Mapping[str, Any]) -> Fault:
    given = ", ".join(list(known)[:12]) or "none"
    return Fault(
        "undefined-variable",
        f"{quoted(name)} is neither an argument nor a variable here; there are: {given}",
        suggestions=nearest(name, known),
    )


def _evaluate(tree: Any, values: Mapping[str, Value]) -> Value:
    match tree:
        case ("number", value):
            return value  # type: ignore[no-any-return]
        case ("name", name):
            value = values[name]
            return _normal(value) if isinstance(value, Fraction) else value
        case ("call", name, arguments):
            return _normal(FUNCTIONS[name](*[_number_of(_evaluate(a, values)) for a in arguments]))
        case ("minus", operand):
            return -_number_of(_evaluate(operand, values))
        case ("not", operand):
            return not _truth_of(_evaluate(operand, values))
        case ("and", left, right):
            return _truth_of(_evaluate(left, values)) and _truth_of(_evaluate(right, values))
        case ("or", left, right):
            return _truth_of(_evaluate(left, values)) or _truth_of(_evaluate(right, values))
        case (sign, left, right):
            return _binary(sign, _evaluate(left, values), _evaluate(right, values))
    raise AssertionError(tree)


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
