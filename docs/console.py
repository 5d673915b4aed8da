"""Fills the console blocks of a page with what the commands in them print.

A block that is fenced as ``console`` starts with ``$ archcalc ...``, perhaps with ``| head -n N``
or ``| tail -n N`` behind it; the lines below are its output. A block fenced as ``yaml`` or ``ini``
whose first line is a comment with a file's name is that file.
"""

from __future__ import annotations

import os
import re
import shlex
import tempfile
from pathlib import Path

from click.testing import CliRunner

from archcalc.cli.group import cli

_FILE = re.compile(
    r"^```(?:yaml|ini)\n# (?P<name>[\w.-]+\.(?:yaml|cfg))\n(?P<text>.*?)^```$", re.M | re.S
)
_CONSOLE = re.compile(r"^```console\n\$ (?P<command>.*?)\n(?P<output>.*?)^```$", re.M | re.S)
_PIPE = re.compile(r" \| (?P<end>head|tail) -n (?P<count>\d+)\Z")


def filled(page: str) -> str:
    """The page with every console block's output as it is."""
    with tempfile.TemporaryDirectory() as folder:
        before = Path.cwd()
        os.chdir(folder)
        try:
            for block in _FILE.finditer(page):
                text = f"# {block['name']}\n{block['text']}"
                Path(block["name"]).write_text(text, encoding="utf-8")
            return _CONSOLE.sub(
                lambda block: f"```console\n$ {block['command']}\n{output(block['command'])}```",
                page,
            )
        finally:
            os.chdir(before)


def output(command: str) -> str:
    """What a command line prints, both streams in the order of writing."""
    pipe = _PIPE.search(command)
    words = shlex.split(command[: pipe.start()] if pipe else command)
    lines = (
        CliRunner().invoke(cli, words[1:], prog_name="archcalc").output.splitlines(keepends=True)
    )
    if pipe:
        count = int(pipe["count"])
        lines = lines[:count] if pipe["end"] == "head" else lines[-count:]
    return "".join(lines)
