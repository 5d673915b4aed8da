"""Python without docstrings and assertions gives the same bytes."""

from __future__ import annotations

import subprocess

import pytest
from process import COMMAND, environment

from archcalc.cli.group import COMMANDS


def shown(*arguments: str) -> bytes:
    return subprocess.run(
        [COMMAND[0], *arguments], capture_output=True, env=environment({}), check=True, timeout=60
    ).stdout


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_does_not_come_from_docstrings(command: str) -> None:
    arguments = (*COMMAND[1:], *command.split(), "--help")
    text = shown(*arguments)
    assert b"\n\n  " in text
    assert shown("-OO", *arguments) == text


@pytest.mark.parametrize(
    "arguments", [("layers",), ("rules", "illegal-stride"), ("table", "resnet18"), ("schema",)]
)
def test_references_and_tables_do_not_either(arguments: tuple[str, ...]) -> None:
    assert shown("-OO", *COMMAND[1:], *arguments) == shown(*COMMAND[1:], *arguments)
