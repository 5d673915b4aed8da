"""Records are what ``typing.NamedTuple`` is."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from archcalc.record import Record


class Mine(Record):
    """Three fields, two with defaults."""

    size: int
    step: int = 1
    name: str | None = None

    @property
    def twice(self) -> int:
        return 2 * self.size


class Theirs(NamedTuple):
    size: int
    step: int = 1
    name: str | None = None

    @property
    def twice(self) -> int:
        return 2 * self.size


class Below(Mine):
    """Adds no field."""


Build = Callable[[Any], Any]

USES: dict[str, Build] = {
    "by position": lambda kind: kind(3, 2, "a"),
    "by name": lambda kind: kind(step=2, size=3),
    "with defaults": lambda kind: kind(3),
    "a field": lambda kind: kind(3, name="a").name,
    "a property": lambda kind: kind(3).twice,
    "an index": lambda kind: kind(3)[1],
    "unpacked": lambda kind: [*kind(3)],
    "its hash": lambda kind: hash(kind(3)),
    "in order": lambda kind: sorted([kind(3), kind(1, 2), kind(1)]),
    "equal to a tuple": lambda kind: kind(3) == (3, 1, None),
    "as a mapping": lambda kind: list(kind(3)._asdict().items()),
    "with another value": lambda kind: kind(3)._replace(step=7),
    "its fields": lambda kind: (kind._fields, kind.__match_args__),
    "copied": lambda kind: copy.deepcopy(kind(3, 2)),
    "pickled": lambda kind: pickle.loads(pickle.dumps(kind(3, 2))),
    "in text": lambda kind: repr(kind(3, name="a")).partition("(")[2],
}


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("kind", [Mine, Below])
def test_a_record_is_used_like_a_named_tuple(kind: type, use: str) -> None:
    assert USES[use](kind) == USES[use](Theirs)


def test_any_name_may_be_a_field_s() -> None:
    class Change(Record):
        old: int
        new: int
        cls: int = 3
        self: int = 4

    assert Change(1, 2)._asdict() == {"old": 1, "new": 2, "cls": 3, "self": 4}


def test_text_has_the_name_of_the_type() -> None:
    assert repr(Mine(3)) == "Mine(size=3, step=1, name=None)"
    assert repr(Below(3)) == "Below(size=3, step=1, name=None)"


@pytest.mark.parametrize(
    "wrong",
    [
        lambda kind: kind(),
        lambda kind: kind(1, 2, "a", 4),
        lambda kind: kind(1, size=2),
        lambda kind: kind(1, stride=2),
        lambda kind: kind(1)._replace(stride=2),
    ],
)
def test_wrong_values_are_refused(wrong: Build) -> None:
    for kind in (Mine, Theirs):
        with pytest.raises((TypeError, ValueError)):
            wrong(kind)


def test_a_record_does_not_change() -> None:
    for kind in (Mine, Theirs):
        known: Any = kind(1)
        with pytest.raises(AttributeError):
            known.size = 2


def test_a_record_keeps_no_dictionary() -> None:
    for kind in (Mine, Below, Theirs):
        assert not hasattr(kind(1), "__dict__")


def test_records_without_the_interpreter_s_own_getter() -> None:
    code = (
        "import _collections; del _collections._tuplegetter\n"
        "from archcalc.network.volume import Volume\n"
        "print(Volume(3, (7, 7)).spatial, Volume(4))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "(7, 7) 4\n"
