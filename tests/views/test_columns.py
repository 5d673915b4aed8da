from __future__ import annotations

import pytest
from nets import net

from archcalc.analysis.quantities import QUANTITIES
from archcalc.views.cells import written
from archcalc.views.columns import COLUMNS, DEFAULT, column
from archcalc.views.rows import rows


def cell(name: str, entry: str | list[str], input: str = "9x9x2") -> str:
    row = rows(net(entry, input))[-1]
    return written(column(name).value(row), str)


def test_every_quantity_of_layers_is_a_column() -> None:
    quantities = [q.name for q in QUANTITIES.values() if q.of_layer]
    assert set(quantities) <= set(COLUMNS)
    assert set(DEFAULT) <= set(COLUMNS)


def test_an_unknown_column_is_answered_with_the_nearest() -> None:
    with pytest.raises(ValueError, match="did you mean `params`"):
        column("param")


@pytest.mark.parametrize(
    ("name", "entry", "text"),
    [
        ("kernel", "{type: conv, filters: 1, kernel: 3}", "3"),
        ("kernel", "{type: conv, filters: 1, kernel: [3, 1]}", "3x1"),
        ("padding", "{type: conv, filters: 1, kernel: 3, padding: 1}", "1"),
        ("padding", "{type: conv, filters: 1, kernel: 3, padding: [1, 0]}", "1x0"),
        ("padding", "{type: conv, filters: 1, kernel: 3, padding: [[1, 0], [1, 0]]}", "1+0"),
        ("padding", "{type: conv, filters: 1, kernel: 2, padding: same}", "0+1"),
        ("exact", "{type: maxpool, kernel: 2, stride: 2}", "4.5"),
        ("exact", "{type: relu}", ""),
        ("flags", "{type: maxpool, kernel: 2, stride: 2}", "illegal-stride"),
        ("flags", "{type: maxpool, kernel: 3, stride: 2}", ""),
        (
            "flags",
            "{type: maxpool, kernel: 2, stride: 2, padding: 1}",
            "illegal-stride (nothing lost)",
        ),
        ("groups", "{type: depthwise_conv, kernel: 3}", "2"),
        ("type", "{type: conv, filters: 1, kernel: 3, activation: relu}", "conv + relu"),
        ("activation", "{type: conv, filters: 1, kernel: 3, activation: relu}", "relu"),
        ("input", "{type: relu}", "9x9x2"),
        ("inputs", "{type: relu}", "input"),
        ("receptive_field", "{type: conv, filters: 1, kernel: [3, 5]}", "3x5"),
        ("receptive_field", "{type: linear, units: 1}", "all"),
        ("field_stride", "{type: upsample, scale: 2}", "1/2"),
        ("field_start", "{type: conv, filters: 1, kernel: 3, padding: 1}", "-1"),
        ("line", "{type: relu}", "4"),
    ],
)
def test_cells(name: str, entry: str, text: str) -> None:
    assert cell(name, entry) == text


def test_a_field_of_paths_that_do_not_meet_is_marked() -> None:
    uneven = "{type: conv, filters: 2, kernel: 2, padding: [[1, 0], [1, 0]]}"
    entry = f"{{type: add, branches: [[{uneven}], []]}}"
    assert cell("receptive_field", entry) == "2 ~"


def test_the_local_field_stands_beside_the_whole() -> None:
    gate = "{type: multiply, branches: [[{type: global_avgpool}], []]}"
    assert cell("receptive_field", gate) == "1 (all)"


def test_shares_are_of_the_whole_network_and_add_up_when_folded() -> None:
    analysis = net(
        "{layers: [{type: conv, filters: 3, kernel: 1, bias: false}], repeat: 3}", "2x2x3"
    )
    column = COLUMNS["params_share"]
    assert [column.value(row) for row in rows(analysis)] == ["33.3%"] * 3
    assert [column.value(row) for row in rows(analysis, fold=1)] == ["100%"]
    assert [(column.plain or column.value)(row) for row in rows(analysis)] == ["0.333333"] * 3
    nothing = net("{type: relu}", "2x2x3")
    assert [(column.value(row), column.plain and column.plain(row)) for row in rows(nothing)] == [
        ("0%", "0")
    ]


@pytest.mark.parametrize("entry", [
    "{type: conv, filters: 2, kernel: [3, 5], stride: 2, padding: same, dilation: 2}",
    "{type: maxpool, kernel: 3, stride: 2, padding: 1, ceil_mode: true}",
    "{type: conv_transpose, filters: 2, kernel: 4, stride: 2, padding: [[0, 1], [2, 3]]}",
    "{type: blurpool, kernel: 3, stride: 2}",
    "{type: unfold, kernel: 3}",
    "{type: relu}",
])  # fmt: skip
def test_columns_hold_the_geometry_of_a_layer(entry: str) -> None:
    row = rows(net(entry, "16x16x4"))[-1]
    for name in ("kernel", "stride", "dilation", "padding"):
        sides = row.last.geometry.get(name)
        if sides and name == "padding":
            same = all(before == after for before, after in sides)
            sides = [before if same else f"{before}+{after}" for before, after in sides]
        texts = list(map(str, sides or [""]))
        shown = written(column(name).value(row), str)
        assert shown == (texts[0] if len(set(texts)) == 1 else "x".join(texts))
