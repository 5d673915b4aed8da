"""``archcalc published``."""

from __future__ import annotations

from typing import Any

import click

from archcalc.cli.common import analysed, show
from archcalc.cli.options import ArchitectureArgument, format_option
from archcalc.renderers import PUBLISHED_FORMATS, Format

HELP = """\
Hold figures that papers and lectures print against computed ones.

Those of ARCH, or of every built-in architecture that has any.
"""


@click.command("published", help=HELP)
@click.argument("arch", type=ArchitectureArgument(), required=False)
@format_option(PUBLISHED_FORMATS)
@click.option("--no-color", is_flag=True, help="No colour, as with NO_COLOR.")
def command(arch: str | None, form: Format, no_color: bool) -> None:
    from archcalc import api
    from archcalc.analysis.published import verdicts

    networks: list[tuple[str, Any]] = []
    builtin = api.builtin_names()
    for target in [arch] if arch else builtin:
        analysis = analysed(target, no_color)
        if arch or analysis.network.published:
            name = target if target in builtin else analysis.network.name
            networks.append((name, verdicts(analysis)))
    show(form, networks)
