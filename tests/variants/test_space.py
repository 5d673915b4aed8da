"""Lists and ranges of values as people write them."""

from __future__ import annotations

import pytest

from archcalc.variants.space import axis, count, space, title, variant, variants


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("w=1,2", ["1", "2"]),
        ("w=0.25..1:0.25", ["0.25", "0.5", "0.75", "1"]),
        ("w=1..4", ["1", "2", "3", "4"]),
        ("w=1..4:2", ["1", "3"]),
        ("w=0.1..0.35:0.1", ["0.1", "0.2", "0.3"]),
        ("w=-1..1", ["-1", "0", "1"]),
        ("w=1,4..6,9", ["1", "4", "5", "6", "9"]),
        ("w=[16,32],[8]", ["[16,32]", "[8]"]),
        ("input=160,192x128", ["160", "192x128"]),
        ("input=64x64,channels=4,32", ["64x64,channels=4", "32"]),
        ("act=relu,silu", ["relu", "silu"]),
    ],
)
def test_values(text: str, values: list[str]) -> None:
    assert list(axis(text).values) == values


def test_the_last_axis_changes_fastest() -> None:
    axes = space(["a=1,2", "b=x,y,z"])
    every = [title(values) for values in variants(axes)]
    assert every == [f"a={a} b={b}" for a in (1, 2) for b in "xyz"]
    assert count(axes) == 6
    assert [title(variant(axes, index)) for index in range(6)] == every
