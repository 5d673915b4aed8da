"""Reads the numbers and the equations out of an explanation, to check them one by one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

# A layer of every kind of arithmetic that explanations have.
SMALL = """
name: small
input: 12x10x4
layers:
  - {type: conv, name: dilated, filters: 6, kernel: [3, 2], dilation: 2, padding: [[1, 2], [0, 1]]}
  - {type: depthwise_conv, name: depthwise, kernel: 3, padding: 1, multiplier: 2}
  - {type: separable_conv, name: separable, filters: 8, kernel: 3, padding: same}
  - {type: maxpool, name: ceil, kernel: 2, stride: 2, padding: 1, ceil_mode: true}
  - {type: conv_transpose, name: up, filters: 4, kernel: 3, stride: 2, groups: 2, padding: 1}
  - {type: upsample, name: nearest, scale: 2}
  - {type: conv, name: after, filters: 4, kernel: 3, activation: relu}
  - {type: adaptive_avgpool, name: adaptive, output: [3, 4]}
  - {type: relu, name: kept}
  - {type: global_avgpool, name: squeeze}
  - {type: multiply, name: gated, from: [kept, squeeze]}
  - {type: add, name: sum, from: [gated, adaptive]}
  - {type: prelu, name: slope}
  - {type: flatten, name: flat}
  - {type: linear, name: fc, units: 5, bias: false}
"""

_NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?(?![\w.]*\w)")
_VOLUME = re.compile(r"(?<![\w.])\d+(?:x\d+)+(?!\w)")
_EXPRESSION = re.compile(r"[0-9 x+*/().-]+\Z")
_TOKEN = re.compile(r"\d+\.\d+|\d+|[-+*/()]")


def numbers(text: str) -> set[Fraction]:
    """Every number that stands for itself: none that is part of a name or of a volume."""
    return {Fraction(found.replace(",", "").rstrip(".")) for found in _NUMBER.findall(text)}


def volumes(text: str) -> set[str]:
    return set(_VOLUME.findall(text))


def equations(text: str) -> Iterator[tuple[str, list[Fraction]]]:
    """Every chain of equations with the values of its sides; sides with symbols are left out."""
    for line in re.sub(r"\((?:b?float|int)\d+\)", "", text).splitlines():
        for clause in re.split(r", |[;:] | {2,}", line):
            known = [_value(side) for side in clause.split(" = ")] if " = " in clause else []
            sides = [value for value in known if value is not None]
            if len(sides) > 1:
                yield clause, sides


def _value(side: str) -> Fraction | None:
    plain = re.sub(r"(\d),(?=\d{3})", r"\1", side).split("≈")[0].strip()
    if not plain or not _EXPRESSION.match(plain):
        return None
    plain = re.sub(r"(\d)\(", r"\1 * (", plain.replace("x", "*"))
    tokens = _TOKEN.findall(plain)
    value, rest = _sum(tokens)
    assert not rest, side
    return value


def _sum(tokens: list[str]) -> tuple[Fraction, list[str]]:
    value, tokens = _product(tokens)
    while tokens and tokens[0] in "+-":
        sign, (other, tokens) = tokens[0], _product(tokens[1:])
        value = value + other if sign == "+" else value - other
    return value, tokens


def _product(tokens: list[str]) -> tuple[Fraction, list[str]]:
    value, tokens = _atom(tokens)
    while tokens and tokens[0] in "*/":
        sign, (other, tokens) = tokens[0], _atom(tokens[1:])
        value = value * other if sign == "*" else value / other
    return value, tokens


def _atom(tokens: list[str]) -> tuple[Fraction, list[str]]:
    first, *rest = tokens
    if first == "-":
        value, rest = _atom(rest)
        return -value, rest
    if first == "(":
        value, rest = _sum(rest)
        assert rest[0] == ")"
        return value, rest[1:]
    return Fraction(first), rest
