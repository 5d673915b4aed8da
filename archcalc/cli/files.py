"""Writing files into a folder, and holding what is there against what would be written.

A file is ours where it ends with our marker. Nothing else is overwritten or removed, and links,
devices and pipes are neither followed nor opened for their contents.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress

import click

from archcalc.cli.common import file_name, refuse
from archcalc.renderers.markup import MARKER
from archcalc.wording import counted, visible

ENDINGS = (".md", ".svg", ".html")
TEMPORARY = ".archcalc-"
TAIL = len(MARKER) + 8  # line ends and blanks of an editor may follow the marker

# They are not there on every system.
NO_FOLLOW: int = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def stem_of(arch: str) -> str:
    """The name of the file without its ending; characters unfit for a file name become ``-``."""
    name = "stdin" if arch == "-" else file_name(arch)
    for ending in (".yaml", ".yml"):
        name = name.removesuffix(ending)
    safe = "".join(char if char.isalnum() or char in "._-" else "-" for char in name)
    return safe.lstrip(".-") or "report"


def write(
    folder: str, files: Mapping[str, str], may_be_left: Callable[[str], bool], *, prune: bool
) -> None:
    """Writes files by name into a folder, which is made where it is missing; all or none.

    ``may_be_left`` says which names an earlier run may have written there.
    """
    for name in files:
        fact = _obstacle(os.path.join(folder, name))
        if fact:
            raise click.UsageError(f"{visible(os.path.join(folder, name))} {fact}")
    try:
        os.makedirs(folder or ".", exist_ok=True)
        _write_all(folder, files)
        left = list(_left_over(folder, files, may_be_left))
        for path in left if prune else ():
            os.unlink(path)
    except OSError as error:
        refuse(error)
    click.echo(f"wrote {counted(len(files), 'file')}", err=True)
    if left and prune:
        click.echo(f"removed {counted(len(left), 'file')}", err=True)
    elif left:
        click.echo(f"{_names(left)} left over; --prune removes what is", err=True)


def _write_all(folder: str, files: Mapping[str, str]) -> None:
    """Every file under another name first, so that none is ever seen half-written."""
    written: dict[str, str] = {}
    try:
        for name, text in files.items():
            temporary = os.path.join(folder, f"{TEMPORARY}{os.urandom(8).hex()}")
            written[temporary] = os.path.join(folder, name)
            with open(temporary, "x", encoding="utf-8", newline="\n") as file:
                file.write(text)
        for temporary, path in written.items():
            os.replace(temporary, path)
    finally:
        for temporary in written:
            with suppress(OSError):
                os.unlink(temporary)


def _obstacle(path: str) -> str | None:
    """Why a file may not be written there; None where it may."""
    try:
        mode = os.lstat(path).st_mode
    except OSError:
        return None  # there is none, or writing will say what is wrong
    if not stat.S_ISREG(mode):
        return f"is {_what(mode)}, and no file to write"
    return None if _is_ours(path) else "exists and was not written by archcalc report"


def _what(mode: int) -> str:
    if stat.S_ISLNK(mode):
        return "a symbolic link"
    if stat.S_ISDIR(mode):
        return "a folder"
    return "a device or pipe"


def _is_ours(path: str) -> bool:
    """Whether a regular file ends with our marker."""
    try:
        with open(os.open(path, os.O_RDONLY | NO_FOLLOW), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return False
            file.seek(max(0, os.fstat(file.fileno()).st_size - TAIL))
            return file.read(TAIL).rstrip().endswith(b"\n" + MARKER.encode())
    except OSError:
        return False


def _left_over(
    folder: str, files: Mapping[str, str], may_be_left: Callable[[str], bool]
) -> Iterator[str]:
    """The files that an earlier run wrote and this one does not: their source is gone."""

    def is_left(name: str) -> bool:
        is_page = name not in files and name.endswith(ENDINGS) and may_be_left(name)
        return is_page and _is_ours(os.path.join(folder, name))

    for name in sorted(os.listdir(folder or ".")):
        path = os.path.join(folder, name)
        if stat.S_ISREG(os.lstat(path).st_mode) and (name.startswith(TEMPORARY) or is_left(name)):
            yield path


def _names(paths: list[str]) -> str:
    shown = ", ".join(map(visible, paths[:3]))
    return f"{shown} {f'and {len(paths) - 3:,} more ' if len(paths) > 3 else ''}" + (
        "is" if len(paths) == 1 else "are"
    )


def compare(folder: str, files: Mapping[str, str], may_be_left: Callable[[str], bool]) -> None:
    """Names what is missing, differs or is left over; then the exit status is 1."""
    stale = [fact for name in files if (fact := _stale(os.path.join(folder, name), files[name]))]
    with suppress(OSError):  # without the folder, every file is missing
        left = _left_over(folder, files, may_be_left)
        stale += [f"{visible(path)} is left over; --prune removes it" for path in left]
    for fact in stale:
        click.echo(fact, err=True)
    if stale:
        click.echo("run the same command without --check to write it again", err=True)
        sys.exit(1)
    click.echo(f"{counted(len(files), 'file')} up to date", err=True)


def _stale(path: str, text: str) -> str | None:
    """What is wrong with a file; no more of it is read than would be written."""
    shown, wanted = visible(path), text.encode()
    try:
        mode = os.lstat(path).st_mode
        if not stat.S_ISREG(mode):
            return f"{shown} is {_what(mode)}, and no file"
        with open(os.open(path, os.O_RDONLY | NO_FOLLOW), "rb") as file:
            there = file.read(len(wanted) + 1)
    except FileNotFoundError:
        return f"{shown} is missing"
    except OSError as error:
        return f"{shown} cannot be read: {error.strerror}"
    return None if there == wanted else f"{shown} is stale, from line {_line(there, wanted):,}"


def _line(there: bytes, wanted: bytes) -> int:
    before, after = there.split(b"\n"), wanted.split(b"\n")
    pairs = enumerate(zip(before, after, strict=False), 1)
    return next((line for line, (a, b) in pairs if a != b), min(len(before), len(after)) + 1)
