"""The other commands, and the help of all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from process import run

from archcalc import __version__
from archcalc.api import builtin_names
from archcalc.cli.group import COMMANDS
from archcalc.network.layers import LAYERS
from archcalc.reference import schema


@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_names_every_command(flag: str) -> None:
    result = run(flag)
    assert (result.status, result.err) == (0, "")
    assert all(f"  {name} " in result.out for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_every_command(name: str) -> None:
    result = run(name, "--help")
    assert (result.status, result.err) == (0, "")
    assert result.out.startswith(f"Usage: archcalc {name} ")
    assert "Options:" in result.out


def test_no_command_shows_the_help_and_is_wrong_usage() -> None:
    result = run()
    assert (result.status, result.out) == (2, "")
    assert result.err == run("--help").out


def test_version() -> None:
    assert run("--version").out == f"archcalc {__version__}\n"


def test_list_has_a_line_for_each_architecture() -> None:
    result = run("list")
    assert (result.status, result.err) == (0, "")
    heading, _, *rows = result.out.splitlines()
    assert heading.split() == ["name", "input", "depth", "params", "MACs", "year", "source"]
    assert [row.split()[0] for row in rows] == builtin_names()
    vgg16 = next(row.split() for row in rows if row.startswith("vgg16 "))
    assert vgg16[1:6] == ["224x224x3", "16", "138,357,544", "15,470,264,320", "2014"]


def test_layers_has_every_type_or_the_one_asked_for() -> None:
    every = run("layers")
    assert (every.status, every.err) == (0, "")
    assert all(f"{name}: " in every.out for name in LAYERS)
    one = run("layers", "maxpool")
    assert one.out in every.out
    assert one.out.startswith("maxpool: ")
    assert run("layers", "maxpool", "--format", "markdown").out.startswith("## maxpool\n")


def test_schema_is_json() -> None:
    result = run("schema")
    assert (result.status, result.err) == (0, "")
    assert json.loads(result.out) == schema.schema()


def test_new_writes_a_file_that_can_be_read(tmp_path: Path) -> None:
    result = run("new", "mine", cwd=tmp_path)
    assert (result.status, result.out) == (0, "")
    assert "archcalc table ./mine.yaml" in result.err
    table = run("table", "./mine.yaml", cwd=tmp_path)
    assert table.status == 0
    assert table.out.startswith("mine: ")
    assert run("table", "./mine.yaml", "--set", "width=32", cwd=tmp_path).status == 0


def test_new_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("kept")
    result = run("new", "mine.yaml", cwd=tmp_path)
    assert (result.status, result.out) == (2, "")
    assert "mine.yaml: File exists" in result.err
    assert (tmp_path / "mine.yaml").read_text() == "kept"


def test_new_takes_a_path(tmp_path: Path) -> None:
    (tmp_path / "nets").mkdir()
    assert run("new", "nets/mine", cwd=tmp_path).status == 0
    assert (tmp_path / "nets" / "mine.yaml").read_text().startswith("name: mine\n")
