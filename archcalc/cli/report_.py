"""``archcalc report``."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Mapping
from typing import Any

import click

from archcalc.cli.common import ArchitectureArgument, analysed, file_name, refuse, shared_options

NOT_CONTENT = ("archs", "output", "every", "inline", "check", "no_color")


@click.command("report")
@click.argument("archs", metavar="ARCH...", nargs=-1, type=ArchitectureArgument())
@click.option(
    "-o", "--output", metavar="PATH",
    help="The report of one ARCH, a name that ends in .md; or a folder for several.",
)  # fmt: skip
@click.option("--all", "every", is_flag=True, help="Every built-in architecture.")
@click.option("--inline", is_flag=True, help="Draw with mermaid instead of SVG files beside it.")
@click.option("--check", is_flag=True, help="Write nothing; fail when what is there is stale.")
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
    """A markdown report on ARCH, or one on each of several and an index.

    Without -o, the report of one ARCH goes to standard output, drawn inline.
    """
    from archcalc import api
    from archcalc.rules.catalogue import CHECKS

    chosen = (*archs, *(name for name in api.builtin_names() if every and name not in archs))
    if not chosen:
        raise click.UsageError("name an ARCH, or --all")
    if output is None and (len(chosen) > 1 or check):
        raise click.UsageError("-o is needed: where the report stands")
    single = output is None or output.endswith(".md")
    if single and len(chosen) > 1:
        raise click.UsageError(f"{len(chosen)} reports go into a folder, and -o names a file")
    found = [(arch, analysed(arch, no_color, chosen=CHECKS, **options)) for arch in chosen]
    flags = [
        *(["--inline"] if inline or output is None else []),
        *_flags(click.get_current_context()),
    ]
    if output is None:
        click.echo(_inline(found[0], flags), nl=False)
        return
    files = _single(found[0], output, flags) if single else _folder(found, output, flags, every)
    folder = os.path.dirname(output) if single else output
    (_compare if check else _write)(folder, files)


def _inline(found: tuple[str, Any], flags: list[str]) -> str:
    from archcalc.report import page

    arch, analysis = found
    stem = _stem(arch)
    return page.render(analysis, stem, _command([arch], f"{stem}.md", flags), inline=True)[
        f"{stem}.md"
    ]


def _single(found: tuple[str, Any], output: str, flags: list[str]) -> Mapping[str, str]:
    from archcalc.report import page

    arch, analysis = found
    name = os.path.basename(output)
    stem = name.removesuffix(".md")
    if not stem:
        raise click.UsageError("-o names a file before its .md")
    inline = "--inline" in flags
    return page.render(analysis, stem, _command([arch], name, flags), inline=inline)


def _folder(
    found: list[tuple[str, Any]], output: str, flags: list[str], every: bool
) -> Mapping[str, str]:
    from archcalc.report import index, page

    files: dict[str, str] = {}
    stems = []
    for arch, analysis in found:
        stem = _stem(arch)
        inline = "--inline" in flags
        pages = page.render(analysis, stem, _command([arch], f"{stem}.md", flags), inline=inline)
        taken = {name.casefold() for name in (*files, index.NAME)}
        if any(name.casefold() in taken for name in pages):
            raise click.UsageError(f"two reports would be written to {stem}.md; rename a file")
        files.update(pages)
        stems.append((stem, analysis))
    archs = ["--all"] if every else [arch for arch, _ in found]
    where = os.path.basename(os.path.normpath(output)) or "."
    files[index.NAME] = index.render(stems, _command(archs, where, flags))
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
    from archcalc.diagnostics import visible

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
            flags += [
                word for key, each in value.items() for word in (param.opts[0], f"{key}={each}")
            ]
        else:
            flags += [param.opts[0], str(value)]
    return flags


def _write(folder: str, files: Mapping[str, str]) -> None:
    try:
        os.makedirs(folder or ".", exist_ok=True)
        for name, text in files.items():
            with open(os.path.join(folder, name), "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
    except OSError as error:
        refuse(error)
    count = len(files)
    click.echo(f"wrote {count:,} {'file' if count == 1 else 'files'}", err=True)


def _compare(folder: str, files: Mapping[str, str]) -> None:
    """Names what is missing or differs, and the first line that does; then the exit status is 1."""
    stale = 0
    for name, text in files.items():
        path = os.path.join(folder, name)
        try:
            with open(path, encoding="utf-8", newline="") as file:
                there = file.read()
        except FileNotFoundError:
            click.echo(f"{path} is missing", err=True)
            stale += 1
            continue
        except (OSError, UnicodeDecodeError) as error:
            click.echo(f"{path} cannot be read: {error}", err=True)
            stale += 1
            continue
        if there != text:
            click.echo(f"{path} is stale, from line {_first_difference(there, text):,}", err=True)
            stale += 1
    if stale:
        click.echo("write again with the same command without --check", err=True)
        sys.exit(1)
    click.echo(f"{len(files):,} files are up to date", err=True)


def _first_difference(there: str, text: str) -> int:
    before, after = there.split("\n"), text.split("\n")
    pairs = enumerate(zip(before, after, strict=False), 1)
    return next((line for line, (a, b) in pairs if a != b), min(len(before), len(after)) + 1)
