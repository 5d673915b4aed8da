"""``archcalc explain``."""

from __future__ import annotations

from typing import Any

import click
from click.shell_completion import CompletionItem

from archcalc.cli.common import analysed, refuse, show
from archcalc.cli.options import (
    ArchitectureArgument,
    ParamType,
    field_option,
    format_option,
    shared_options,
)
from archcalc.renderers import EXPLANATION_FORMATS, Format


class LayerArgument(ParamType):
    """The path of a layer; completes the paths in the ARCH before it."""

    name = "layer"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        from archcalc import api
        from archcalc.diagnostics import SpecError

        try:
            analysis = api.run(api.read_source(ctx.params["arch"]))
        except (KeyError, OSError, SpecError):
            return []
        names = [layer.name for layer in analysis.layers]
        return [CompletionItem(name) for name in names if name.startswith(incomplete)]


def _position(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[int, ...]:
    """Numbers with commas between; () where none are given."""
    words = [word.strip() for word in (value or "").replace("x", ",").split(",")]
    if value is not None and not all(w.isascii() and w.isdecimal() and len(w) < 19 for w in words):
        raise click.BadParameter(f"{value!r} is no position such as 12,40", ctx, param)
    return tuple(map(int, words)) if value is not None else ()


HELP = """\
Write out the arithmetic of one layer, with its numbers.

LAYER is a path as the table shows it, such as conv1 or layer1.0.sum.residual.conv1.
"""


@click.command("explain", help=HELP)
@click.argument("arch", type=ArchitectureArgument())
@click.argument("layer", type=LayerArgument())
@format_option(EXPLANATION_FORMATS)
@click.option(
    "--at",
    metavar="ROW,COLUMN",
    callback=_position,
    help="Name the rows and columns that one output sees, counted from 0.",
)
@field_option
@shared_options
def command(
    arch: str, layer: str, form: Format, at: tuple[int, ...], no_color: bool, **options: Any
) -> None:
    from archcalc.analysis.whole import trained
    from archcalc.views.explanation import explanations, find

    analysis = trained(analysed(arch, no_color, **options))
    try:
        explained = list(explanations(analysis, find(analysis, layer), at))
    except ValueError as error:
        refuse(error)
    show(form, explained)
