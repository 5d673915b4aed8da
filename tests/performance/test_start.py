"""What a command imports, since that is most of its time."""

from __future__ import annotations

import subprocess
import sys
import tempfile

import pytest
from process import environment

FLOOR = "import click, yaml, sys; print(*sys.modules)"
COMMAND = """\
import os, sys
from archcalc.cli import main

def end(status):
    sys.stderr.write(" ".join(sys.modules))
    sys.stderr.flush()
    leave(status)

leave, os._exit = os._exit, end
main(sys.argv[1:])
"""

NEEDED = {
    "fractions",
    "decimal",
    "_decimal",
    "numbers",
    "json",
    "_json",
    "locale",
    "_locale",
    "gc",
    "math",
}


def floor() -> set[str]:
    command = [sys.executable, "-c", FLOOR]
    done = subprocess.run(command, capture_output=True, check=True, env=environment({}))
    return set(done.stdout.decode().split())


def imported(*arguments: str) -> set[str]:
    """The modules of a command's process at its end."""
    command = [sys.executable, "-c", COMMAND, *arguments]
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            command, capture_output=True, check=True, cwd=folder, env=environment({})
        )
    return set(done.stderr.decode().split())


def below(package: str, modules: set[str]) -> set[str]:
    return {name for name in modules if name.startswith(f"{package}.")}


def test_json_imports_next_to_nothing_beside_click_and_yaml() -> None:
    more = imported("table", "vgg16", "--format", "json") - floor()
    foreign = {name.partition(".")[0] for name in more} - {"archcalc", "encodings"}
    assert foreign <= NEEDED


def test_json_imports_only_the_parts_of_archcalc_that_it_uses() -> None:
    modules = imported("table", "vgg16", "--format", "json")
    assert below("archcalc.cli", modules) == {
        "archcalc.cli.common",
        "archcalc.cli.plain",
        "archcalc.cli.table_",
    }
    assert below("archcalc.report", modules) <= {"archcalc.report.document", "archcalc.report.json"}
    unused = {"archcalc.explain", "archcalc.reference", "archcalc.checking", "archcalc.conventions"}
    assert not modules & unused
    assert "archcalc.layers.transposed" not in modules


@pytest.mark.parametrize(
    "command",
    [
        ("--version",),
        ("new", "net"),
        ("conv", "7x7x3", "--kernel", "3", "--filters", "2"),
        ("check", "vgg16"),
        ("table", "vgg16", "--format", "csv"),
        ("table", "vgg16", "--format", "markdown"),
    ],
    ids=lambda command: " ".join(command),
)
def test_what_draws_nothing_does_not_import_rich(command: tuple[str, ...]) -> None:
    assert "rich" not in imported(*command)


def test_a_drawn_table_imports_rich_for_tables_alone() -> None:
    modules = imported("table", "vgg16")
    assert "rich.table" in modules
    assert not modules & {"rich.markdown", "rich.syntax", "rich.progress", "rich.traceback"}


@pytest.mark.parametrize("command", ["--version", "rules"])
def test_what_reads_no_file_does_not_import_yaml(command: str) -> None:
    assert "yaml" not in imported(command)
