"""``archcalc diff``."""

from __future__ import annotations

from typing import Any

import click

from archcalc.cli.common import ArchitectureArgument, analysed, shared_options
from archcalc.cli.plain import PlainHelp


@click.command("diff", cls=PlainHelp)
@click.argument("old", type=ArchitectureArgument())
@click.argument("new", type=ArchitectureArgument())
@click.option(
    "--format", "form", type=click.Choice(["text", "markdown", "json"]), default="text",
    show_default=True, help="What to print.",
)  # fmt: skip
@shared_options
def command(old: str, new: str, form: str, no_color: bool, **options: Any) -> None:
    """What differs between OLD and NEW: totals, and layers added, removed and changed.

    Layers are matched by their paths. The exit status does not tell whether there is a difference.
    """
    if old == new == "-":
        raise click.UsageError("only one of OLD and NEW can be standard input")
    from archcalc.renderers import difference

    before = analysed(old, no_color, **options)
    found = difference.difference(before, analysed(new, no_color, **options))
    render = {"text": difference.text, "markdown": difference.markdown, "json": difference.to_json}
    click.echo(render[form](found), nl=False)
