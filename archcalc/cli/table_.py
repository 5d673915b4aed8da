"""``archcalc table``."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

import click

from archcalc.cli.common import (
    ArchitectureArgument,
    Words,
    analysed,
    has_colour,
    shared_options,
    terminal_width,
)
from archcalc.cli.plain import PlainHelp


def _columns() -> Iterable[str]:
    from archcalc.views.columns import COLUMNS

    return COLUMNS


@click.command("table", cls=PlainHelp)
@click.argument("arch", type=ArchitectureArgument())
@click.option(
    "--format", "form", type=click.Choice(["table", "markdown", "json", "csv"]), default="table",
    show_default=True, help="What to print.",
)  # fmt: skip
@click.option("--columns", type=Words(_columns, several=True), help="The columns, in order.")
@click.option(
    "--fold", type=click.IntRange(1), metavar="N",
    help="Fold groups and blocks below level N to one row each; sums are kept.",
)  # fmt: skip
@click.option("--sort", type=Words(_columns), help="Sort by a column, largest numbers first.")
@click.option("--top", type=click.IntRange(1), metavar="N", help="Show the first N rows.")
@click.option(
    "--units", type=click.Choice(["exact", "si"]), default="exact", show_default=True,
    help="Exact integers, or three digits with k, M, G.",
)  # fmt: skip
@shared_options
def command(
    arch: str,
    form: str,
    columns: list[str] | None,
    fold: int | None,
    sort: str | None,
    top: int | None,
    units: str,
    no_color: bool,
    **options: Any,
) -> None:
    """The per-layer table of ARCH, then totals, then findings."""
    from archcalc.renderers import FORMATS

    view: dict[str, Any] = {"columns": columns, "fold": fold, "sort": sort, "top": top}
    view = {name: value for name, value in view.items() if value is not None}
    if units != "exact":
        view["units"] = units
    if view and not FORMATS[form].has_columns:
        raise click.UsageError(f"--{next(iter(view))} has no meaning for --format {form}")
    analysis = analysed(arch, no_color, **options)
    if form == "table":
        view |= {"width": terminal_width(), "colour": has_colour(sys.stdout, no_color)}
    click.echo(FORMATS[form](analysis, **view), nl=False, color=True)
