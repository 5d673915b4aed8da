"""``archcalc check``."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import click

from archcalc.analysis.quantities import QUANTITIES, VOCABULARY
from archcalc.cli.common import (
    ArchitectureArgument,
    Words,
    format_option,
    screen,
    shared_options,
)
from archcalc.renderers import FINDING_FORMATS, Format

BOUNDED = [QUANTITIES[name] for name in VOCABULARY.bounded]


def _rules() -> Iterable[str]:
    from archcalc.rules.catalogue import CHECKS

    return [rule.id for rule in CHECKS]


def _budget_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--max-params 5M`` and its siblings, one per quantity that a budget may bound."""
    for quantity in reversed(BOUNDED):
        name = f"--max-{quantity.name.replace('_', '-')}"
        text = f"Upper bound for {quantity.name}; overrides the file's."
        metavar = quantity.unit.upper() or "COUNT"
        command = click.option(name, f"max_{quantity.name}", metavar=metavar, help=text)(command)
    return command


@click.command("check")
@click.argument("paths", nargs=-1, required=True, type=ArchitectureArgument(), metavar="PATH...")
@format_option(FINDING_FORMATS)
@click.option("--strict", is_flag=True, help="Fail on warnings too.")
@click.option("--select", type=Words(_rules, several=True), help="Check only these rules.")
@click.option("--ignore", type=Words(_rules, several=True), help="Skip these rules.")
@_budget_options
@shared_options
def command(
    paths: tuple[str, ...],
    form: Format,
    strict: bool,
    select: list[str] | None,
    ignore: list[str] | None,
    no_color: bool,
    **options: Any,
) -> None:
    """Check files and folders against rules, expectations and budgets.

    PATH may also be the name of a built-in architecture, or - for standard input; a folder stands
    for the YAML files below it. Mistakes and shapes that do not fit can be neither ignored nor
    allowed. The exit status is 1 if a file fails and 2 if a path cannot be read.
    """
    from archcalc import lint as checking
    from archcalc.views.findings import failing

    limits = {q.name: options.pop(f"max_{q.name}") for q in BOUNDED}
    chosen = [rule for rule in select or _rules() if rule not in (ignore or ())]
    unread: list[tuple[str, str]] = []
    try:
        budget = checking.bounds({name: text for name, text in limits.items() if text is not None})
        files = list(checking.checked(_files(paths, unread), unread, chosen, budget, **options))
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    if files or not unread or form.name != "text":
        click.echo(form(files, strict, **screen(form, no_color)), nl=False, color=True)
    for path, reason in unread:
        click.echo(f"archcalc: {click.format_filename(path)}: {reason}", err=True)
    sys.exit(2 if unread else int(any(failing(file, strict) for file in files)))


def _files(paths: Iterable[str], unread: list[tuple[str, str]]) -> Iterator[str]:
    """The files that paths name: a folder stands for the YAML files below it, in order of name."""
    seen = set()
    for path in paths:
        before = len(unread)
        files = list(_below(path, unread)) if os.path.isdir(path) else [path]
        if not files and len(unread) == before:
            name = click.format_filename(path)
            click.echo(f"archcalc: {name}: no file below it ends in .yaml or .yml", err=True)
        for file in files:
            if file not in seen:
                seen.add(file)
                yield file


def _below(folder: str, unread: list[tuple[str, str]]) -> Iterator[str]:
    """Hidden folders and files are passed over, and links are not followed out of a folder."""

    def failed(error: OSError) -> None:
        unread.append((str(error.filename), error.strerror or str(error)))

    for root, folders, names in os.walk(folder, onerror=failed):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = os.path.normpath(os.path.join(root, name))
            is_yaml = name.endswith((".yaml", ".yml")) and not name.startswith(".")
            if is_yaml and os.path.isfile(path) and not os.path.islink(path):
                yield path
