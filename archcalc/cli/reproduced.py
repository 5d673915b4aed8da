"""The command line that writes the same bytes again, where it was given."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable

import click


def report_command(archs: Iterable[str], output: str, flags: Iterable[str]) -> str:
    """``archcalc report ARCH... -o OUTPUT FLAG...``, as a shell takes it.

    Paths are as they were given; absolute ones begin where the command runs, so that no place of
    this machine stands in a page.
    """
    words = ["archcalc", "report", *map(_source, archs), "-o", _relative(output), *flags]
    return " ".join(map(_quoted, words))


def options(ctx: click.Context, besides: Iterable[str]) -> list[str]:
    """The options of a command that are not the default, as they are written, without some."""
    words = []
    for param in ctx.command.params:
        value = ctx.params[param.name or ""]
        if param.name in besides or value in (None, {}, (), param.get_default(ctx)):
            continue
        if isinstance(value, dict):
            values = [f"{key}={text}" for key, text in value.items()]
        elif isinstance(value, tuple):
            values = list(value)
        elif value is True:
            words.append(param.opts[0])
            continue
        else:
            values = [str(value)]
        words += [word for text in values for word in (param.opts[0], text)]
    return words


def _source(arch: str) -> str:
    """A built-in name or ``-`` as it is; a path so that it is taken for one."""
    path = _relative(arch)
    if path == arch and (arch == "-" or not arch.startswith("-")):
        return arch
    is_path = "/" in path or path.endswith((".yaml", ".yml"))
    return path if is_path and not path.startswith("-") else f"./{path}"


def _relative(path: str) -> str:
    if not os.path.isabs(path):
        return path
    try:
        return os.path.relpath(path).replace(os.sep, "/")
    except ValueError:  # another drive of Windows
        return path


def _quoted(word: str) -> str:
    """A word for a shell; what cannot stand in a page is written as bytes, as bash and zsh read."""
    if word.isprintable():
        return shlex.quote(word)
    escaped = "".join(
        chr(byte) if 32 <= byte < 127 and chr(byte) not in "'\\" else f"\\x{byte:02x}"
        for byte in os.fsencode(word)
    )
    return f"$'{escaped}'"
