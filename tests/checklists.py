"""The checklists of docs/contributing.md, and copies of the repository to follow them on."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import NamedTuple

from process import Result, run

HOUSE = Path(__file__).parents[1]
COPIED = ("archcalc", "architectures", "benchmarks", "docs", "tests", "README.md", "pyproject.toml")
CHECKLIST = re.compile(r"^## (Add .*?)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^( *)```(\w+)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
PATH = re.compile(r"`([\w./-]+/[\w.-]+\.\w+)`")

PAGE = (HOUSE / "docs" / "contributing.md").read_text(encoding="utf-8")
CHECKLISTS: dict[str, str] = dict(CHECKLIST.findall(PAGE))


class Block(NamedTuple):
    """A fenced block, and the file that was last named before it."""

    language: str
    text: str
    path: str


def blocks(checklist: str) -> Iterator[Block]:
    for block in BLOCK.finditer(checklist):
        named = PATH.findall(checklist[: block.start()])
        yield Block(block[2], dedent(block[3]), named[-1] if named else "")


def change(path: Path, diff: str) -> None:
    """Applies a diff without line numbers: every hunk must fit one place alone."""
    text = path.read_text(encoding="utf-8")
    for hunk in diff.split("@@\n"):
        lines = hunk.splitlines(keepends=True)
        before = "".join(line[1:] for line in lines if line[0] in " -")
        after = "".join(line[1:] for line in lines if line[0] in " +")
        assert text.count(before) == 1, f"{path.name} does not have this, once:\n{before}"
        text = text.replace(before, after)
    path.write_text(text, encoding="utf-8")


def write(path: Path, text: str) -> None:
    """A new file, or the end of one that is there."""
    known = path.read_text(encoding="utf-8") + "\n\n" if path.exists() else ""
    path.write_text(known + text, encoding="utf-8")


class Scratch:
    """A copy of the repository, and a shell in it that finds its archcalc."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "repository"
        for name in COPIED:
            copy = shutil.copytree if (HOUSE / name).is_dir() else shutil.copy
            self.folder.mkdir(exist_ok=True)
            copy(HOUSE / name, self.folder / name)
        commands = folder / "bin"
        commands.mkdir()
        for name, module in (("python", ""), ("archcalc", "-m archcalc"), ("pytest", "-m pytest")):
            (commands / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {module} "$@"\n')
            (commands / name).chmod(0o755)
        kept = {name: v for name, v in os.environ.items() if not name.startswith(("PYTEST", "COV"))}
        path = f"{commands}{os.pathsep}{os.environ['PATH']}"
        self.environment = {**kept, "PATH": path, "PYTHONPATH": str(self.folder)}

    def shell(self, script: str) -> str:
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"$ {script}\n{done.stdout}{done.stderr}"
        return done.stdout

    def follow(self, block: Block) -> None:
        path = self.folder / block.path
        if block.language == "sh":
            self.shell(block.text)
        elif block.language == "console":
            shown = re.sub(r"^\$ (.*)\n(?:(?!\$ ).*\n)*", self.printed, block.text, flags=re.M)
            assert shown == block.text
        elif block.language == "diff":
            change(path, block.text)
        else:
            write(path, block.text)

    def printed(self, command: re.Match[str]) -> str:
        return f"$ {command[1]}\n{self.shell(command[1])}"

    def run(self, *args: str) -> Result:
        """The archcalc of the copy, in a process of its own."""
        return run(*args, cwd=self.folder, **self.environment)


def followed(title: str, folder: Path) -> Scratch:
    """A copy on which a checklist was followed, but for what PyTorch has to be installed for."""
    scratch = Scratch(folder)
    for block in blocks(CHECKLISTS[title]):
        if "torch==" not in block.text:
            scratch.follow(block)
    return scratch


def changed(title: str, folder: Path) -> Scratch:
    """A copy with the files of a checklist; none of its commands was run."""
    scratch = Scratch(folder)
    for block in blocks(CHECKLISTS[title]):
        if block.language not in ("sh", "console"):
            scratch.follow(block)
    return scratch
