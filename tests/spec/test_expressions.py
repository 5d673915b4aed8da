"""``$name`` and ``$(...)``: exact, with the usual precedence, and bounded."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archcalc.archfile.arithmetic import evaluate
from archcalc.archfile.expressions import parse
from archcalc.archfile.nodes import UNKNOWN, Value, Word
from archcalc.diagnostics import Fault

NAMES: dict[str, Value] = {
    "n": 7, "half": Fraction(1, 2), "yes": True, "no": False, "word": Word("relu"), "u": UNKNOWN,
}  # fmt: skip


def value(text: str) -> Value:
    return evaluate(parse(f"$({text})"), NAMES)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 + 3 * 4", 2 + 3 * 4),
        ("(2 + 3) * 4", (2 + 3) * 4),
        ("7 - 2 - 1", 7 - 2 - 1),
        ("2 ** 3 ** 2", 2 ** (3**2)),
        ("-2 ** 2", -(2**2)),
        ("(-2) ** 2", 4),
        ("2 ** -1", Fraction(1, 2)),
        ("8 / 4 / 2", 1),
        ("7 / 2", Fraction(7, 2)),
        ("7 // 2", 3),
        ("-7 // 2", -4),
        ("-7 % 3", 2),
        ("7.5 // 2", 3),
        ("7.5 % 2", Fraction(3, 2)),
        ("0.1 + 0.2", Fraction(3, 10)),
        ("0.7 * 10", 7),
        ("3 * (1 / 3)", 1),
        ("- - 2", 2),
        ("n * half", Fraction(7, 2)),
        ("min(3, 1, 2)", 1),
        ("max(n, 8)", 8),
        ("abs(-3)", 3),
        ("floor(7 / 2) + ceil(7 / 2)", 3 + 4),
        ("floor(-7 / 2)", -4),
        ("round(0.5)", 0),
        ("round(1.5)", 2),
        ("round(2.5)", 2),
        ("round(-0.5)", 0),
        ("round(7 / 3)", 2),
        ("max(round(0.75 * 24) // 8 * 8, 8)", 16),
    ],
)
def test_arithmetic_is_exact(text: str, expected: Fraction) -> None:
    found = value(text)
    assert found == expected
    assert isinstance(found, Fraction) == (Fraction(expected).denominator > 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 < 2", True), ("2 <= 1", False), ("n >= 7", True), ("n > 7", False),
        ("n == 7.0", True), ("n != 7", False), ("1 + 1 == 2", True),
        ("not n == 7", False), ("not yes or yes", True), ("not (yes or yes)", False),
        ("no and yes or yes", True), ("yes or yes and no", True), ("true", True),
        ("word == word", True), ("word == n", False), ("yes == 1", False), ("no != 0", True),
        ("n == 7 and half < 1", True), ("no and 1 / (n - 7) == 1", False),
    ],
)  # fmt: skip
def test_conditions(text: str, expected: bool) -> None:
    assert value(text) is expected


def test_a_name_alone() -> None:
    assert evaluate(parse("$n"), NAMES) == 7
    assert evaluate(parse("$word"), NAMES) is NAMES["word"]


def test_a_whole_fraction_is_an_integer() -> None:
    assert type(evaluate(parse("$w"), {"w": Fraction(1)})) is int


def test_what_depends_on_an_unknown_value_is_unknown() -> None:
    assert value("u + 1") is UNKNOWN


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("m + 1", "undefined-variable"),
        ("1 / 0", "division-by-zero"),
        ("n // (n - 7)", "division-by-zero"),
        ("(n - 7) ** -2", "division-by-zero"),
        ("word + 1", "wrong-value"),
        ("yes + 1", "wrong-value"),
        ("not n", "wrong-value"),
        ("yes and n", "wrong-value"),
        ("2 ** half", "wrong-value"),
        ("-word", "wrong-value"),
        ("abs(yes)", "wrong-value"),
        ("10 ** 31", "limit-exceeded"),
        ("10 ** 20 * 10 ** 20", "limit-exceeded"),
        ("2 ** 101", "limit-exceeded"),
        ("0.1 ** 31", "limit-exceeded"),
        ("1000000000000000000", "limit-exceeded"),
    ],
)
def test_what_has_no_value(text: str, rule: str) -> None:
    with pytest.raises(Fault) as raised:
        value(text)
    assert raised.value.rule == rule


def test_bounds_are_reached() -> None:
    assert value("10 ** 30") == 10**30
    assert value("(-1) ** 10 ** 18") == 1
    assert value("1 ** 1000") == 1
    assert value("(" * 49 + "n" + ")" * 49) == 7
    assert value("999999999999999999") == 10**18 - 1


@pytest.mark.parametrize("length", [1000, 1001])
def test_the_longest_expression(length: int) -> None:
    text = f"$({' ' * (length - 4)}1)"
    assert len(text) == length
    if length == 1000:
        assert parse(text).tree == ("number", 1)
    else:
        with pytest.raises(Fault, match="1,001 characters"):
            parse(text)


def test_the_nearest_names() -> None:
    with pytest.raises(Fault) as raised:
        evaluate(parse("$(widht)"), {"width": 1})
    assert raised.value.suggestions == ("did you mean `width`?",)
    with pytest.raises(Fault) as raised:
        parse("$(flor(1))")
    assert raised.value.suggestions == ("did you mean `floor`?",)


_SIGNS = ("+", "-", "*", "/", "//", "%", "<", "==")
_NUMBERS = st.integers(0, 99).map(str) | st.decimals(0, 9, places=2).map(str)


def _joined(parts: tuple[str, str, str]) -> str:
    return f"({' '.join(parts)})"


_TREES = st.recursive(
    _NUMBERS,
    lambda inner: st.tuples(inner, st.sampled_from(_SIGNS), inner).map(_joined),
    max_leaves=6,
)


def _outcome(text: str) -> Value | str:
    try:
        return value(text)
    except Fault as fault:
        return fault.rule


@settings(derandomize=True, max_examples=200, deadline=None)
@given(_TREES)
def test_values_are_those_of_python_with_fractions(text: str) -> None:
    exact = re.sub(r"[0-9]+(?:\.[0-9]+)?", lambda number: f"Fraction('{number.group()}')", text)
    expected: object
    try:
        expected = eval(exact, {"Fraction": Fraction})
    except ZeroDivisionError:
        expected = "division-by-zero"
    found = _outcome(text)
    if found != "wrong-value":  # a truth value is no number here
        assert found == expected
