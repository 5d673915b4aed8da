"""``archcalc sizes``."""

from __future__ import annotations

import click

from archcalc.cli.common import refuse, show, show_mistakes
from archcalc.cli.options import (
    ArchitectureArgument,
    format_option,
    limit_option,
    no_color_option,
    set_option,
)
from archcalc.limits import AXIS_LIMIT
from archcalc.renderers import SIZES_FORMATS, Format

HELP = """\
Find the input sizes at which ARCH fits, and those at which no stride drops input.

All axes of the input have the same size. The network is built once at every size from --from to
--to; the exit status is 1 if it fits at none of them.
"""


@click.command("sizes", help=HELP)
@click.argument("arch", type=ArchitectureArgument())
@click.option(
    "--from",
    "low",
    metavar="N",
    type=click.IntRange(1, AXIS_LIMIT),
    default=32,
    show_default=True,
    help="The smallest size to try.",
)
@click.option(
    "--to",
    "high",
    metavar="N",
    type=click.IntRange(1, AXIS_LIMIT),
    default=1024,
    show_default=True,
    help="The largest size to try.",
)
@format_option(SIZES_FORMATS)
@set_option
@limit_option
@no_color_option
@click.pass_context
def command(
    ctx: click.Context,
    arch: str,
    low: int,
    high: int,
    form: Format,
    variables: dict[str, str],
    limit_layers: int,
    no_color: bool,
) -> None:
    from archcalc import api
    from archcalc.diagnostics import SpecError
    from archcalc.variants.sizes import sizes

    try:
        source = api.read_source(arch)
        architecture = api.loads(source.text, source.filename)
        survey = sizes(architecture, low, high, variables=variables, limit_layers=limit_layers)
    except SpecError as error:
        show_mistakes(error, no_color)
    except (OSError, ValueError) as error:
        refuse(error)
    show(form, survey)
    ctx.exit(0 if survey.fitting else 1)
