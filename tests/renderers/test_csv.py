from __future__ import annotations

import csv

import pytest

import archcalc
from archcalc.network.training import Settings
from archcalc.views.cells import cells, written
from archcalc.views.columns import COLUMNS, Column
from archcalc.views.rows import Row, rows


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(text.splitlines()))


def test_all_columns_with_plain_integers() -> None:
    analysis = archcalc.analyze(archcalc.load("alexnet"))
    found = read(archcalc.render(analysis, "csv"))
    common = [c for c in COLUMNS.values() if not c.is_of_training and not c.is_rare]
    assert list(found[0]) == [column.name for column in common]
    assert sum(int(row["params"]) for row in found) == analysis.totals.params
    assert sum(int(row["macs"]) for row in found) == analysis.totals.macs
    assert [row["name"] for row in found] == [layer.name for layer in analysis.layers]


def test_columns_of_training_where_the_file_says_how() -> None:
    analysis = archcalc.analyze(archcalc.load("alexnet"), train=Settings())
    found = read(archcalc.render(analysis, "csv"))
    assert list(found[0]) == [name for name, c in COLUMNS.items() if not c.is_rare]
    assert sum(int(row["gradient_bytes"]) for row in found) == analysis.totals.param_bytes


def test_the_type_does_not_repeat_the_activation() -> None:
    first = read(archcalc.render(archcalc.analyze(archcalc.load("vgg16")), "csv"))[0]
    assert (first["type"], first["activation"]) == ("conv", "relu")


def test_a_cell_with_a_comma_is_quoted() -> None:
    analysis = archcalc.analyze(archcalc.load("resnet50"))
    text = archcalc.render(analysis, "csv", columns=["name", "input"])
    row = next(row for row in read(text) if row["name"] == "layer1.0.sum")
    assert row["input"] == "56x56x256, 56x56x256"


@pytest.mark.parametrize("name", ["resnet50", "xception", "googlenet"])
def test_what_copies_share_is_what_each_has(name: str) -> None:
    every = list(COLUMNS.values())

    def text(column: Column, row: Row) -> str:
        return written(column.value(row), str)

    shown = rows(archcalc.analyze(archcalc.load(name), train=Settings()))
    assert list(cells(shown, every, text)) == [[text(c, row) for c in every] for row in shown]


def test_lines_end_alike_everywhere() -> None:
    text = archcalc.render(archcalc.analyze(archcalc.load("vgg16")), "csv")
    assert "\r" not in text
    assert text.endswith("\n")


def test_columns_sorting_folding_and_units() -> None:
    analysis = archcalc.analyze(archcalc.load("resnet50"))
    options = {"columns": ["name", "params"], "fold": 1, "sort": "params", "top": 2}
    assert archcalc.render(analysis, "csv", **options) == (
        "name,params\nlayer4,14964736\nlayer3,7098368\n"
    )
    assert archcalc.render(analysis, "csv", **options, units="si") == (
        "name,params\nlayer4,15M\nlayer3,7.1M\n"
    )
