"""``archcalc explain``."""

from __future__ import annotations

from typing import Any

import click
from click.shell_completion import CompletionItem

from archcalc.cli.common import (
    ArchitectureArgument,
    ParamType,
    analysed,
    refuse,
    shared_options,
)
from archcalc.cli.plain import PlainHelp


class LayerArgument(ParamType):
    """A path of a layer; completes those of the ARCH before it."""

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


@click.command("explain", cls=PlainHelp)
@click.argument("arch", type=ArchitectureArgument())
@click.argument("layer", type=LayerArgument())
@click.option(
    "--format", "form", type=click.Choice(["text", "markdown"]), default="text",
    show_default=True, help="What to print.",
)  # fmt: skip
@shared_options
def command(arch: str, layer: str, form: str, no_color: bool, **options: Any) -> None:
    """The arithmetic of LAYER of ARCH, written out with its numbers.

    LAYER is a path as the table shows it, such as conv1 or layer1.0.sum.residual.conv1.
    """
    from archcalc.views import explanation as explain

    analysis = analysed(arch, no_color, **options)
    try:
        layers = explain.find(analysis, layer)
    except ValueError as error:
        refuse(error)
    click.echo(explain.render(analysis, layers, form), nl=False)
