"""The checklist for a new quantity, followed as it is written on a copy of the package."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from pathlib import Path
from textwrap import dedent

import pytest
from process import Result, run

HOUSE = Path(__file__).parents[2]
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
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a copy of the package that has the quantity of docs/contributing.md."""
    folder = tmp_path_factory.mktemp("scratch")
    for part in ("archcalc", "architectures"):
        shutil.copytree(HOUSE / part, folder / part)
    guide = (HOUSE / "docs" / "contributing.md").read_text(encoding="utf-8")
    checklist = guide.split("## Add a quantity\n")[1].split("\n## ")[0]
    file = re.search(r"`(\S+\.py)`\n\n   ```python\n(.*?)   ```", checklist, re.DOTALL)
    line = re.search(r"line, here `(\w+)\.(\w+)`, to the table in `(\S+)`", checklist)
    assert file
    assert line
    (folder / file[1]).write_text(dedent(file[2]), encoding="utf-8")
    table = folder / line[3]
    text = table.read_text(encoding="utf-8")
    text = text.replace("import computation", f"import {line[1]}, computation", 1)
    text = text.replace("\n    )\n}\n", f"\n        {line[1]}.{line[2]},\n    )\n}}\n", 1)
    table.write_text(text, encoding="utf-8")
    return folder


class Scratch:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *args: str, **files: str) -> Result:
        for name, text in {"net": LAYERS, **files}.items():
            (self.folder / f"{name}.yaml").write_text(text, encoding="utf-8")
        return run(*args, cwd=self.folder)


@pytest.fixture
def archcalc(scratch: Path) -> Scratch:
    return Scratch(scratch)


def test_a_column_that_can_be_sorted_by(archcalc: Scratch) -> None:
    chosen = ["--columns", "name,bias_uses", "--sort", "bias_uses"]
    out = archcalc("table", "net.yaml", "--format", "csv", *chosen).out
    rows = list(csv.reader(io.StringIO(out)))
    assert rows == [
        ["name", "bias_uses"], ["wide", str(WIDE)], ["narrow", str(NARROW)], ["pool", "0"],
    ]  # fmt: skip


def test_every_column_of_csv(archcalc: Scratch) -> None:
    rows = csv.DictReader(io.StringIO(archcalc("table", "net.yaml", "--format", "csv").out))
    assert [row["bias_uses"] for row in rows] == [str(NARROW), str(WIDE), "0"]


def test_json_of_layers_and_totals(archcalc: Scratch) -> None:
    document = json.loads(archcalc("table", "net.yaml", "--format", "json").out)
    assert [layer["bias_uses"] for layer in document["layers"]] == [NARROW, WIDE, 0]
    assert document["totals"]["bias_uses"] == TOTAL


@pytest.mark.parametrize("form", ["table", "markdown"])
def test_a_line_among_the_totals(archcalc: Scratch, form: str) -> None:
    out = archcalc("table", "net.yaml", "--format", form).out
    assert re.search(rf"bias uses\W+{TOTAL}$", out, re.MULTILINE)


def test_expectations(archcalc: Scratch) -> None:
    holds = f"expect: {{bias_uses: {TOTAL}, layers: {{wide: {{bias_uses: {WIDE}}}}}}}\n"
    assert archcalc("check", "holds.yaml", holds=LAYERS + holds).status == 0
    broken = archcalc("check", "broken.yaml", broken=f"{LAYERS}expect: {{bias_uses: 64}}\n")
    assert broken.status == 1
    assert f"bias_uses is {TOTAL}, and 64 is expected: 1 less" in broken.out


def test_a_budget_says_where_most_is(archcalc: Scratch) -> None:
    bounded = archcalc("check", "bounded.yaml", bounded=f"{LAYERS}budget: {{bias_uses: 60}}\n")
    assert bounded.status == 1
    assert f"bias_uses is {TOTAL}, over the budget of 60 by 3" in bounded.out
    assert f"most is in wide ({WIDE}), narrow ({NARROW})" in bounded.out


def test_a_bound_as_an_option(archcalc: Scratch) -> None:
    assert archcalc("check", "net.yaml", "--max-bias-uses", str(TOTAL)).status == 0
    assert archcalc("check", "net.yaml", "--max-bias-uses", str(TOTAL - 1)).status == 1


def test_a_printed_figure(archcalc: Scratch) -> None:
    figure = f"published: [{{quantity: bias_uses, value: {TOTAL}, source: somebody}}]\n"
    printed = archcalc("published", "printed.yaml", printed=LAYERS + figure)
    assert "1 of 1 printed figures agree" in printed.out


def test_comparison_and_difference(archcalc: Scratch) -> None:
    wider = LAYERS.replace("filters: 5", "filters: 6")
    more = TOTAL + 3 * 3
    compared = archcalc("compare", "net.yaml", "wider.yaml", "--format", "json", wider=wider)
    first, second = json.loads(compared.out)["networks"]
    assert [first["totals"]["bias_uses"], second["totals"]["bias_uses"]] == [TOTAL, more]
    diff = archcalc("diff", "net.yaml", "wider.yaml", wider=wider).out
    assert re.search(rf"^bias_uses +{TOTAL} -> {more} ", diff, re.MULTILINE)
    assert f"bias_uses {WIDE} -> {WIDE + 3 * 3}" in diff


def test_the_report_and_the_schema(archcalc: Scratch) -> None:
    assert archcalc("report", "net.yaml", "-o", "reports").status == 0
    report = (archcalc.folder / "reports" / "net.md").read_text(encoding="utf-8")
    assert f"| bias uses | {TOTAL} | additions of a bias, of one sample |" in report
    definitions = json.loads(archcalc("schema").out)["$defs"]
    assert "bias_uses" in definitions["expect"]["properties"]
    assert "bias_uses" in definitions["budget"]["properties"]
