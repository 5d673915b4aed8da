"""``archcalc new``."""

from __future__ import annotations

import click

HELP = "Write NAME.yaml, a small commented file to start from."


@click.command("new", help=HELP)
@click.argument("name")
def command(name: str) -> None:
    from archcalc.cli.common import refuse
    from archcalc.reference import starter

    path = name if name.endswith((".yaml", ".yml")) else f"{name}.yaml"
    try:
        text = starter.render(path.rsplit("/", 1)[-1].rsplit(".", 1)[0])
        with open(path, "x", encoding="utf-8") as file:
            file.write(text)
    except (OSError, ValueError) as error:
        refuse(error)
    shown = path if "/" in path else f"./{path}"
    click.echo(f"wrote {path}; now: archcalc table {shown}", err=True)
