"""``archcalc explain``."""

from __future__ import annotations

from typing import Any

import click
from click.shell_completion import CompletionItem

from archcalc.cli.common import (
    ArchitectureArgument,
    ParamType,
    analysed,
    format_option,
    refuse,
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


HELP = """\
Write out the arithmetic of one layer, with its numbers.

LAYER is a path as the table shows it, such as conv1 or layer1.0.sum.residual.conv1.
"""


@click.command("explain", help=HELP)
@click.argument("arch", type=ArchitectureArgument())
@click.argument("layer", type=LayerArgument())
@format_option(EXPLANATION_FORMATS)
@shared_options
def command(arch: str, layer: str, form: Format, no_color: bool, **options: Any) -> None:
    from archcalc.views.explanation import explanations, find

    analysis = analysed(arch, no_color, **options)
    try:
        layers = find(analysis, layer)
    except ValueError as error:
        refuse(error)
    click.echo(form(explanations(analysis, layers)), nl=False)
