"""Source as text: expressions of a file, what texts have in common, and lines that are broken."""

from __future__ import annotations

import keyword
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from archcalc.archfile.arithmetic import evaluate
from archcalc.archfile.expressions import COMPARISONS, Expression
from archcalc.archfile.nodes import UNKNOWN
from archcalc.diagnostics import Fault
from archcalc.exporters.pytorch.line import literal

WIDTH = 100
INDENT = "    "
_STRENGTHS = {
    "or": 1, "and": 2, **dict.fromkeys(COMPARISONS, 4), "+": 5, "-": 5,
    "*": 6, "//": 6, "%": 6, "**": 8,
}  # fmt: skip
_NOT, _MINUS, _ATOM = 3, 7, 9
_CALLS = {"min", "max", "abs", "len", "round", "make_divisible"}

# Names that a module or the file has already: a layer of that name would hide it.
_TAKEN = """
F nn self torch x OrderedDict comb add_module apply bfloat16 buffers children compile cpu cuda
double eval extra_repr float forward get_buffer get_extra_state get_parameter get_submodule half
ipu load_state_dict modules mtia named_buffers named_children named_modules named_parameters
parameters register_backward_hook register_buffer register_forward_hook register_module
register_parameter requires_grad_ set_extra_state set_submodule share_memory state_dict to
to_empty train training type xpu zero_grad matmul pixel_shuffle space_to_depth min max abs len
round range super make_divisible center_crop in_channels keys values items pop append insert
extend get clear copy update setdefault popitem move_to_end fromkeys
"""
TAKEN = frozenset(_TAKEN.split())


class Untold(Exception):
    """An expression that cannot stand in source."""


def identifier(name: str, used: Collection[str] = (), before: str = "layer") -> str:
    """A name in Python that is not used yet."""
    made = re.sub(r"\W", "_", name, flags=re.ASCII)
    if made[:1].isdigit() or made.startswith("__"):
        made = f"{before}_{made}"
    if keyword.iskeyword(made) or made in TAKEN:
        made = f"{made}_"
    number, base = 1, made
    while made in used:
        number += 1
        made = f"{base}_{number}" if base[-1].isdigit() else f"{base}{number}"
    return made


def told(tree: Any, names: Mapping[str, str], sizes: Mapping[str, str]) -> tuple[str, int]:
    """An expression in Python, and how strongly it binds.

    ``names`` and ``sizes`` are the sources of arguments and of sizes of layers.

    Raises:
        Untold: for what is none, or might not be as exact.
    """
    if isinstance(tree, tuple) and _is_constant(tree):
        try:
            value = evaluate(Expression(tree, (), 0), {})
        except Fault:
            raise Untold from None
        if value is UNKNOWN or not isinstance(value, int):
            raise Untold
        return literal(value), _ATOM if value >= 0 else _MINUS
    match tree:
        case ("name", name) if name in names:
            return names[name], strength(names[name])
        case ("size", path, size) if f"{path}.{size}" in sizes:
            text = sizes[f"{path}.{size}"]
            return text, strength(text)
        case ("item", inner, index):
            return f"{told(inner, names, sizes)[0]}[{told(index, names, sizes)[0]}]", _ATOM
        case ("call", name, arguments) if name in _CALLS:
            given = ", ".join(told(argument, names, sizes)[0] for argument in arguments)
            return f"{name}({given})", _ATOM
        case ("not", operand):
            return f"not {_inside(told(operand, names, sizes), _NOT)}", _NOT
        case ("minus", operand):
            return f"-{_inside(told(operand, names, sizes), _MINUS)}", _MINUS
        case (sign, left, right) if sign in _STRENGTHS:
            binds = _STRENGTHS[sign]
            a, b = told(left, names, sizes), told(right, names, sizes)
            if sign == "*" and "1" in (a[0], b[0]):
                return b if a[0] == "1" else a
            first = _inside(a, binds + (sign == "**"))
            second = _inside(b, binds + (sign != "**"))
            if sign == "==" and second in ("True", "False"):
                return (first, a[1]) if second == "True" else (f"not {first}", _NOT)
            return f"{first} {sign} {second}", binds
    raise Untold


def _is_constant(tree: Any) -> bool:
    if isinstance(tree, list):
        return all(map(_is_constant, tree))
    if not isinstance(tree, tuple):
        return True
    if tree[0] in ("name", "size", "word"):
        return False
    return all(map(_is_constant, tree[1:]))


def _inside(part: tuple[str, int], binds: int) -> str:
    return part[0] if part[1] >= binds else f"({part[0]})"


