"""``archcalc explain``."""

from __future__ import annotations

from typing import Any

import click

from archcalc.cli.common import ArchitectureArgument, analysed, refuse, shared_options


@click.command("explain")
@click.argument("arch", type=ArchitectureArgument())
@click.argument("layer")
@click.option(
    "--format", "form", type=click.Choice(["text", "markdown"]), default="text",
    show_default=True, help="What to print.",
)  # fmt: skip
@shared_options
def command(arch: str, layer: str, form: str, no_color: bool, **options: Any) -> None:
    """The arithmetic of LAYER of ARCH, written out with its numbers.

    LAYER is a path as the table shows it, such as conv1 or layer1.0.sum.residual.conv1.
    """
    from archcalc import explain

    analysis = analysed(arch, no_color, **options)
    try:
        layers = explain.find(analysis, layer)
    except ValueError as error:
        refuse(error)
    click.echo(explain.render(analysis, layers, form), nl=False)
