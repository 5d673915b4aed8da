"""Which layers hold the cost."""

from __future__ import annotations

from archcalc.views.cost import holders


def test_the_holders_of_80_percent_are_the_fewest_rows_that_reach_it() -> None:
    found = holders("MACs", [("a", 10), ("b", 50), ("c", 30), ("d", 10), ("e", 0)])
    assert found.largest == [("b", 50), ("c", 30)]
    assert (found.total, found.rows) == (10 + 50 + 30 + 10, 4)
    assert holders("MACs", [("a", 0)]).largest == []