def strength(text: str) -> int:
    """How strongly a source binds, as far as its signs say."""
    outer = re.sub(r"\([^()]*\)", "", text)
    while outer != (outer := re.sub(r"\([^()]*\)", "", outer)):
        pass
    found = [s for sign, s in _STRENGTHS.items() if f" {sign} " in outer]
    if outer.startswith("not "):
        found.append(_NOT)
    return min(found, default=_ATOM)


def renamed(text: str, sources: Mapping[str, str]) -> str:
    """A source with others in the place of names."""

    def other(match: re.Match[str]) -> str:
        source = sources.get(match.group())
        if source is None:
            return match.group()
        return source if strength(source) == _ATOM or text == match.group() else f"({source})"

    return re.sub(r"(?<![\w.])[A-Za-z_]\w*(?!\w|=)", other, text)


_TOKEN = re.compile(r'"[^"]*"|[A-Za-z_]\w*|\d+(?:\.\d+)?(?:e-?\d+)?|\s+|\*\*|//|.', re.S)
_VALUE = re.compile(r"\d.*|True|False")


def tokens(text: str) -> list[str]:
    return _TOKEN.findall(text)


def is_value(token: str) -> bool:
    return bool(_VALUE.fullmatch(token))


def compressed(calls: Sequence[str], variable: str) -> list[str]:
    """Calls in order, those alike as a loop: `*(Block(64) for _ in range(3))`."""
    made: list[str] = []
    at = 0
    while at < len(calls):
        alike = at + 1
        while alike < len(calls) and calls[alike] == calls[at]:
            alike += 1
        if alike - at > 1:
            made.append(f"*({calls[at]} for _ in range({alike - at}))")
            at = alike
            continue
        stop, loop = _progression(calls, at, variable)
        if stop - at > 2:
            made.append(loop)
            at = stop
            continue
        made.append(calls[at])
        at += 1
    return made


def _progression(calls: Sequence[str], start: int, variable: str) -> tuple[int, str]:
    """Calls from one on in which the same number grows by as much each time."""
    first, stop = tokens(calls[start]), start + 1
    place, step = -1, 0
    while stop < len(calls):
        before, after = tokens(calls[stop - 1]), tokens(calls[stop])
        if len(before) != len(after):
            break
        differ = [
            at for at, pair in enumerate(zip(before, after, strict=True)) if pair[0] != pair[1]
        ]
        if len(differ) != 1 or not (before[differ[0]].isdigit() and after[differ[0]].isdigit()):
            break
        by = int(after[differ[0]]) - int(before[differ[0]])
        if by <= 0 or (place >= 0 and (place, step) != (differ[0], by)):
            break
        place, step = differ[0], by
        stop += 1
    if place < 0:
        return stop, ""
    low = int(first[place])
    first[place] = variable
    high = low + step * (stop - start)
    steps = f", {step}" if step > 1 else ""
    return stop, f"*({''.join(first)} for {variable} in range({low}, {high}{steps}))"


def broken(line: str, indent: int, width: int = WIDTH) -> list[str]:
    """A statement in as many lines as it needs, as formatters break them."""
    if indent + len(line) <= width:
        return [" " * indent + line]
    start, stop = _last_brackets(line)
    if start < 0:
        head, sign, rest = re.split(r"((?<=return )|(?<= = ))", line, maxsplit=1)
        if "," not in rest or line.endswith(")"):
            return [" " * indent + line]
        line = f"{head}{sign}({rest})"
        start, stop = len(line) - len(rest) - 2, len(line) - 1
    head, body, tail = line[: start + 1], line[start + 1 : stop], line[stop:]
    inner = indent + len(INDENT)
    if inner + len(body) <= WIDTH:
        lines = [" " * inner + body]
    else:
        parts = parts_of(body)
        comma = "," if len(parts) > 1 else ""
        lines = []
        for part in parts:
            made = broken(part, inner, WIDTH - len(comma))
            lines += [*made[:-1], made[-1] + comma]
    return [" " * indent + head, *lines, " " * indent + tail]


def _last_brackets(line: str) -> tuple[int, int]:
    depth, stop = 0, -1
    for at in range(len(line) - 1, -1, -1):
        sign = line[at]
        if sign in ")]}":
            stop = at if depth == 0 else stop
            depth += 1
        elif sign in "([{":
            depth -= 1
            if depth == 0 and stop - at > 1:
                return at, stop
    return -1, -1


def parts_of(body: str) -> list[str]:
    """What stands between the commas that are in no brackets."""
    parts, depth, start = [], 0, 0
    for at, sign in enumerate(body):
        depth += (sign in "([{") - (sign in ")]}")
        if sign == "," and depth == 0:
            parts.append(body[start:at].strip())
            start = at + 1
    rest = body[start:].strip()
    return [*parts, rest] if rest else parts
