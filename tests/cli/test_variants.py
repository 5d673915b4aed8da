"""Variants on the command line: ``compare --vary``, ARCH@NAME=VALUE, ``show``, ``new --from``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from process import run

from archcalc.api import builtin_folder

WIDE = """\
name: W
input: 8x8x3
variables: {width: 4}
layers:
  - {type: conv, filters: $width, kernel: 3}
"""


def networks(*args: str, cwd: Path) -> dict[str, dict[str, int]]:
    result = run("compare", *args, "--format", "json", cwd=cwd)
    assert (result.status, result.err) == (0, "")
    return {one["name"]: one["totals"] for one in json.loads(result.out)["networks"]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "w.yaml").write_text(WIDE)
    return tmp_path


def test_every_combination_is_a_network(folder: Path) -> None:
    found = networks("w.yaml", "--vary", "width=2,4", "--vary", "input=8,10x6", cwd=folder)
    assert {name: (totals["params"], totals["macs"]) for name, totals in found.items()} == {
        f"width={width} input={size}": (28 * width, 27 * width * positions)
        for width in (2, 4)
        for size, positions in (("8", 6 * 6), ("10x6", 8 * 4))
    }


def test_a_range_has_both_ends(folder: Path) -> None:
    found = networks("w.yaml", "--vary", "width=1..7:3", cwd=folder)
    assert [totals["params"] for totals in found.values()] == [28, 4 * 28, 7 * 28]


def test_variants_of_several_files_carry_their_names(folder: Path) -> None:
    found = networks("w.yaml@width=2@input=9", "lenet1", cwd=folder)
    assert list(found) == ["w.yaml width=2 input=9", "lenet1"]
    assert found["w.yaml width=2 input=9"]["macs"] == 27 * 2 * 7 * 7


def test_a_file_whose_name_has_an_at_is_that_file(folder: Path) -> None:
    (folder / "w@2.yaml").write_text(WIDE)
    assert list(networks("./w@2.yaml", "w.yaml", cwd=folder)) == ["w@2.yaml", "w.yaml"]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--vary", "width"), "is not NAME=VALUE"),
        (("--vary", "width="), "is not NAME=VALUE"),
        (("--vary", "width=1,,2"), "width has an empty value"),
        (("--vary", "width=3..1"), "is no range"),
        (("--vary", "width=1..9:0"), "is no range"),
        (("--vary", "width=1,1"), "width has the value 1 twice"),
        (("--vary", "width=1..1000000"), "there may be 100,000"),
        (("--vary", "width=1..200"), "there are 200 variants"),
        (("--vary", "widht=1,2"), "did you mean `width`?"),
        (("--vary", "width=a,b"), 'uses "width" as a number'),
        (("--vary", "width=1,2", "--vary", "width=3"), '"width" is varied twice'),
        (("--vary", "width=4"), "there is nothing to compare with"),
    ],
)
def test_what_names_no_variants(folder: Path, args: tuple[str, ...], said: str) -> None:
    result = run("compare", "w.yaml", *args, cwd=folder)
    assert (result.status, result.out) == (2, "")
    assert said in result.err


def test_a_target_names_one_variant(folder: Path) -> None:
    result = run("compare", "w.yaml@width=1,2", "lenet1", cwd=folder)
    assert (result.status, "names one variant" in result.err) == (2, True)
    result = run("compare", "w.yaml@width=1", "--vary", "width=2,3", cwd=folder)
    assert (result.status, "which --vary varies" in result.err) == (2, True)


def test_show_prints_a_shipped_file_as_it_is() -> None:
    text = (Path(builtin_folder()) / "vgg16.yaml").read_text(encoding="utf-8")
    assert run("show", "vgg16") == (0, text, "")
    assert run("show", "vgg17").status == 2


def test_new_from_an_architecture_is_a_copy(tmp_path: Path) -> None:
    assert run("new", "mine", "--from", "lenet5", cwd=tmp_path).status == 0
    text = (Path(builtin_folder()) / "lenet5.yaml").read_text(encoding="utf-8")
    assert (tmp_path / "mine.yaml").read_text(encoding="utf-8") == text
    assert run("new", "mine", "--from", "lenet5", cwd=tmp_path).status == 2  # it is there
    assert run("new", "other", "--from", "lenet", cwd=tmp_path).status == 2
    assert not (tmp_path / "other.yaml").exists()
