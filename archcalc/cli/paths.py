"""The files that arguments name: a folder stands for the YAML files below it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase

import click

from archcalc.record import Record
from archcalc.wording import counted, visible

exclude_option = click.option(
    "--exclude", metavar="GLOB", multiple=True,
    help="Pass over files and folders of this name or path below a folder. Repeatable.",
)  # fmt: skip


class CheckTarget(Record):
    """A path to read, and the folder that it was found below; None where it was named itself."""

    path: str
    folder: str | None


class Targets(Record):
    """What paths stand for, folders in which nothing was found, and what cannot be read."""

    files: Sequence[CheckTarget]
    empty: Sequence[str]
    unread: list[tuple[str, str]]


def targets(paths: Iterable[str], exclude: Iterable[str]) -> Targets:
    """The files that paths name, each once, those of a folder in order of name."""
    unread: list[tuple[str, str]] = []
    globs = [glob.replace("\\", "/").rstrip("/").removeprefix("./") for glob in exclude]
    files: dict[str, CheckTarget] = {}
    empty = []
    for path in paths:
        if not os.path.isdir(path):
            files[path] = CheckTarget(path, None)
            continue
        before = len(unread)
        below = list(_below(path, globs, unread))
        for file in below:
            files.setdefault(file, CheckTarget(file, path))
        if not below and len(unread) == before:
            empty.append(path)
    return Targets(list(files.values()), empty, unread)


def _below(folder: str, globs: Sequence[str], unread: list[tuple[str, str]]) -> Iterator[str]:
    """Hidden folders and files are passed over, and links are not followed out of a folder."""

    def failed(error: OSError) -> None:
        unread.append((str(error.filename), error.strerror or str(error)))

    for root, folders, names in os.walk(folder, onerror=failed):
        above = os.path.relpath(root, folder)
        folders[:] = sorted(name for name in folders if _is_wanted(above, name, globs))
        for name in sorted(names):
            path = os.path.normpath(os.path.join(root, name))
            is_yaml = name.endswith((".yaml", ".yml")) and _is_wanted(above, name, globs)
            if is_yaml and os.path.isfile(path) and not os.path.islink(path):
                yield path


def _is_wanted(above: str, name: str, globs: Sequence[str]) -> bool:
    path = name if above == os.curdir else os.path.join(above, name).replace(os.sep, "/")
    excluded = any(fnmatchcase(name, glob) or fnmatchcase(path, glob) for glob in globs)
    return not name.startswith(".") and not excluded


def say_what_is_missing(selected: Targets, foreign: Sequence[str]) -> bool:
    """Says what was skipped below each folder; whether a folder is left without an architecture."""
    folders = {target.path: target.folder for target in selected.files if target.folder is not None}
    files = Counter(folders.values())
    skipped = Counter(folders[path] for path in foreign)
    for folder, count in skipped.items():
        none = "" if count < files[folder] else ", and there is no other"
        what = f"skipped {counted(count, 'YAML file')} without layers{none}"
        click.echo(f"archcalc: {visible(folder)}: {what}", err=True)
    for folder in selected.empty:
        click.echo(f"archcalc: {visible(folder)}: no file below it ends in .yaml or .yml", err=True)
    return bool(selected.empty) or any(skipped[folder] == files[folder] for folder in files)
