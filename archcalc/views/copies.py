"""Equal things that are said of several copies, said once."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from itertools import groupby
from typing import TypeVar

Said = TypeVar("Said", bound=Hashable)


def folded(items: Iterable[tuple[str, Said]]) -> list[tuple[str, Said]]:
    """Each path with what is said of it; of copies with ``[0-3]`` in the place of their numbers.

    The order is that of the first of each.
    """
    found = dict.fromkeys((tuple(path.split(".")), said) for path, said in items)
    longest = max((len(parts) for parts, _ in found), default=0)
    for place in range(longest - 1, -1, -1):
        alike: dict[tuple[tuple[str, ...], Said], list[int]] = {}
        for parts, said in found:
            if place < len(parts) and parts[place].isdigit():
                key, number = (*parts[:place], "", *parts[place + 1 :]), int(parts[place])
                alike.setdefault((key, said), []).append(number)
            else:
                alike[parts, said] = []
        found = dict.fromkeys(
            ((*parts[:place], _written(numbers), *parts[place + 1 :]) if numbers else parts, said)
            for (parts, said), numbers in alike.items()
        )
    return [(".".join(parts), said) for parts, said in found]


def paired(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The pairs of paths, copies of both with one number as one pair."""
    return [(_filled(old, path), path) for path, old in folded(map(_opened, pairs))]


def _opened(pair: tuple[str, str]) -> tuple[str, str]:
    """The second path, and the first with ``*`` for its numbers where these are the same."""
    one, other = (path.split(".") for path in pair)
    if list(filter(str.isdigit, one)) != list(filter(str.isdigit, other)):
        return pair[1], pair[0]
    return pair[1], ".".join("*" if part.isdigit() else part for part in one)


def _filled(pattern: str, path: str) -> str:
    numbers = iter([part for part in path.split(".") if part[0] == "[" or part.isdigit()])
    return ".".join(next(numbers) if part == "*" else part for part in pattern.split("."))


def _written(numbers: Sequence[int]) -> str:
    """``3``, ``[0-3]``, ``[0,2-5]``."""
    if len(numbers) == 1:
        return str(numbers[0])
    runs = [
        [number for _, number in run]
        for _, run in groupby(enumerate(sorted(numbers)), lambda pair: pair[1] - pair[0])
    ]
    return f"[{','.join(f'{r[0]}-{r[-1]}' if len(r) > 1 else str(r[0]) for r in runs)}]"
