"""``archcalc compare``."""

from __future__ import annotations

from typing import Any

import click

from archcalc.cli.common import analysed, refuse, show
from archcalc.cli.options import (
    ArchitectureArgument,
    VocabularyWords,
    format_option,
    shared_options,
    totals,
    vary_option,
)
from archcalc.renderers import COMPARISON_FORMATS, COUNTER_FORMATS, Format

HELP = """\
Show totals side by side, with ratios to the first ARCH.

ARCH@NAME=VALUE is ARCH with another value for a variable, or for `input`; --vary compares several.
"""


@click.command("compare", help=HELP)
@click.argument("archs", metavar="ARCH...", nargs=-1, required=True, type=ArchitectureArgument())
@format_option(COMPARISON_FORMATS)
@click.option(
    "--conventions", is_flag=True,
    help="What each widely used counter reports for the same network, and why.",
)  # fmt: skip
@vary_option
@click.option(
    "--columns", metavar="QUANTITY,...", type=VocabularyWords(totals, several=True),
    help="Only these totals.",
)  # fmt: skip
@shared_options
def command(
    archs: tuple[str, ...],
    form: Format,
    conventions: bool,
    vary: tuple[str, ...],
    columns: list[str] | None,
    no_color: bool,
    **options: Any,
) -> None:
    from archcalc.variants import variation
    from archcalc.views.comparison import comparison
    from archcalc.views.counters import conventions as counted

    try:
        variants = variation.titled(archs, vary)
    except ValueError as error:
        refuse(error)
    if len(variants) < 2 and not conventions:
        raise click.UsageError("there is nothing to compare with; name another ARCH")
    if archs.count("-") > 1 or ("-" in archs and vary):
        raise click.UsageError("standard input can be read only once")
    named = [
        (title, analysed(arch, no_color, **variation.options(values, options)))
        for arch, values, title in variants
    ]
    if conventions:
        if form.name not in COUNTER_FORMATS:
            raise click.UsageError(f"--conventions is written as {', '.join(COUNTER_FORMATS)}")
        form, shown = COUNTER_FORMATS[form.name], counted(named)
        show(form, shown)
    else:
        show(form, comparison(named, columns))
