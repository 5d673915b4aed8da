"""``archcalc memory``."""

from __future__ import annotations

from typing import Any

import click

from archcalc.cli.common import analysed, refuse, show
from archcalc.cli.options import (
    ArchitectureArgument,
    ParamType,
    format_option,
    options,
    shared_options,
)
from archcalc.network.training import HALVES, LOSSES, OPTIMIZERS, Settings
from archcalc.renderers import MEMORY_FORMATS, Format

NO_ONE = "none"


class Bytes(ParamType):
    """Bytes in any unit, as a file writes them."""

    name = "bytes"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        from archcalc.diagnostics import Fault
        from archcalc.network.values import BYTES

        if isinstance(value, int):
            return value
        try:
            return int(BYTES.check(value).value)
        except Fault as fault:
            self.fail(fault.parts[0].message, param, ctx)


def names(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[str, ...] | None:
    """Words with commas between."""
    if value == NO_ONE:
        return ()
    return tuple(word.strip() for word in value.split(",")) if value else None


def half(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """A type, or empty for none in the place of the file's."""
    return "" if value == NO_ONE else value


# The options that say how a network is trained, as `train` in a file does.
GIVEN = (
    "optimizer", "weight_decay", "amp", "checkpoint", "in_place", "loss", "fit", "reserve",
)  # fmt: skip
settings_options = options(
    click.option(
        "--optimizer", type=click.Choice(list(OPTIMIZERS)),
        help="What holds state beside the parameters.  [default: momentum]",
    ),
    click.option(
        "--weight-decay/--no-weight-decay", default=None, help="With weight decay, or without.",
    ),
    click.option(
        "--amp", type=click.Choice([*HALVES, NO_ONE]), callback=half,
        help="Autocast to a half type, or none.",
    ),
    click.option(
        "--checkpoint", metavar="blocks|stages|GROUP,...", callback=names,
        help="What runs again in the backward pass: every copy of a block, every group or "
        "instance at the top, those that are named, or none.",
    ),
    click.option(
        "--in-place/--no-in-place", default=None,
        help="Activations overwrite what they read where they can, or never.",
    ),
    click.option(
        "--loss", type=click.Choice(LOSSES),
        help="Of the last output, of every output, or none: the gradient is given.",
    ),
    click.option("--fit", type=Bytes(), metavar="BYTES", help="The largest batch in 24GB, 8GiB."),
    click.option(
        "--reserve", type=Bytes(), metavar="BYTES",
        help="Bytes of --fit that are kept free, for what is not modelled.",
    ),
)  # fmt: skip


HELP = """\
The memory of training ARCH, to the byte, and the largest batch that fits.

An option goes before what the file says under `train`.
"""


@click.command("memory", help=HELP)
@click.argument("arch", type=ArchitectureArgument())
@format_option(MEMORY_FORMATS)
@settings_options
@click.option("--inference", is_flag=True, help="A forward pass without gradients instead.")
@shared_options
def command(arch: str, form: Format, inference: bool, no_color: bool, **options: Any) -> None:
    from archcalc.views.memory import memory

    given = {name: options.pop(name) for name in GIVEN}
    analysis = analysed(arch, no_color, **options)
    settings = analysis.network.train or Settings()
    settings = settings._replace(
        **{name: value for name, value in given.items() if value is not None}
    )
    settings = settings._replace(amp=settings.amp or None)
    if settings.contradiction:
        raise click.UsageError(settings.contradiction)
    try:
        view = memory(analysis, settings, inference)
    except ValueError as error:
        refuse(error)
    show(form, view)
