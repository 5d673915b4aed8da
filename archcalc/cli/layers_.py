"""``archcalc layers``."""

from __future__ import annotations

from collections.abc import Iterable

import click

from archcalc.cli.common import Words, terminal_width
from archcalc.cli.plain import PlainHelp


def _types() -> Iterable[str]:
    from archcalc.network.layers import LAYERS

    return LAYERS


@click.command("layers", cls=PlainHelp)
@click.argument("type", required=False, type=Words(_types))
@click.option(
    "--format", "form", type=click.Choice(["text", "markdown"]), default="text",
    show_default=True, help="What to print.",
)  # fmt: skip
def command(type: str | None, form: str) -> None:
    """Every layer type, or TYPE, with its keys, defaults, formulas and an example."""
    from archcalc.reference import layers

    click.echo(layers.render([type] if type else None, form, terminal_width()), nl=False)
