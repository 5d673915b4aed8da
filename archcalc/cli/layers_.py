"""``archcalc layers``."""

from __future__ import annotations

from collections.abc import Iterable

import click

from archcalc.cli.common import show
from archcalc.cli.options import VocabularyWords, format_option
from archcalc.reference import LAYER_FORMATS
from archcalc.renderers import Format


def _types() -> Iterable[str]:
    from archcalc.network.layers import LAYERS

    return LAYERS


HELP = "Describe every layer type, or just TYPE: keys, defaults, formulas."


@click.command("layers", help=HELP)
@click.argument("type", required=False, type=VocabularyWords(_types))
@format_option(LAYER_FORMATS)
def command(type: str | None, form: Format) -> None:
    show(form, [type] if type else None)
