"""What a command imports, since that is most of its time."""

from __future__ import annotations

import subprocess
import sys
import tempfile

import pytest
from process import environment

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


def imported(*arguments: str) -> set[str]:
    """The modules of a command's process at its end."""
    command = [sys.executable, "-c", COMMAND, *arguments]
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            command, capture_output=True, check=True, cwd=folder, env=environment({})
        )
    return set(done.stderr.decode().split())


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
