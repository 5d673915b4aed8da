"""What a person sees: on a terminal of some width, with and without colour."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from process import on_terminal, run

ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


def test_colour_on_a_terminal_only() -> None:
    shown = on_terminal("table", "zfnet", width=200)
    assert shown.status == 0
    assert ESCAPES.search(shown.out)
    assert not ESCAPES.search(run("table", "zfnet").out)
    stripped = [line.rstrip() for line in ESCAPES.sub("", shown.out).splitlines()]
    assert stripped == on_terminal("table", "zfnet", "--no-color", width=200).out.splitlines()


@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_colour_can_be_declined(env: dict[str, Any]) -> None:
    assert "\x1b" not in on_terminal("table", "zfnet", **env).out


def test_an_empty_no_color_declines_nothing() -> None:
    assert "\x1b" in on_terminal("table", "zfnet", NO_COLOR="").out


def test_mistakes_are_coloured_and_wrapped_as_well() -> None:
    args = ("table", "vgg16", "--input", "16x16x3")
    shown = on_terminal(*args, width=60)
    assert shown.status == 1
    assert "\x1b[31merror[" in shown.out
    assert "\x1b" not in on_terminal(*args, "--no-color").out
    lines = on_terminal(*args, "--no-color", width=60).out.splitlines()
    assert max(map(len, lines[1:])) <= 60


@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize("args", [("table", "googlenet"), ("list",)])
def test_the_table_fits(args: tuple[str, ...], width: int) -> None:
    shown = on_terminal(*args, width=width, NO_COLOR="1")
    assert shown.status == 0
    table = [line for line in shown.out.splitlines() if not line.startswith("architectures/")]
    assert max(map(len, table)) <= width


@pytest.mark.parametrize("width", [40, 60, 80])
@pytest.mark.parametrize(
    "args",
    [
        ("compare", "alexnet", "googlenet", "vgg16"),
        ("compare", "--conventions", "alexnet", "googlenet", "vgg16"),
        ("diff", "resnet50", "resnet50-torchvision"),
        ("explain", "alexnet", "conv2"),
        ("memory", "resnet18"),
        ("rules", "illegal-stride"),
    ],
)
def test_text_is_broken_to_fit(args: tuple[str, ...], width: int) -> None:
    shown = on_terminal(*args, width=width)
    lines = [line for line in shown.out.splitlines() if " " in line.strip()]
    assert max(map(len, lines)) <= width
    assert "".join(shown.out.split()) != ""


def test_broken_text_has_every_word() -> None:
    for args in (("explain", "alexnet", "conv2"), ("rules", "illegal-stride")):
        assert on_terminal(*args, width=40).out.split() == run(*args).out.split()


def test_a_terminal_says_how_many_rows_went_by(tmp_path: Path) -> None:
    file = tmp_path / "long.yaml"
    entry = "{repeat: 300, layers: [{type: relu}]}"
    file.write_text(f"name: long\ninput: 4x4x1\nlayers: [{entry}]\n", encoding="utf-8")
    assert "300 rows; " in on_terminal("table", str(file)).out
    piped = run("table", str(file)).out
    assert "300 rows" not in piped
    assert piped.count("relu") >= 300


def test_columns_of_the_environment_come_first() -> None:
    narrow = on_terminal("table", "vgg16", width=120, COLUMNS="50", NO_COLOR="1")
    assert narrow == on_terminal("table", "vgg16", width=50, NO_COLOR="1")


@pytest.mark.parametrize("columns", ["0", "-1", "x", "9" * 5000, "²"])
def test_columns_that_are_no_width_are_ignored(columns: str) -> None:
    plain = on_terminal("table", "vgg16", width=90, NO_COLOR="1")
    assert on_terminal("table", "vgg16", width=90, COLUMNS=columns, NO_COLOR="1") == plain


def test_a_terminal_that_tells_no_width_gets_everything() -> None:
    shown = on_terminal("table", "vgg16", width=0, NO_COLOR="1")
    assert shown.out == run("table", "vgg16").out


def test_piped_output_does_not_know_the_terminal() -> None:
    assert run("table", "vgg16", COLUMNS="40") == run("table", "vgg16")
    assert run("list", COLUMNS="40") == run("list")


def test_a_terminal_says_how_many_rows_there_are(tmp_path: Path) -> None:
    file = tmp_path / "long.yaml"
    layers = "[{name: body, repeat: 2000, layers: [{type: relu}]}]"
    file.write_text(f"name: long\ninput: 8x8x3\nlayers: {layers}\n", encoding="utf-8")
    said = "2,000 rows; --fold 1 and --top 20 show fewer"
    assert said in on_terminal("table", str(file), width=120, NO_COLOR="1").out
    assert "rows;" not in on_terminal("table", "vgg16", width=120, NO_COLOR="1").out
    piped = run("table", str(file)).out
    assert "rows;" not in piped
    assert piped.count("body.") >= 2_000
