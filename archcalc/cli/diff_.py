"""``archcalc diff``."""

from __future__ import annotations

from typing import Any

import click

from archcalc.cli.common import ArchitectureArgument, analysed, format_option, shared_options
from archcalc.renderers import DIFFERENCE_FORMATS, Format

HELP = """\
Show what changed from OLD to NEW: totals and layers.

Layers are matched by path. The exit status does not say whether anything changed.
"""


@click.command("diff", help=HELP)
@click.argument("old", type=ArchitectureArgument())
@click.argument("new", type=ArchitectureArgument())
@format_option(DIFFERENCE_FORMATS)
@shared_options
def command(old: str, new: str, form: Format, no_color: bool, **options: Any) -> None:
    if old == new == "-":
        raise click.UsageError("only one of OLD and NEW can be standard input")
    from archcalc.views.difference import difference

    before, after = (analysed(target, no_color, **options) for target in (old, new))
    click.echo(form(difference(before, after)), nl=False)
