"""Sorted numbers in words, each as a person would say it, and read back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archcalc.views.progressions import pattern, words


@pytest.mark.parametrize(
    ("numbers", "low", "high", "said"),
    [
        ([], 1, 100, "none"),
        (range(32, 101), 32, 100, "all"),
        (range(40, 101), 32, 100, "all from 40"),
        (range(32, 1025, 32), 1, 1024, "multiples of 32"),
        (range(188, 1025, 16), 1, 1024, "188 + 16 n"),
        ([n for n in range(1, 1025) if 1 <= n % 32 <= 4], 1, 1024, "32 n + 1 to 32 n + 4"),
        ([n for n in range(1, 101) if n % 8 in (3, 5)], 1, 100, "8 n + 3, 8 n + 5"),
        ([1, 2, 3, 7], 1, 1024, "1 to 3, 7"),
        ([3, *range(40, 101, 10)], 1, 100, "3, 40 + 10 n"),
        ([1500], 1000, 2000, "1,500"),
    ],
)
def test_as_a_person_says_it(numbers: list[int], low: int, high: int, said: str) -> None:
    assert words(list(numbers), low, high) == said


@given(st.sets(st.integers(1, 60)), st.integers(1, 12), st.sets(st.integers(0, 11)))
def test_a_pattern_gives_the_numbers_back(few: set[int], period: int, rests: set[int]) -> None:
    tail = {n for n in range(61, 301) if n % period in rests}
    for numbers in (sorted(few), sorted(few | tail)):
        found = pattern(numbers, 1, 300)
        again = {n for first, last in found.irregular for n in range(first, last + 1)}
        for first, last in found.runs:
            for start in range(first, 301, found.period):
                again.update(range(start, min(start + last - first, 300) + 1))
        assert sorted(again) == numbers
