"""``archcalc table``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import click

from archcalc.cli.common import analysed, show
from archcalc.cli.options import (
    ArchitectureArgument,
    VocabularyWords,
    field_option,
    format_option,
    shared_options,
)
from archcalc.renderers import FORMATS, Format


def _columns() -> Iterable[str]:
    from archcalc.views.columns import COLUMNS

    return COLUMNS


HELP = "Print the per-layer table, totals and findings of ARCH."


@click.command("table", help=HELP)
@click.argument("arch", type=ArchitectureArgument())
@format_option(FORMATS)
@click.option(
    "--columns", type=VocabularyWords(_columns, several=True), help="The columns to show, in order."
)
@click.option(
    "--fold", type=click.IntRange(1), metavar="N",
    help="Fold groups and blocks below level N into one row each; sums are kept.",
)  # fmt: skip
@click.option("--sort", type=VocabularyWords(_columns), help="Sort by a column, largest first.")
@click.option("--top", type=click.IntRange(1), metavar="N", help="Show only the first N rows.")
@click.option(
    "--units", type=click.Choice(["exact", "si"]), default="exact", show_default=True,
    help="Exact integers, or three digits with k, M, G.",
)  # fmt: skip
@field_option
@shared_options
def command(
    arch: str,
    form: Format,
    columns: list[str] | None,
    fold: int | None,
    sort: str | None,
    top: int | None,
    units: str,
    no_color: bool,
    **options: Any,
) -> None:
    asked: dict[str, Any] = {"columns": columns, "fold": fold, "sort": sort, "top": top}
    asked["units"] = None if units == "exact" else units
    asked = {name: value for name, value in asked.items() if value is not None}
    for name in asked:
        if name not in form.options:
            raise click.UsageError(f"--{name} has no meaning for --format {form.name}")
    analysis = analysed(arch, no_color, **options)
    show(form, analysis, no_color=no_color, **asked)
