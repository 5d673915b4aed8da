"""What has a quantity, once the files of its checklist are as it says."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from checklists import Scratch, changed
from process import Result

LAYERS = """\
name: net
input: 3x3x1
layers:
  - {type: conv, name: narrow, filters: 2, kernel: 1}
  - {type: conv, name: wide, filters: 5, kernel: 1}
  - {type: global_avgpool, name: pool}
"""
# A bias for every filter at each of 3 x 3 positions, and none in the pooling.
NARROW, WIDE = 2 * 3 * 3, 5 * 3 * 3
TOTAL = NARROW + WIDE


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    """A copy of the repository that has the quantity of docs/contributing.md."""
    return changed("Add a quantity", tmp_path_factory.mktemp("scratch"))


class Commands:
    """The archcalc of the copy, with files beside it."""

    def __init__(self, scratch: Scratch) -> None:
        self.scratch = scratch
        self.folder = scratch.folder

    def __call__(self, *args: str, **files: str) -> Result:
        for name, text in {"net": LAYERS, **files}.items():
            (self.folder / f"{name}.yaml").write_text(text, encoding="utf-8")
        return self.scratch.run(*args)


@pytest.fixture
def archcalc(scratch: Scratch) -> Commands:
    return Commands(scratch)


def test_a_column_that_can_be_sorted_by(archcalc: Commands) -> None:
    chosen = ["--columns", "name,bias_uses", "--sort", "bias_uses"]
    out = archcalc("table", "net.yaml", "--format", "csv", *chosen).out
    rows = list(csv.reader(io.StringIO(out)))
    assert rows == [
        ["name", "bias_uses"], ["wide", str(WIDE)], ["narrow", str(NARROW)], ["pool", "0"],
    ]  # fmt: skip


def test_every_column_of_csv(archcalc: Commands) -> None:
    rows = csv.DictReader(io.StringIO(archcalc("table", "net.yaml", "--format", "csv").out))
    assert [row["bias_uses"] for row in rows] == [str(NARROW), str(WIDE), "0"]


def test_json_of_layers_and_totals(archcalc: Commands) -> None:
    document = json.loads(archcalc("table", "net.yaml", "--format", "json").out)
    assert [layer["bias_uses"] for layer in document["layers"]] == [NARROW, WIDE, 0]
    assert document["totals"]["bias_uses"] == TOTAL


@pytest.mark.parametrize("form", ["table", "markdown"])
def test_a_line_among_the_totals(archcalc: Commands, form: str) -> None:
    out = archcalc("table", "net.yaml", "--format", form).out
    assert re.search(rf"bias uses\W+{TOTAL}$", out, re.MULTILINE)


def test_expectations(archcalc: Commands) -> None:
    holds = f"expect: {{bias_uses: {TOTAL}, layers: {{wide: {{bias_uses: {WIDE}}}}}}}\n"
    assert archcalc("check", "holds.yaml", holds=LAYERS + holds).status == 0
    broken = archcalc("check", "broken.yaml", broken=f"{LAYERS}expect: {{bias_uses: 64}}\n")
    assert broken.status == 1
    assert f"bias_uses is {TOTAL}, and 64 is expected: 1 less" in broken.out


def test_a_budget_says_where_most_is(archcalc: Commands) -> None:
    bounded = archcalc("check", "bounded.yaml", bounded=f"{LAYERS}budget: {{bias_uses: 60}}\n")
    assert bounded.status == 1
    assert f"bias_uses is {TOTAL}, over the budget of 60 by 3" in bounded.out
    assert f"most is in wide ({WIDE}), narrow ({NARROW})" in bounded.out


def test_a_bound_as_an_option(archcalc: Commands) -> None:
    assert archcalc("check", "net.yaml", "--max-bias-uses", str(TOTAL)).status == 0
    assert archcalc("check", "net.yaml", "--max-bias-uses", str(TOTAL - 1)).status == 1


def test_a_printed_figure(archcalc: Commands) -> None:
    figure = f"published: [{{quantity: bias_uses, value: {TOTAL}, source: somebody}}]\n"
    printed = archcalc("published", "printed.yaml", printed=LAYERS + figure)
    assert "1 of 1 printed figures agree" in printed.out


def test_comparison_and_difference(archcalc: Commands) -> None:
    wider = LAYERS.replace("filters: 5", "filters: 6")
    more = TOTAL + 3 * 3
    compared = archcalc("compare", "net.yaml", "wider.yaml", "--format", "json", wider=wider)
    first, second = json.loads(compared.out)["networks"]
    assert [first["totals"]["bias_uses"], second["totals"]["bias_uses"]] == [TOTAL, more]
    diff = archcalc("diff", "net.yaml", "wider.yaml", wider=wider).out
    assert re.search(rf"^bias_uses +{TOTAL} -> {more} ", diff, re.MULTILINE)
    assert f"bias_uses {WIDE} -> {WIDE + 3 * 3}" in diff


def test_the_report_and_the_schema(archcalc: Commands) -> None:
    assert archcalc("report", "net.yaml", "-o", "reports").status == 0
    report = (archcalc.folder / "reports" / "net.md").read_text(encoding="utf-8")
    assert f"| bias uses | {TOTAL} | additions of a bias, of one sample |" in report
    definitions = json.loads(archcalc("schema").out)["$defs"]
    assert "bias_uses" in definitions["expect"]["properties"]
    assert "bias_uses" in definitions["budget"]["properties"]
