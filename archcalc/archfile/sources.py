"""Where the text of a file comes from: a built-in architecture, a path, standard input, bytes."""

from __future__ import annotations

import os
import sys

from archcalc.archfile.text import decode
from archcalc.diagnostics import Fault, Findings, Source, Span, SpecError
from archcalc.limits import FILE_LIMIT
from archcalc.wording import nearest, visible


def builtin_folder() -> str:
    """The folder of the architectures: inside the installed package, or beside it in a checkout."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    inside = os.path.join(package, "architectures")
    return inside if os.path.isdir(inside) else os.path.join(package, "..", "architectures")


def builtin_names() -> list[str]:
    """The names of the architectures that ship with archcalc, sorted."""
    files = os.listdir(builtin_folder())
    return sorted(name[:-5] for name in files if name.endswith(".yaml"))


def read_source(target: str) -> Source:
    """The text behind a built-in name, a path, or ``-`` for standard input.

    Raises:
        OSError: where there is no such architecture, or the file cannot be read.
        SpecError: where what was read is not UTF-8 text, or is too large.
    """
    if target == "-":
        return source_of(sys.stdin.buffer.read(FILE_LIMIT + 1), "<stdin>")
    if "/" in target or "\\" in target or target.endswith((".yaml", ".yml")):
        with open(target, "rb") as file:
            return source_of(file.read(FILE_LIMIT + 1), target)
    if target not in builtin_names():
        beside = [name for end in (".yaml", ".yml") if os.path.isfile(name := f"{target}{end}")]
        lines = [f"did you mean the file `{name}`?" for name in beside[:1]]
        hint = "".join(f"; {line}" for line in lines or nearest(target, builtin_names()))
        raise FileNotFoundError(
            f'no architecture is named "{visible(target[:80])}"{hint} '
            "(`archcalc list` shows all; a path has a / or ends in .yaml)"
        )
    with open(os.path.join(builtin_folder(), f"{target}.yaml"), "rb") as file:
        return source_of(file.read(FILE_LIMIT + 1), f"architectures/{target}.yaml")


def source_of(data: bytes, filename: str) -> Source:
    """The text of a file's bytes.

    Raises:
        SpecError: where it is not UTF-8, or too large.
    """
    try:
        return Source(filename, decode(data))
    except Fault as fault:
        findings = Findings()
        findings.fault(fault, Span(1, 1))
        text = data.decode("utf-8", "replace") if len(data) <= FILE_LIMIT else ""
        raise SpecError(findings.sorted(), Source(filename, text)) from None
