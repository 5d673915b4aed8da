"""``archcalc check``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Container, Iterable
from functools import partial
from typing import Any

import click

from archcalc.analysis.quantities import QUANTITIES, VOCABULARY
from archcalc.cli.common import refuse, show, source_of
from archcalc.cli.options import (
    ArchitectureArgument,
    Settable,
    VocabularyWords,
    format_option,
    shared_options,
)
from archcalc.cli.paths import exclude_option, say_what_is_missing, targets
from archcalc.cli.sourcing import args_option, comparison
from archcalc.limits import VARIANTS_LIMIT
from archcalc.renderers import ALLOW, FINDING_FORMATS, Format
from archcalc.wording import quoted, visible

WITH_FIGURES = ("json", "junit")
BOUNDED = [QUANTITIES[name] for name in VOCABULARY.bounded]


def _rules() -> Iterable[str]:
    from archcalc.rules.catalogue import CHECKS

    return [rule.id for rule in CHECKS]


def _variants(ctx: click.Context, param: click.Parameter, texts: tuple[str, ...]) -> list[Any]:
    from archcalc.lint import variants

    try:
        return variants(texts)
    except ValueError as error:
        raise click.BadParameter(str(error), ctx, param) from None


def _budget_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--max-params 5M`` and its siblings, one for each quantity that a budget may bound."""
    for quantity in reversed(BOUNDED):
        side, word = ("min", "Lower") if quantity.is_floor else ("max", "Upper")
        name = f"--{side}-{quantity.name.replace('_', '-')}"
        text = f"{word} bound for {quantity.name}; overrides the file's."
        metavar = quantity.unit.upper() or "COUNT"
        command = click.option(name, f"bound_{quantity.name}", metavar=metavar, help=text)(command)
    return command


def _source(size: Any, folders: Container[str], target: str) -> Any:
    """The text behind a path, of what is imported at an input size."""
    return source_of(target, {"input": size}, target in folders)


HELP = """\
Check files and folders against rules, expectations and budgets.

PATH may also be the name of a built-in architecture, or - for standard input; a folder stands
for the YAML files below it that are architectures. Mistakes and shapes that do not fit can be
neither ignored nor allowed. The exit status is 1 if a file fails, and 2 if a path cannot be
read or a folder has no architecture.
"""


@click.command("check", help=HELP)
@click.argument("paths", nargs=-1, required=True, type=ArchitectureArgument(), metavar="PATH...")
@format_option(FINDING_FORMATS)
@click.option("--strict", is_flag=True, help="Fail on warnings too.")
@click.option(
    "--select", type=VocabularyWords(_rules, several=True), help="Check only these rules."
)
@click.option("--ignore", type=VocabularyWords(_rules, several=True), help="Skip these rules.")
@click.option("--show-allow", is_flag=True, help="Show with which line a file accepts a finding.")
@exclude_option
@click.option(
    "--vary",
    "varied",
    metavar="NAME=A,B,...",
    type=Settable(),
    multiple=True,
    callback=_variants,
    help="Check under each of these values of a variable; findings that are not in all of them name"
    f" those that they are in. Repeatable: all combinations, at most {VARIANTS_LIMIT}.",
)
@click.option(
    "--against", metavar="SOURCE",
    help="Hold each row against this code or model file (see `archcalc import`).",
)  # fmt: skip
@click.option(
    "--against-code", is_flag=True, help="Hold each file against what it names under `code`."
)
@args_option
@click.option("--allow-empty", is_flag=True, help="A folder without files is no mistake.")
@_budget_options
@shared_options
def command(
    paths: tuple[str, ...],
    exclude: tuple[str, ...],
    allow_empty: bool,
    form: Format,
    strict: bool,
    varied: list[Any],
    select: list[str] | None,
    ignore: list[str] | None,
    show_allow: bool,
    against: str | None,
    against_code: bool,
    args: dict[str, Any],
    no_color: bool,
    **options: Any,
) -> None:
    from archcalc import lint as checking
    from archcalc.archfile.declaration import VariableError
    from archcalc.views.findings import failing

    if against and against_code:
        raise click.UsageError("--against names the code, and --against-code leaves that to files")
    if args and not against:
        raise click.UsageError("--args are for the code that --against names")
    twice = [name for name, _ in varied[0] if name in options["variables"]]
    if twice:
        raise click.BadParameter(f"{quoted(twice[0])} has a value already", param_hint="--set")
    limits = {q.name: options.pop(f"bound_{q.name}") for q in BOUNDED}
    chosen = [rule for rule in select or _rules() if rule not in (ignore or ())]
    selected = targets(paths, exclude)
    every = [target.path for target in selected.files]
    folders = {target.path: target.folder for target in selected.files if target.folder is not None}
    unread, foreign = selected.unread, list[str]()
    try:
        budget = checking.bounds({name: text for name, text in limits.items() if text is not None})
        options["with_figures"] = form.name in WITH_FIGURES
        options["against"] = comparison(against, args, against_code)
        options["read"] = partial(_source, options["input"], folders)
        checks = checking.checked(
            every, unread, chosen, budget, folders, foreign, varied, **options
        )
        files = list(checks)
    except ValueError as error:
        is_varied = isinstance(error, VariableError) and error.name in dict(varied[0])
        refuse(error, "--vary" if is_varied else "--set")
    if files or not unread or form.name != "text":
        allow = {ALLOW: show_allow} if ALLOW in form.options else {}
        show(form, files, strict, no_color=no_color, **allow)
    is_empty = say_what_is_missing(selected, foreign)
    for path, reason in unread:
        click.echo(f"archcalc: {visible(path)}: {reason}", err=True)
    if unread or (is_empty and not allow_empty):
        sys.exit(2)
    sys.exit(int(any(failing(checked, strict) for checked in files)))
