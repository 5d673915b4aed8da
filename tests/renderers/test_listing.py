"""The list of architectures."""

from __future__ import annotations

import pytest
from nets import net

import archcalc
from archcalc.renderers.listing import SOURCE_ROOM, render

LONG = "Somebody: a title that goes on and on, past the edge of any terminal there is, and on"


@pytest.fixture(scope="module")
def found() -> list[tuple[str, archcalc.Analysis]]:
    first = net("{type: linear, units: 1000}", "2x3x4", source=f'"{LONG}"', year="1999")
    second = net("{type: relu}", "7")
    return [("first-of-them", first), ("other", second)]


def test_all_there_is_without_a_width(found: list[tuple[str, archcalc.Analysis]]) -> None:
    _, _, first, other = render(found).splitlines()
    # 2 x 3 x 4 inputs, 1000 outputs
    assert first.split()[:6] == ["first-of-them", "2x3x4", "1", "25,000", "24,000", "1999"]
    assert first.endswith(LONG)
    assert other.split() == ["other", "7", "0", "0", "0"]


@pytest.mark.parametrize("width", range(30, 120, 7))
def test_it_fits_and_numbers_are_whole(
    found: list[tuple[str, archcalc.Analysis]], width: int
) -> None:
    lines = render(found, width).splitlines()
    assert max(map(len, lines)) <= width
    assert {"first-of-them", "25,000"} <= set(lines[2].split())


def test_a_source_is_cut_before_anything_is_left_out(
    found: list[tuple[str, archcalc.Analysis]],
) -> None:
    heading, _, first, _ = render(found, 80).splitlines()
    assert heading.split()[-2:] == ["year", "source"]
    assert first.endswith("…")
    assert len(first.partition("1999  ")[2]) >= SOURCE_ROOM


def test_a_source_is_text() -> None:
    evil = net("{type: relu}", "7", source='"\\e[2J [bold]x[/bold]"')
    assert "\\x1b[2J [bold]x[/bold]" in render([("x", evil)])
