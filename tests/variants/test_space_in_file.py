"""``sweep:`` in a file: the values that are tried."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from process import run

FILE = """\
name: W
input: 8x8x1
variables: {width: 4, kernels: [3], copies: 1}
layers:
  - {type: conv, name: conv1, filters: $width, kernel: 3, padding: same}
  - {type: relu, repeat: $copies}
"""


def sweep(folder: Path, space: str, *options: str) -> tuple[int, str]:
    (folder / "net.yaml").write_text(f"{FILE}sweep: {space}\n")
    result = run("sweep", "net.yaml", *options, cwd=folder)
    return result.status, result.out + result.err


def test_lists_and_ranges(tmp_path: Path) -> None:
    space = "{width: [2, 3], copies: {from: 1, to: 5, step: 2}, kernels: [[1], [2, 3]]}"
    status, said = sweep(tmp_path, space)
    assert (status, "12 variants: 12 rows" in said) == (0, True)
    assert said.splitlines()[2].startswith('2,1,"[2,3]",')


def test_options_go_before_the_file(tmp_path: Path) -> None:
    status, said = sweep(tmp_path, "{width: [2, 3], input: [8, 9]}", "--vary", "width=7")
    assert (status, said.splitlines()[:2]) == (0, ["width,input,params,macs", "7,8,70,4032"])
    assert sweep(tmp_path, "{conv1.kernel: [1, 3]}")[0] == 0


@pytest.mark.parametrize(
    ("space", "said"),
    [
        ("{widht: [1]}", "did you mean `width`?"),
        ("{width: 3}", "takes a list of values, or {from, to, step}"),
        ("{width: []}", "takes a list of values"),
        ("{width: {from: 3, to: 1}}", "is no range"),
        ("{width: {from: 3}}", "a range needs to"),
        ("{width: {from: a, to: 3}}", "from"),
        ("[width]", "sweep takes a mapping"),
    ],
)
def test_mistakes_are_placed(tmp_path: Path, space: str, said: str) -> None:
    status, out = sweep(tmp_path, space)
    assert (status, said in out, "net.yaml:7:" in out) == (1, True, True), out


TWO = """\
name: Two
inputs: {left: 16x16x3, right: 16x16x3}
variables: {width: 1}
layers:
  - {type: conv, name: a, from: left, filters: $width, kernel: 3}
  - {type: conv, name: b, from: right, filters: $width, kernel: 5}
  - {type: concat, name: c, from: [a, b]}
"""
SIZES = "sweep: {left: [16, 18], right: [18, 20], width: {from: 1, to: 2}}\n"


@pytest.mark.parametrize(
    ("options", "rows"),
    [
        ((), [("16", "18", 1), ("16", "18", 2), ("18", "20", 1), ("18", "20", 2)]),
        (("--vary", "left=18", "--vary", "width=3"), [("18", "20", 3)]),
        (("--where", "left.height > 16 and width == 2"), [("18", "20", 2)]),
    ],
)
def test_inputs_with_names(
    tmp_path: Path, options: tuple[str, ...], rows: list[tuple[str, str, int]]
) -> None:
    (tmp_path / "two.yaml").write_text(TWO + SIZES)
    result = run("sweep", "two.yaml", *options, "--columns", "macs,activation_elements",
                 "-o", "rows.jsonl", cwd=tmp_path)  # fmt: skip
    assert result.status == 0, result.err
    found = list(map(json.loads, (tmp_path / "rows.jsonl").read_text().splitlines()))
    assert [(str(r["left"]), str(r["right"]), r["width"]) for r in found] == rows
    for row in found:
        positions = (row["left"] - 2) ** 2
        read = row["left"] ** 2 * 3 + row["right"] ** 2 * 3
        assert row["macs"] == positions * row["width"] * 3 * (9 + 25)
        assert row["activation_elements"] == read + positions * row["width"] * 4


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--vary", "middle=1,2"), '--vary middle=1: there is no variable "middle"'),
        (("--vary", "input=16,18"), "the network has several: left, right"),
        (("--where", "left > 16"), '"left" is an input; it has left.height'),
        (("--where", "a.height > 16"), '"a" is no input that is varied'),
        (("--where", "left.depth > 16"), "has no depth"),
    ],
)
def test_what_several_inputs_are_not(tmp_path: Path, options: tuple[str, ...], said: str) -> None:
    (tmp_path / "two.yaml").write_text(TWO + SIZES)
    result = run("sweep", "two.yaml", *options, cwd=tmp_path)
    assert (result.status, said in result.err) == (2, True), result.err


def test_an_input_that_a_file_has_not_is_placed(tmp_path: Path) -> None:
    (tmp_path / "two.yaml").write_text(TWO + SIZES.replace("left", "lefd"))
    result = run("sweep", "two.yaml", cwd=tmp_path)
    assert (result.status, "did you mean `left`?" in result.err) == (1, True), result.err
    assert "two.yaml:8:9: " in result.err
