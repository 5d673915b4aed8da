"""``archcalc published``."""

from __future__ import annotations

from typing import Any

import click

from archcalc.cli.common import ArchitectureArgument, analysed, terminal_width
from archcalc.cli.plain import PlainHelp


@click.command("published", cls=PlainHelp)
@click.argument("arch", type=ArchitectureArgument(), required=False)
@click.option(
    "--format", "form", type=click.Choice(["table", "json"]), default="table",
    show_default=True, help="What to print.",
)  # fmt: skip
@click.option("--no-color", is_flag=True, help="No colour, as with NO_COLOR.")
def command(arch: str | None, form: str, no_color: bool) -> None:
    """Figures that papers and lectures print, beside the computed ones.

    Of ARCH, or without it of every built-in architecture that has any.
    """
    from archcalc import api
    from archcalc.analysis.published import verdicts
    from archcalc.renderers import published

    found: list[tuple[str, Any]] = []
    builtin = api.builtin_names()
    for target in [arch] if arch else builtin:
        analysis = analysed(target, no_color)
        if arch or analysis.architecture.published:
            name = target if target in builtin else analysis.architecture.name
            found.append((name, verdicts(analysis)))
    width = terminal_width()
    click.echo(published.render(found, form, width), nl=False)
