"""Writing files into a folder, and holding what is there against what would be written."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

import click

from archcalc.cli.common import refuse
from archcalc.wording import counted


def write(folder: str, files: Mapping[str, str]) -> None:
    """Writes files by name into a folder, which is made where it is missing.

    A page that stands there and is no report is somebody's work: then nothing is written.
    """
    for name in files:
        if name.endswith(".md") and not _is_ours(os.path.join(folder, name)):
            path = os.path.join(folder, name)
            raise click.UsageError(f"{path} exists and was not written by archcalc report")
    try:
        os.makedirs(folder or ".", exist_ok=True)
        for name, text in files.items():
            with open(os.path.join(folder, name), "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
    except OSError as error:
        refuse(error)
    click.echo(f"wrote {counted(len(files), 'file')}", err=True)


def _is_ours(path: str) -> bool:
    """Whether a page may be written: there is none, or it names the command that wrote it."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return "\narchcalc report " in file.read()
    except OSError:
        return True  # there is none, or writing will say what is wrong


def compare(folder: str, files: Mapping[str, str]) -> None:
    """Names what is missing or differs, and the first line that does; then the exit status is 1."""
    stale = [fact for name in files if (fact := _stale(os.path.join(folder, name), files[name]))]
    for fact in stale:
        click.echo(fact, err=True)
    if stale:
        click.echo("write again with the same command without --check", err=True)
        sys.exit(1)
    click.echo(f"{counted(len(files), 'file')} up to date", err=True)


def _stale(path: str, text: str) -> str | None:
    try:
        with open(path, encoding="utf-8", newline="") as file:
            there = file.read()
    except FileNotFoundError:
        return f"{path} is missing"
    except (OSError, UnicodeDecodeError) as error:
        return f"{path} cannot be read: {error}"
    return None if there == text else f"{path} is stale, from line {_difference(there, text):,}"


def _difference(there: str, text: str) -> int:
    before, after = there.split("\n"), text.split("\n")
    pairs = enumerate(zip(before, after, strict=False), 1)
    return next((line for line, (a, b) in pairs if a != b), min(len(before), len(after)) + 1)
