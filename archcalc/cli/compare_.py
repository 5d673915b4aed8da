"""``archcalc compare``."""

from __future__ import annotations

from typing import Any

import click

from archcalc.cli.common import (
    ArchitectureArgument,
    analysed,
    file_name,
    format_option,
    shared_options,
)
from archcalc.renderers import COMPARISON_FORMATS, COUNTER_FORMATS, Format

HELP = "Show totals side by side, with ratios to the first ARCH."


@click.command("compare", help=HELP)
@click.argument("archs", metavar="ARCH...", nargs=-1, required=True, type=ArchitectureArgument())
@format_option(COMPARISON_FORMATS)
@click.option(
    "--conventions", is_flag=True,
    help="What each widely used counter reports for the same network, and why.",
)  # fmt: skip
@shared_options
def command(
    archs: tuple[str, ...], form: Format, conventions: bool, no_color: bool, **options: Any
) -> None:
    from archcalc.views.comparison import comparison
    from archcalc.views.counters import conventions as counted

    if len(archs) < 2 and not conventions:
        raise click.UsageError("there is nothing to compare with; name another ARCH")
    if archs.count("-") > 1:
        raise click.UsageError("standard input can be read only once")
    named = [(file_name(arch), analysed(arch, no_color, **options)) for arch in archs]
    if conventions:
        click.echo(COUNTER_FORMATS[form.name](counted(named)), nl=False)
    else:
        click.echo(form(comparison(named)), nl=False)
