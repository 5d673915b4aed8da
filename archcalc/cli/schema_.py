"""``archcalc schema``."""

from __future__ import annotations

import click


@click.command("schema")
def command() -> None:
    """The JSON Schema of the architecture file, for editors."""
    from archcalc.reference import schema

    click.echo(schema.render(), nl=False)
