"""``archcalc layers``."""

from __future__ import annotations

from collections.abc import Iterable

import click

from archcalc.cli.common import Words, format_option, screen
from archcalc.reference import LAYER_FORMATS
from archcalc.renderers import Format


def _types() -> Iterable[str]:
    from archcalc.network.layers import LAYERS

    return LAYERS


HELP = "Describe every layer type, or just TYPE: keys, defaults, formulas."


@click.command("layers", help=HELP)
@click.argument("type", required=False, type=Words(_types))
@format_option(LAYER_FORMATS)
def command(type: str | None, form: Format) -> None:
    click.echo(form([type] if type else None, **screen(form)), nl=False)
