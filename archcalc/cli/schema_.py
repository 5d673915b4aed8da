"""``archcalc schema``."""

from __future__ import annotations

import click

from archcalc.cli.plain import PlainHelp


@click.command("schema", cls=PlainHelp)
def command() -> None:
    """The JSON Schema of the architecture file, for editors."""
    from archcalc.reference import schema

    click.echo(schema.render(), nl=False)
