"""``archcalc fit``."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from archcalc.cli.common import refuse
from archcalc.cli.options import (
    SAMPLES,
    ArchitectureArgument,
    VocabularyWords,
    limit_option,
    no_color_option,
    options,
    totals,
    vary_option,
)
from archcalc.cli.sweep_ import bounds_option, planned, processes, workers_option

HELP = """\
Find the variant of ARCH that is best within bounds.

Every combination of the values of --vary is tried. The exit status is 1 if none is within bounds.
"""
LIMIT = 1_000_000


@click.command("fit", help=HELP)
@click.argument("arch", type=ArchitectureArgument())
@vary_option
@bounds_option
@click.option(
    "--maximize",
    metavar="QUANTITY",
    type=VocabularyWords(totals),
    help="The more of this, the better.",
)
@click.option(
    "--minimize",
    metavar="QUANTITY",
    type=VocabularyWords(totals),
    help="The less of this, the better.",
)
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="text: for the terminal; json: version 1.",
)  # fmt: skip
@workers_option
@options(*SAMPLES, limit_option, no_color_option)
def command(
    arch: str,
    maximize: str | None,
    minimize: str | None,
    form: str,
    workers: int | None,
    no_color: bool,
    **asked: Any,
) -> None:
    from archcalc.renderers import sweep as drawing
    from archcalc.variants.trying import best

    aim = maximize or minimize
    if not aim or (maximize and minimize):
        raise click.UsageError("give --maximize QUANTITY or --minimize QUANTITY")
    bounded = [text.partition("=")[0].strip() for text in asked["bounds"]]
    columns = list(dict.fromkeys([aim, *bounded, "params", "macs"]))
    sweep = planned(arch, columns=columns, no_color=no_color, **asked)
    if sweep.total > LIMIT:
        raise click.UsageError(f"there are {sweep.total:,} variants; fit tries up to {LIMIT:,}")
    try:
        found = best(sweep, aim, is_more_better=bool(maximize), workers=processes(workers, sweep))
    except RuntimeError as error:
        refuse(error)
    if form == "json":
        click.echo(json.dumps({"version": 1, **found._asdict()}, indent=2))
    else:
        click.echo(drawing.best(found), nl=False)
    if found.best is None:
        sys.exit(1)
