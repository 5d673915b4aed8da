"""Folding, sorting and cutting the rows."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest

import archcalc
from archcalc.views.columns import COLUMNS, column
from archcalc.views.rows import Row, rows
from archcalc.views.selection import selection

FILE = """\
name: net
input: 16x16x3
blocks:
  one:
    layers:
      - {type: conv, name: conv, filters: 4, kernel: 3, activation: relu}
layers:
  - name: stage
    repeat: 2
    layers:
      - type: concat
        name: cat
        branches:
          left:
            - {type: conv, name: a, filters: 2, kernel: 1}
            - {type: relu, name: act}
          right:
            - {type: conv, name: b, filters: 3, kernel: 1}
        activation: relu
  - {type: separable_conv, name: sep, filters: 8, kernel: 3, activation: relu6}
  - {block: one, name: only}
  - {type: conv, name: wide, filters: 5, kernel: 3, stride: 2}
  - {type: linear, name: fc, units: 7}
"""


@pytest.fixture(scope="module")
def analysis() -> archcalc.Analysis:
    return archcalc.analyze(archcalc.loads(FILE))


def brief(found: list[Row]) -> list[tuple[str, str, str | None]]:
    return [(row.name, row.type, row.activation) for row in found]


def test_without_folding_every_layer_is_a_row(analysis: archcalc.Analysis) -> None:
    found = rows(analysis)
    assert [row.name for row in found] == [layer.name for layer in analysis.layers]
    assert not any(row.is_folded for row in found)


def test_level_one_has_a_row_for_each_entry(analysis: archcalc.Analysis) -> None:
    found = rows(analysis, fold=1)
    assert brief(found) == [
        ("stage", "group", None),
        ("sep", "separable_conv", "relu6"),
        ("only", "one", None),
        ("wide", "conv", None),
        ("fc", "linear", None),
    ]
    assert [row.is_folded for row in found] == [True, True, True, False, False]


def test_a_merge_is_folded_with_its_branches(analysis: archcalc.Analysis) -> None:
    found = rows(analysis, fold=3)[:2]
    assert brief(found) == [
        ("stage.0.cat", "concat", "relu"),
        ("stage.1.cat", "concat", "relu"),
    ]
    # a: 3 x 2 + 2 parameters, b: 3 x 3 + 3; the volumes of a, b and the concatenation
    assert column("params").value(found[0]) == 3 * 2 + 2 + 3 * 3 + 3
    assert column("activation_elements").value(found[0]) == 16 * 16 * (2 + 3 + 5)
    assert column("output").value(found[0]) == "16x16x5"


def test_a_branch_says_that_it_is_one(analysis: archcalc.Analysis) -> None:
    assert brief(rows(analysis, fold=4)[:3]) == [
        ("stage.0.cat.left", "branch", None),
        ("stage.0.cat.right", "branch", None),
        ("stage.0.cat", "concat", "relu"),
    ]


@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("name", ["params", "macs", "flops", "activation_bytes", "connections"])
def test_sums_are_kept(analysis: archcalc.Analysis, level: int, name: str) -> None:
    value = column(name).value
    assert sum(map(value, rows(analysis, fold=level))) == sum(map(value, rows(analysis)))  # type: ignore[arg-type]


def test_a_folded_row_has_no_window_and_no_one_kernel(analysis: archcalc.Analysis) -> None:
    only = rows(analysis, fold=1)[2]
    assert only.name == "only"
    assert [column(name).value(only) for name in ("kernel", "stride", "exact")] == [None] * 3


@pytest.mark.parametrize("name", [c.name for c in COLUMNS.values() if c.numeric])
def test_numbers_are_sorted_from_the_largest(analysis: archcalc.Analysis, name: str) -> None:
    value = column(name).plain or column(name).value
    values = [Fraction(value(row) or 0) for row in selection(analysis, sort=name).rows]
    assert values == sorted(values, reverse=True)


def test_sizes_are_sorted_as_sizes(analysis: archcalc.Analysis) -> None:
    found = selection(analysis, sort="output").rows
    elements = [row.last.output.elements for row in found]
    assert elements == sorted(elements, reverse=True)
    fields = [
        column("receptive_field").value(row)
        for row in selection(analysis, sort="receptive_field").rows
    ]
    assert fields == ["all", "7", "5", "3", "3", *["1"] * 8]


def test_flags_come_first_and_empty_cells_last(analysis: archcalc.Analysis) -> None:
    assert selection(analysis, sort="flags").rows[0].name == "wide"
    kernels = [column("kernel").value(row) for row in selection(analysis, sort="kernel").rows]
    assert kernels[0] == "3"
    assert kernels[-1] is None
    words = [column("activation").value(row) for row in selection(analysis, sort="activation").rows]
    known = [word for word in words if word]
    assert words[: len(known)] == known == sorted(map(str, known))


def test_equal_rows_keep_the_order_of_the_file(analysis: archcalc.Analysis) -> None:
    place = {layer.name: index for index, layer in enumerate(analysis.layers)}
    found = [
        row for row in selection(analysis, sort="params").rows if not column("params").value(row)
    ]
    assert all(place[a.name] < place[b.name] for a, b in pairwise(found))


def test_top_cuts_after_sorting(analysis: archcalc.Analysis) -> None:
    assert [row.name for row in selection(analysis, sort="params", top=1).rows] == ["fc"]


@pytest.mark.parametrize("name", list(COLUMNS))
def test_every_column_can_be_sorted_by(analysis: archcalc.Analysis, name: str) -> None:
    assert len(selection(analysis, fold=1, sort=name).rows) == len(rows(analysis, fold=1))
