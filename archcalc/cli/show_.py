"""``archcalc show``."""

from __future__ import annotations

import sys

import click

from archcalc.cli.common import refuse, show_mistakes
from archcalc.cli.options import ArchitectureArgument

HELP = """\
Print the file of ARCH.

A built-in architecture is a good start for one of your own: `archcalc new NAME --from ARCH` writes
a copy.
"""


@click.command("show", help=HELP)
@click.argument("arch", type=ArchitectureArgument())
def command(arch: str) -> None:
    from archcalc import api
    from archcalc.diagnostics import SpecError
    from archcalc.wording import visible

    try:
        text = api.read_source(arch).text
    except SpecError as error:
        show_mistakes(error, False)
    except (OSError, ValueError) as error:
        refuse(error)
    if sys.stdout.isatty():  # which would obey what a stranger's file holds
        text = "".join(f"{visible(line)}\n" for line in text.splitlines())
    click.echo(text, nl=False)
