"""``archcalc schema``."""

from __future__ import annotations

import click

HELP = "Print the JSON Schema of the architecture file, for editors."


@click.command("schema", help=HELP)
def command() -> None:
    from archcalc.reference import schema

    click.echo(schema.render(), nl=False)
