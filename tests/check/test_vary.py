"""`archcalc check --vary`: a file under several values, each finding once with where it is."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from process import Result, run

from archcalc.limits import VARIED_LAYERS_LIMIT
from archcalc.renderers import FINDING_FORMATS

NET = """\
name: varied
input: 57x57x4
variables: {depth: 2, width: 4}
layers:
  - {type: conv, name: a, filters: $width, kernel: 3, stride: 2}
  - {type: maxpool, name: b, kernel: 2, when: $(depth > 1)}
  - {type: maxpool, name: c, kernel: 3, when: $(depth > 2)}
  - {type: conv, name: d, filters: 2, kernel: 1, groups: 2}
"""
# 57 -> 28; with depth 2 to 14; with depth 3 (14 - 3)/3 + 1 = 4.67. 3 channels have no 2 groups.


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "net.yaml"
    path.write_text(NET)
    return path


def checked(file: Path, *options: str, status: int = 0) -> Result:
    result = run("check", *options, file.name, cwd=file.parent)
    assert result.status == status, result
    return result


def found(file: Path, *options: str) -> list[tuple[str, str | None, list[dict[str, str]]]]:
    """Rule, layer and variants of every finding, as JSON has them."""
    result = run("check", "--format", "json", *options, file.name, cwd=file.parent)
    (document,) = json.loads(result.out)["files"]
    return [(d["rule"], d["layer"], d["variants"]) for d in document["diagnostics"]]


def test_a_finding_names_the_values_that_it_is_found_with(file: Path) -> None:
    assert checked(file, "--vary", "depth=1,2").out == "1 file checked: nothing found\n"
    three = {"depth": "3"}
    assert found(file, "--vary", "depth=1,2,3") == [("illegal-stride", "c", [three])]
    out = checked(file, "--strict", "--vary", "depth=1,2,3", status=1).out
    assert out.splitlines()[0].endswith(" (with depth=3)")


def test_all_combinations_are_checked(file: Path) -> None:
    every = [{"depth": d, "width": w} for d, w in product("123", "346")]
    assert found(file, "--vary", "depth=1,2,3", "--vary", "width=3,4,6") == [
        ("illegal-stride", "c", [v for v in every if v["depth"] == "3" and v["width"] != "3"]),
        ("indivisible-groups", "d", [v for v in every if v["width"] == "3"]),
    ]
    out = checked(file, "--vary", "depth=1,2,3", "--vary", "width=3,4,6", status=1).out
    assert " (with depth=3 and width=4 or 6)\n" in out
    assert " (with width=3)\n" in out


def test_what_is_in_every_combination_names_none(file: Path) -> None:
    file.write_text(NET.replace("57x57", "58x58"))
    out = checked(file, "--vary", "depth=1,2").out
    assert out.count("illegal-stride") == 1
    assert "(with" not in out
    ((_, _, variants),) = found(file, "--vary", "depth=1,2")
    assert variants == [{"depth": "1"}, {"depth": "2"}]


def test_combinations_that_are_no_grid_are_listed(file: Path) -> None:
    net = NET.replace("$(depth > 2)", "$(depth > 2 or width > 6)").replace("depth > 1", "true")
    file.write_text(net)
    out = checked(file, "--vary", "depth=2,3", "--vary", "width=4,8").out
    assert "(with depth=2, width=8; depth=3, width=4; depth=3, width=8)" in out


def test_every_format_names_them(file: Path) -> None:
    options = ("--vary", "depth=2,3")
    for name in FINDING_FORMATS:
        out = checked(file, *options, "--format", name).out
        assert ('"depth": "3"' if name == "json" else "(with depth=3)") in out
    sarif: Any = json.loads(checked(file, *options, "--format", "sarif").out)
    (result,) = sarif["runs"][0]["results"]
    assert result["properties"]["variants"] == [{"depth": "3"}]


def test_budgets_hold_in_every_combination_and_expectations_in_the_file_s_own(file: Path) -> None:
    # weights and biases of a: 9 * 4 * width + width; of d: width + 2, its groups reading half each
    params = {width: 36 * width + width + width + 2 for width in (4, 8)}
    file.write_text(f"{NET}expect: {{params: {params[4]}}}\nbudget: {{params: {params[4]}}}\n")
    assert [v for r, _, v in found(file, "--vary", "width=4,8") if r == "budget"] == [
        [{"width": "8"}]
    ]
    assert found(file, "--vary", "width=8")[0][0] == "budget"
    out = checked(file, "--vary", "width=4,8", "--format", "junit", status=1).out
    cases = {case.get("name"): len(case) for case in ElementTree.fromstring(out).iter("testcase")}
    assert cases == {
        "rules": 0,
        f"expectation: params {params[4]} (with width=4)": 0,
        f"budget: params {params[4]} (with width=4)": 0,
        f"budget: params {params[4]} (with width=8)": 1,
    }


def test_an_entry_that_one_combination_needs_is_not_stale(file: Path) -> None:
    file.write_text(f"{NET}allow:\n  - {{rule: illegal-stride, at: c, because: known}}\n")
    assert [rule for rule, _, _ in found(file, "--vary", "depth=1,2")] == ["stale-allow"]
    assert found(file, "--vary", "depth=1,2,3") == []


def test_suggestions_hold_in_every_combination_of_their_finding(file: Path) -> None:
    # 16 -> (16 - s)/s + 1 with stride 3, 5: 16x16 fits neither, and 15x15 both
    file.write_text(
        "name: x\ninput: 16x16x1\nvariables: {s: 1}\nlayers:\n"
        "  - {type: maxpool, kernel: $s, stride: $s}\n"
    )
    out = checked(file, "--vary", "s=1,3,5").out
    assert out.count("an input of 15x15x1 gives 5x5") == 1
    assert out.count("an input of 15x15x1 gives 3x3") == 1


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("depth", "Invalid value for '--vary': \"depth\" is not NAME=VALUE,VALUE,..."),
        ("depth=", "Invalid value for '--vary': \"depth=\" is not NAME=VALUE"),
        ("depth=1,,2", "Invalid value for '--vary': "),
        ("dept=1,2", '--vary dept=1: there is no variable "dept"; there are: depth, width; did'),
        ("width=4,abc", '--vary width=abc: the file uses "width" as a number; there it is 4'),
        ("width=" + ",".join(map(str, range(1, 66))), "65 combinations of values; at most 64"),
    ],
)
def test_a_mistake_is_one_of_the_option(file: Path, value: str, message: str) -> None:
    assert message in checked(file, "--vary", value, status=2).err


def test_a_variable_has_its_values_from_one_option(file: Path) -> None:
    twice = checked(file, "--vary", "depth=1", "--vary", "depth=2", status=2)
    assert '"depth" is varied twice' in twice.err
    both = checked(file, "--vary", "depth=1", "--set", "depth=2", status=2)
    assert '"depth" has a value already' in both.err
    assert found(file, "--vary", "depth=1,3", "--set", "width=3")[0][0] == "indivisible-groups"


def test_a_list_is_one_value(file: Path) -> None:
    file.write_text(
        "name: x\ninput: 8x8x3\nvariables: {widths: [4, 8]}\nlayers:\n"
        "  - {type: conv, filters: '$(widths[1])', kernel: 3}\n"
        "  - {type: conv, filters: 5, kernel: 1, groups: 5}\n"
    )
    assert found(file, "--vary", "widths=[4,10],[4,8]") == [
        ("indivisible-groups", "conv2", [{"widths": "[4,8]"}])
    ]


def test_the_work_is_bounded(file: Path) -> None:
    file.write_text(
        "name: x\ninput: 8x8x3\nvariables: {n: 1}\nlayers:\n"
        "  - {repeat: 60000, layers: [{type: relu}, {type: relu, when: $(n > 99)}]}\n"
    )
    assert VARIED_LAYERS_LIMIT == 300_000
    values = ",".join(map(str, range(1, 65)))
    ((rule, layer, _),) = found(file, "--vary", f"n={values}")
    assert rule == "limit-exceeded"
    assert layer is None
    out = checked(file, "--vary", f"n={values}", status=1).out
    assert "64 combinations are not checked: together they have more than 300,000 layers" in out


def test_a_mistake_of_the_file_is_shown_once(file: Path) -> None:
    file.write_text(NET.replace("groups: 2", "groops: 2"))
    out = checked(file, "--vary", "depth=1,2,3", "--vary", "width=3,4", status=1).out
    assert out.count("unknown-key") == 1
