"""Exact arithmetic over variables, arguments and sizes: ``$name`` and ``$(...)``.

Integers, exact decimals, words in quotation marks, ``+ - * / // % **``, comparisons, ``and or
not``, items of lists, sizes of layers such as ``input.channels``, and a few functions. There is
nothing else, and what there is, is bounded.

    expression  = operand { sign expression }
    operand     = number | word | "true" | "false" | "not" expression | "-" expression
                | "(" expression ")" | function "(" expression { "," expression } ")"
                | name { "[" expression "]" } | path "." size
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import lru_cache
from typing import Any

from archcalc.diagnostics import Fault
from archcalc.limits import EXPRESSION_DEPTH_LIMIT, EXPRESSION_LIMIT
from archcalc.network.values import literal
from archcalc.record import Record
from archcalc.wording import nearest, quoted

QUOTE = 'quote an expression with a comma or bracket inside {}: "$(max(8, width))"'

# Compiled where an expression is read: many files have none.
_TOKEN = (
    r"(?a)\s*(?:(?P<number>[0-9]+(?:\.[0-9]+)?)|(?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*)"
    r"|'(?P<word>[^'$]*)'|(?P<sign>\*\*|//|==|!=|<=|>=|[-+*/%<>(),\[\]]))"
)
_NAME = r"(?a)\$([A-Za-z_][A-Za-z0-9_]*)\Z"
# The name of a layer that is none in an expression, with what may be meant by it.
_OTHER_NAME = (
    r"(?a)(?<![\w.-])((?:[0-9]+[A-Za-z_]|[0-9A-Za-z_]+-)[\w-]*(?:\.[\w-]+)*?)"
    r"\.(?:channels|height|width|depth|length|positions)\b"
)
_BRACES = r"\$\{([^{}]{1,80})\}\Z"

_OTHER_SIGNS = {"&&": "and", "||": "or", "&": "and", "|": "or", "!": "not", "=": "==", "^": "**"}
# How many arguments each takes; None for two or more.
FUNCTIONS = {
    "min": None, "max": None, "round": 1, "floor": 1, "ceil": 1, "abs": 1, "len": 1,
    "make_divisible": 2,
}  # fmt: skip
COPY = "copy"  # the index of a copy; an argument or variable of that name goes first
SIZES = ("channels", "height", "width", "depth", "length", "positions")
COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
DIVISIONS = ("/", "//", "%")
_BINDING = {
    "or": 1, "and": 2, **dict.fromkeys(COMPARISONS, 4), "+": 5, "-": 5,
    "*": 6, "/": 6, "//": 6, "%": 6, "**": 8,
}  # fmt: skip
_NOT, _MINUS = 3, 7


class Expression(Record):
    """A parsed expression: its tree, the names in it, and the number of its parts.

    ``paths`` are those of the layers whose sizes it reads.
    """

    tree: Any
    names: tuple[str, ...]
    size: int
    paths: tuple[str, ...] = ()


@lru_cache(maxsize=4096)
def parse(text: str) -> Expression:
    """The expression that a scalar's text is.

    Raises:
        Fault: ``invalid-expression``, or ``limit-exceeded`` for one too long or too deep.
    """
    if len(text) > EXPRESSION_LIMIT:
        raise Fault(
            "limit-exceeded",
            f"an expression of {len(text):,} characters; at most {EXPRESSION_LIMIT:,} are read",
        )
    name = re.match(_NAME, text)
    if name:
        return Expression(("name", name.group(1)), (name.group(1),), 1)
    if not (text.startswith("$(") and text.endswith(")")):
        raise Fault(
            "invalid-expression",
            f"{quoted(text)} is neither `$name` nor `$(...)`; a value is an expression as a whole "
            "or not at all",
            suggestions=_written(text),
        )
    try:
        return _Parser(text[2:-1]).whole()
    except Fault:
        for other in other_names(text):
            if other[0].isdigit():
                raise no_name(other) from None
        raise


def other_names(text: str) -> list[str]:
    """Names that layers may have whose sizes an expression seems to read, and cannot."""
    return re.findall(_OTHER_NAME, text)


def no_name(name: str) -> Fault:
    fact = f"{quoted(name)} cannot be used in an expression"
    hint = f"a name there has no `-` and starts with a letter: give `{name}` another"
    return Fault("invalid-expression", fact, suggestions=(hint,))


def _written(text: str) -> Iterator[str]:
    """How what was meant by a text that is no expression is written."""
    braces = re.match(_BRACES, text)
    if braces:
        yield f"write `$({braces.group(1)})`"
    elif "${" in text:
        yield "write `$(...)`"
    elif text.startswith("$("):
        yield QUOTE


class _Parser:
    """Precedence climbing: `or`, `and`, `not`, comparisons, sums, products, minus, powers."""

    def __init__(self, text: str) -> None:
        self.tokens = [*_tokens(text), ("end", "")]
        self.position = 0
        self.depth = 0
        self.names: dict[str, None] = {}
        self.paths: dict[str, None] = {}

    def whole(self) -> Expression:
        tree = self.binary(0)
        if self.peek() != ("end", ""):
            raise _unexpected(self.peek()[1])
        return Expression(tree, tuple(self.names), len(self.tokens), tuple(self.paths))

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.position]

    def next(self) -> tuple[str, str]:
        token = self.tokens[self.position]
        self.position += 1
        return token

    def take(self, sign: str) -> bool:
        found = self.peek()[1] == sign
        self.position += found
        return found

    def binary(self, binding: int) -> Any:
        self.depth += 1
        if self.depth > EXPRESSION_DEPTH_LIMIT:
            raise Fault(
                "limit-exceeded",
                f"an expression nested deeper than {EXPRESSION_DEPTH_LIMIT} levels",
            )
        left = self.operand()
        while True:
            sign = self.peek()[1]
            strength = _BINDING.get(sign, 0)
            if strength == 0 or strength < binding:
                break
            self.next()
            right = self.binary(strength if sign == "**" else strength + 1)
            if sign in DIVISIONS and right == ("number", 0):
                raise Fault("division-by-zero", f"`{sign} 0` divides by zero")
            if sign in COMPARISONS and self.peek()[1] in COMPARISONS:
                raise Fault("invalid-expression", "comparisons do not chain: join two with `and`")
            left = (sign, left, right)
        self.depth -= 1
        return left

    def operand(self) -> Any:
        kind, text = self.next()
        if kind == "number":
            return ("number", _number(text))
        if text == "not":
            return ("not", self.binary(_NOT))
        if text == "-":
            return ("minus", self.binary(_MINUS))
        if text == "(":
            inner = self.binary(0)
            self.close()
            return inner
        if kind == "word":
            return ("word", text)
        if kind != "name" or text in ("and", "or"):
            raise _unexpected(text)
        if "." in text:
            return self.size_of(text)
        if text in ("true", "false"):
            return ("number", text == "true")
        if self.peek()[1] == "(":
            return self.call(text)
        self.names[text] = None
        tree: Any = ("name", text)
        while self.take("["):
            tree = ("item", tree, self.binary(0))
            if not self.take("]"):
                raise _unexpected(self.peek()[1], "; a bracket is not closed")
        return tree

    def size_of(self, text: str) -> Any:
        """A size of a layer: ``stem.channels``, ``stage1.2.conv.height``."""
        path, _, size = text.rpartition(".")
        if size not in SIZES:
            raise Fault(
                "invalid-expression",
                f"{quoted(text)} names no size: after the name of a layer stands one of "
                f"{', '.join(SIZES)}",
                suggestions=nearest(size, SIZES, f"{path}."),
            )
        self.paths[path] = None
        return ("size", path, size)

    def call(self, name: str) -> Any:
        if name not in FUNCTIONS:
            raise Fault(
                "invalid-expression",
                f"{quoted(name)} is no function; there are {', '.join(FUNCTIONS)}",
                suggestions=nearest(name, FUNCTIONS),
            )
        self.next()
        arguments = [self.binary(0)]
        while self.take(","):
            arguments.append(self.binary(0))
        self.close()
        count, given = FUNCTIONS[name], len(arguments)
        if given < 2 if count is None else given != count:
            wanted = {None: "at least two arguments", 1: "one argument", 2: "two arguments"}[count]
            raise Fault("invalid-expression", f"{name} takes {wanted}, not {given}")
        return ("call", name, arguments)

    def close(self) -> None:
        if not self.take(")"):
            raise _unexpected(self.peek()[1], "; a parenthesis is not closed")


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    position, text, token = 0, text.rstrip(), re.compile(_TOKEN)
    while position < len(text):
        match = token.match(text, position)
        if not match:
            rest = text[position:].lstrip()
            sign = rest[:2] if rest[:2] in _OTHER_SIGNS else rest[:1]
            meant = _OTHER_SIGNS.get(sign)
            raise _unexpected(sign, hints=[f"write `{meant}`"] if meant else ())
        yield str(match.lastgroup), match.group(str(match.lastgroup))
        position = match.end()


def _number(text: str) -> int | Fraction:
    value = literal(text)
    if value is None or isinstance(value, bool):
        raise Fault("invalid-expression", f"{quoted(text)} is not written as a decimal number")
    return value


def _unexpected(text: str, more: str = "", hints: Iterable[str] = ()) -> Fault:
    what = quoted(text) if text else "the end of the expression"
    return Fault("invalid-expression", f"{what} is not expected here{more}", suggestions=hints)
