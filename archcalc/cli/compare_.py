"""``archcalc compare``."""

from __future__ import annotations

from typing import Any

import click

from archcalc.cli.common import ArchitectureArgument, analysed, file_name, shared_options
from archcalc.cli.plain import PlainHelp


@click.command("compare", cls=PlainHelp)
@click.argument("archs", metavar="ARCH...", nargs=-1, required=True, type=ArchitectureArgument())
@click.option(
    "--format", "form", type=click.Choice(["text", "markdown", "json"]), default="text",
    show_default=True, help="What to print.",
)  # fmt: skip
@click.option(
    "--conventions", is_flag=True,
    help="What each widely used counter reports for the same network, and why.",
)  # fmt: skip
@shared_options
def command(
    archs: tuple[str, ...], form: str, conventions: bool, no_color: bool, **options: Any
) -> None:
    """Totals side by side, with ratios to the first ARCH."""
    from archcalc.renderers import compare, counters

    if len(archs) < 2 and not conventions:
        raise click.UsageError("there is nothing to compare with; name another ARCH")
    if archs.count("-") > 1:
        raise click.UsageError("standard input can be read once")
    found = [(file_name(arch), analysed(arch, no_color, **options)) for arch in archs]
    render = counters.render if conventions else compare.render
    click.echo(render(found, form), nl=False)
