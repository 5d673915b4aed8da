"""``archcalc diff``."""

from __future__ import annotations

import sys
from typing import Any

import click

from archcalc.cli.common import analysed, refuse, show
from archcalc.cli.options import (
    ArchitectureArgument,
    QuantityAmount,
    field_option,
    format_option,
    shared_options,
)
from archcalc.renderers import DIFFERENCE_FORMATS, Format

HELP = """\
Show what changed from OLD to NEW: totals and layers.

Layers are matched by path, and by what they are where they have another name. The exit status does
not say whether anything changed, unless --max-increase bounds a total: it is 1 if that grows by
more.
"""


@click.command("diff", help=HELP)
@click.argument("old", type=ArchitectureArgument())
@click.argument("new", type=ArchitectureArgument())
@format_option(DIFFERENCE_FORMATS)
@click.option(
    "--max-increase", "bounds", metavar="QUANTITY=AMOUNT", multiple=True, type=QuantityAmount(),
    help="The most by which a total may grow: params=5%, macs=0, activation_bytes=1MiB. "
    "Repeatable.",
)  # fmt: skip
@field_option
@shared_options
def command(
    old: str,
    new: str,
    form: Format,
    bounds: tuple[str, ...],
    no_color: bool,
    **options: Any,
) -> None:
    if old == new == "-":
        raise click.UsageError("only one of OLD and NEW can be standard input")
    from archcalc.views.difference import difference
    from archcalc.views.increase import bound, exceeded

    try:
        allowed = [bound(text) for text in bounds]
    except ValueError as error:
        refuse(error)
    before, after = (analysed(target, no_color, **options) for target in (old, new))
    show(form, difference(before, after))
    over = list(exceeded(before, after, allowed))
    for line in over:
        click.echo(line, err=True)
    if over:
        sys.exit(1)
