from __future__ import annotations

import pytest

from archcalc.wording import exact, percent, share, si


def test_exact_keeps_every_digit() -> None:
    assert exact(10**18 + 1) == "1,000,000,000,000,000,001"
    assert exact(0) == "0"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (999, "999"),
        (1000, "1k"),
        (1500, "1.5k"),
        (9408, "9.41k"),
        (15_237_608, "15.2M"),
        (105_415_200, "105M"),
        (15_470_264_320, "15.5G"),
        (2 * 10**15, "2P"),
        (999_499, "999k"),
        (999_500, "1M"),
        (9_995, "10k"),
        (99_950, "100k"),
        (-1500, "-1.5k"),
        (10**22, "10000E"),
    ],
)
def test_si_has_three_digits(value: int, text: str) -> None:
    assert si(value) == text


def test_si_never_has_four_digits() -> None:
    for exponent in range(3, 18):
        for value in (
            10**exponent - 1,
            10**exponent,
            10**exponent + 1,
            9995 * 10 ** (exponent - 3),
        ):
            assert len(si(value)[:-1].replace(".", "")) <= 3


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (0, 0, "0%"),
        (0, 7, "0%"),
        (7, 7, "100%"),
        (1, 3, "33.3%"),
        (2, 3, "66.7%"),
        (1, 2000, "0.1%"),
        (1, 2001, "0.0%"),
        (1999, 2000, "100.0%"),
    ],
)
def test_percent_rounds_to_tenths(part: int, whole: int, text: str) -> None:
    assert percent(part, whole) == text


def test_a_share_that_is_too_small_to_write_is_not_nothing() -> None:
    assert share(1, 10_000) == "<0.1%"
    assert share(0, 10) == "0%"
    assert share(1, 8) == "12.5%"
