"""``archcalc report``."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from typing import Any

import click

from archcalc.cli.common import ArchitectureArgument, analysed, file_name, shared_options
from archcalc.cli.files import compare, write

NOT_CONTENT = ("archs", "output", "every", "inline", "check", "no_color")


@click.command("report")
@click.argument("archs", metavar="ARCH...", nargs=-1, type=ArchitectureArgument())
@click.option(
    "-o", "--output", metavar="PATH",
    help="A file that ends in .md for one ARCH, or a folder for several.",
)  # fmt: skip
@click.option("--all", "every", is_flag=True, help="Report on every built-in architecture.")
@click.option("--inline", is_flag=True, help="Draw with Mermaid instead of writing SVG files.")
@click.option("--check", is_flag=True, help="Write nothing; fail if what is there is stale.")
@shared_options
def command(
    archs: tuple[str, ...],
    output: str | None,
    every: bool,
    inline: bool,
    check: bool,
    no_color: bool,
    **options: Any,
) -> None:
    """Write a Markdown report on each ARCH.

    One report goes to a file; several go into a folder, with an index. Without -o, the report on
    one ARCH is printed, with its pictures drawn inline.
    """
    from archcalc import api
    from archcalc.rules.catalogue import CHECKS

    chosen = (*archs, *(name for name in api.builtin_names() if every and name not in archs))
    if not chosen:
        raise click.UsageError("name an ARCH, or --all")
    if output is None and (len(chosen) > 1 or check):
        raise click.UsageError("-o is needed: where the report stands")
    if chosen.count("-") > 1:
        raise click.UsageError("standard input can be read once")
    single = output is None or output.endswith(".md")
    if single and len(chosen) > 1:
        raise click.UsageError(f"{len(chosen)} reports go into a folder, and -o names a file")
    named = [(arch, analysed(arch, no_color, chosen=CHECKS, **options)) for arch in chosen]
    flags = [
        *(["--inline"] if inline or output is None else []),
        *_flags(click.get_current_context()),
    ]
    if output is None:
        name = f"{_stem(chosen[0])}.md"
        click.echo(_page(*named[0], name, flags)[name], nl=False)
        return
    if single:
        folder, name = os.path.split(output)
        if name == ".md":
            raise click.UsageError("-o names a file before its .md")
        files = _page(*named[0], name, flags)
    else:
        folder = output
        files = _folder(named, output, flags, [*archs, *(["--all"] if every else [])])
    (compare if check else write)(folder, files)


def _page(arch: str, analysis: Any, name: str, flags: list[str]) -> Mapping[str, str]:
    """The files of the report on one ARCH, under the name of its markdown file."""
    from archcalc.renderers import report

    reproduced = _command([arch], name, flags)
    stem = name.removesuffix(".md")
    return report.render(analysis, stem, reproduced, inline="--inline" in flags)


def _folder(
    named: list[tuple[str, Any]], output: str, flags: list[str], arguments: list[str]
) -> Mapping[str, str]:
    """The files of several reports and their index, which the arguments ask for."""
    from archcalc.renderers import index

    files: dict[str, str] = {}
    stems = []
    for arch, analysis in named:
        stem = _stem(arch)
        pages = _page(arch, analysis, f"{stem}.md", flags)
        taken = {name.casefold() for name in (*files, index.NAME)}
        if any(name.casefold() in taken for name in pages):
            raise click.UsageError(f"two reports would be written to {stem}.md; rename a file")
        files.update(pages)
        stems.append((stem, analysis))
    folder = os.path.basename(os.path.normpath(output)) or "."
    files[index.NAME] = index.render(stems, _command(arguments, folder, flags))
    return files


def _stem(arch: str) -> str:
    """The file's name without its ending; what it may not hold becomes ``-``."""
    name = "stdin" if arch == "-" else file_name(arch)
    for ending in (".yaml", ".yml"):
        name = name.removesuffix(ending)
    safe = "".join(c if c.isalnum() or c in "._-" else "-" for c in name)
    return safe.lstrip(".-") or "report"


def _command(archs: list[str], output: str, flags: list[str]) -> str:
    """The command that writes the same bytes, in the folder of the file that it reads."""
    from archcalc.wording import visible

    names = [_beside(arch) for arch in archs]
    words = ["archcalc", "report", *names, "-o", output, *flags]
    return " ".join(shlex.quote(visible(word)) for word in words)


def _beside(arch: str) -> str:
    """An argument as it is written in the folder of the file."""
    name = file_name(arch)
    return name if name == arch or name.endswith((".yaml", ".yml")) else f"./{name}"


def _flags(ctx: click.Context) -> list[str]:
    """The options that change what is calculated, where they are not the default, as written."""
    flags = []
    for param in ctx.command.params:
        value = ctx.params[param.name or ""]
        if param.name in NOT_CONTENT or value in (None, {}, param.get_default(ctx)):
            continue
        if isinstance(value, dict):
            for variable, text in value.items():
                flags += [param.opts[0], f"{variable}={text}"]
        else:
            flags += [param.opts[0], str(value)]
    return flags
