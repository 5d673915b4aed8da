"""``archcalc list``."""

from __future__ import annotations

import click

from archcalc.cli.common import terminal_width

HELP = """\
List the built-in architectures.

Each with its input, depth, parameters, MACs, year and source.
"""


@click.command("list", help=HELP)
def command() -> None:
    from archcalc import api
    from archcalc.renderers import listing

    named = [(name, api.run(api.read_source(name))) for name in api.builtin_names()]
    click.echo(listing.render(named, terminal_width()), nl=False)
