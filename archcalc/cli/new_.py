"""``archcalc new``."""

from __future__ import annotations

import click

from archcalc.cli.common import refuse, show_mistakes
from archcalc.cli.options import ArchitectureArgument

HELP = "Write NAME.yaml to start from: a small commented file, or a copy of ARCH."


@click.command("new", help=HELP)
@click.argument("name")
@click.option(
    "--from", "arch", metavar="ARCH", type=ArchitectureArgument(),
    help="A built-in architecture or a file to copy.",
)  # fmt: skip
def command(name: str, arch: str | None) -> None:
    from archcalc import api
    from archcalc.diagnostics import SpecError
    from archcalc.reference import starter

    path = name if name.endswith((".yaml", ".yml")) else f"{name}.yaml"
    title = path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    try:
        text = api.read_source(arch).text if arch else starter.render(title)
        with open(path, "x", encoding="utf-8", newline="") as file:
            file.write(text)
    except SpecError as error:
        show_mistakes(error, False)
    except (OSError, ValueError) as error:
        refuse(error)
    shown = path if "/" in path else f"./{path}"
    click.echo(f"wrote {path}; now: archcalc table {shown}", err=True)
