"""``archcalc schema``."""

from __future__ import annotations

import click


@click.command("schema")
def command() -> None:
    """Print the JSON Schema of the architecture file, for editors."""
    from archcalc.reference import schema

    click.echo(schema.render(), nl=False)
