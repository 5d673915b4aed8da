"""The named factors that explanations are made of."""

from __future__ import annotations

from archcalc.network.counts import NOTHING, product


def test_a_factor_that_is_a_sum_stands_in_parentheses() -> None:
    factors = product(("2 size + 2", 2 * 5 + 2), ("elements", 7))
    assert factors.symbols == "(2 size + 2) x elements"
    assert factors.numbers == "12 x 7"
    assert factors.value == (2 * 5 + 2) * 7


def test_no_factors_are_no_product() -> None:
    assert NOTHING.value == 0
