"""``archcalc report``."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import click

from archcalc.cli.common import analysed
from archcalc.cli.files import compare, stem_of, write
from archcalc.cli.options import ArchitectureArgument, shared_options
from archcalc.cli.paths import Targets, exclude_option, say_what_is_missing, targets
from archcalc.cli.reproduced import options as options_given
from archcalc.cli.reproduced import report_command
from archcalc.wording import visible

# What changes no page, and what changes which pages there are.
ELSEWHERE = ("archs", "output", "form", "check", "prune", "no_color")
CHOICE = ("every", "exclude")

ENDINGS = {"markdown": ".md", "html": ".html"}

PICTURES = ("params", "macs", "memory", "field", "training")

Analyses = Sequence[tuple[str, Any]]


HELP = """\
Write a report on each ARCH: Markdown, or a page that a browser shows.

One report goes to a file, whose ending says which it is; several go into a folder, with an index.
ARCH may also be a folder, which stands for the architectures below it. Without -o, the report on
one ARCH is printed, with its pictures drawn inline.
"""


@click.command("report", help=HELP)
@click.argument("archs", metavar="ARCH...", nargs=-1, type=ArchitectureArgument())
@click.option(
    "-o", "--output", metavar="PATH",
    help="A file that ends in .md or .html for one ARCH, or a folder for several.",
)  # fmt: skip
@click.option(
    "--format", "form", type=click.Choice(list(ENDINGS)),
    help="markdown, for GitHub, or html, a page of its own for each ARCH.  "
    "[default: that of -o, or markdown]",
)  # fmt: skip
@click.option("--all", "every", is_flag=True, help="Report on every built-in architecture.")
@click.option("--inline", is_flag=True, help="Draw with Mermaid instead of writing SVG files.")
@click.option("--check", is_flag=True, help="Write nothing; fail if what is there is stale.")
@click.option("--prune", is_flag=True, help="Remove reports that are no longer written.")
@exclude_option
@shared_options
def command(
    archs: tuple[str, ...],
    output: str | None,
    form: str | None,
    every: bool,
    inline: bool,
    check: bool,
    prune: bool,
    exclude: tuple[str, ...],
    no_color: bool,
    **options: Any,
) -> None:
    from archcalc import api
    from archcalc.cli import pages
    from archcalc.rules.catalogue import CHECKS

    chosen = (*archs, *(name for name in api.builtin_names() if every and name not in archs))
    if not chosen:
        raise click.UsageError("name an ARCH, or --all")
    if check and prune:
        raise click.UsageError("--check writes nothing, and --prune removes files")
    selected = targets(chosen, exclude)
    form = form or ("html" if output and output.endswith(".html") else "markdown")
    if inline and form == "html":
        raise click.UsageError("--inline is for Markdown; the pictures of a page are in it")
    _check_output(output, form, chosen, len(selected.files), is_needed=check or prune)
    analyses = _analyses(selected, no_color, chosen=CHECKS, **options)
    ctx = click.get_current_context()
    flags = options_given(ctx, besides=(*ELSEWHERE, *CHOICE))
    if output is None:
        shown = pages.page(*analyses[0]) if form == "html" else _printed(analyses[0], flags)
        click.echo(shown, nl=False)
        return
    may_be_left: Callable[[str], bool] = _is_no_page
    if form == "html":
        folder, files, may_be_left = pages.files(analyses, output)
    elif output.endswith(".md"):
        folder, name = os.path.split(output)
        files = _page(analyses[0], name.removesuffix(".md"), output, flags)
        pictures = {f"{name.removesuffix('.md')}-{picture}.svg" for picture in PICTURES}
        may_be_left = pictures.__contains__
    else:
        folder, files = output, dict(_pages(analyses, output, flags))
        files |= _index(analyses, report_command(archs, output, options_given(ctx, ELSEWHERE)))
    if check:
        compare(folder, files, may_be_left)
    else:
        write(folder, files, may_be_left, prune=prune)


def _check_output(
    output: str | None, form: str, chosen: Sequence[str], count: int, is_needed: bool
) -> None:
    if output is None and (count > 1 or is_needed):
        raise click.UsageError("-o is needed, to say where reports go")
    if chosen.count("-") > 1:
        raise click.UsageError("standard input can be read only once")
    if output is None:
        return
    wanted = ENDINGS[form]
    if output.endswith(wanted) and count > 1:
        raise click.UsageError(f"{count} reports need a folder, and -o names a file")
    if os.path.basename(output) == wanted:
        raise click.UsageError(f"-o needs a name before {wanted}")
    ending = os.path.splitext(output)[1]
    if ending[1:].isalnum() and ending != wanted and not os.path.isdir(output):
        endings = " or ".join(ENDINGS.values()) if ending not in ENDINGS.values() else wanted
        raise click.UsageError(
            f"{visible(output)}: a report is written to a file that ends in {endings}, or into a "
            f"folder ({visible(output)}/ makes one)"
        )


def _is_no_page(name: str) -> bool:
    return not name.endswith(".html")


def _analyses(selected: Targets, no_color: bool, **options: Any) -> Analyses:
    """The analyses by path; below folders, files of other programs are passed over."""
    analyses, foreign = [], []
    for path, folder in selected.files:
        analysis = analysed(path, no_color, or_foreign=folder is not None, **options)
        if analysis is None:
            foreign.append(path)
        else:
            analyses.append((path, analysis))
    is_empty = say_what_is_missing(selected, foreign)
    for path, reason in selected.unread:
        click.echo(f"archcalc: {visible(path)}: {reason}", err=True)
    if is_empty or selected.unread:
        sys.exit(2)
    return analyses


def _printed(analysed: tuple[str, Any], flags: Collection[str]) -> str:
    stem = stem_of(analysed[0])
    inline = list(dict.fromkeys(("--inline", *flags)))
    return _page(analysed, stem, f"{stem}.md", inline)[f"{stem}.md"]


def _page(
    analysed: tuple[str, Any], stem: str, output: str, flags: Collection[str]
) -> Mapping[str, str]:
    """The page of a report and its pictures, by name."""
    from archcalc.renderers import report

    arch, analysis = analysed
    command = report_command([arch], output, flags)
    return report.render(analysis, stem, command, inline="--inline" in flags)


def _pages(analyses: Analyses, folder: str, flags: Collection[str]) -> dict[str, str]:
    from archcalc.renderers import index

    files: dict[str, str] = {}
    taken = {index.NAME.casefold()}
    for arch, analysis in analyses:
        stem = stem_of(arch)
        page = _page((arch, analysis), stem, os.path.join(folder, f"{stem}.md"), flags)
        names = {name.casefold() for name in page}
        if names & taken:
            raise click.UsageError(f"two reports would be written to {stem}.md; rename a file")
        taken |= names
        files.update(page)
    return files


def _index(analyses: Analyses, command: str) -> dict[str, str]:
    from archcalc.renderers import index

    stems = [(stem_of(arch), analysis) for arch, analysis in analyses]
    return {index.NAME: index.render(stems, command)}
