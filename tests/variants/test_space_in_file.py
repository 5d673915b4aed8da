"""``sweep:`` in a file: the values that are tried."""

from __future__ import annotations

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
