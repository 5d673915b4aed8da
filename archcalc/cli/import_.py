"""``archcalc import``."""

from __future__ import annotations

import os
from typing import Any

import click

from archcalc.cli.common import refuse
from archcalc.cli.sourcing import args_option, read_import
from archcalc.wording import visible


def _kinds(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    from archcalc.importers.sources import IMPORTERS

    if value is not None and value not in IMPORTERS:
        raise click.BadParameter(f"{value!r} is none of {', '.join(IMPORTERS)}", ctx, param)
    return value


HELP = """\
Write a file from code or from a model file.

SOURCE is module:callable, which makes a PyTorch module (its code is run), a file of ONNX or
Darknet, or an Ultralytics model. Every row of the file is held against the source before it is
written. What a file cannot say is listed, and then nothing is written and the exit status is 1.
"""


@click.command("import", help=HELP)
@click.argument("source")
@click.option("-o", "--output", metavar="FILE", help="Where to write it; else standard output.")
@click.option("--input", "size", metavar="HxWxC", help="The input, where the source has none.")
@click.option("--name", help="The network's name.")
@args_option
@click.option(
    "--from", "kind", metavar="KIND", callback=_kinds,
    help="What SOURCE is: pytorch, onnx, darknet, ultralytics.",
)  # fmt: skip
@click.option(
    "--blocks", metavar="FILE", help="Blocks that are modules of an Ultralytics model too."
)
@click.option("--flat", is_flag=True, help="An entry for every row, without blocks.")
@click.option("--force", is_flag=True, help="Overwrite FILE.")
def command(
    source: str,
    output: str | None,
    size: str | None,
    name: str | None,
    args: dict[str, Any],
    kind: str | None,
    blocks: str | None,
    flat: bool,
    force: bool,
) -> None:
    if output and os.path.lexists(output) and not force:
        raise click.UsageError(f"{visible(output)} exists; --force overwrites it")
    from archcalc.diagnostics import Fault
    from archcalc.network.sizes import whole

    try:
        volume = whole(size) if size else None
    except Fault as fault:
        raise click.UsageError(f"--input {fault.message}") from None
    asked = {"input": volume, "name": name or "", "arguments": args, "blocks": blocks}
    found = read_import(source, kind, flat, **asked)
    if output is None:
        click.echo(found.text, nl=False)
        return
    try:
        with open(output, "w" if force else "x", encoding="utf-8", newline="\n") as file:
            file.write(found.text)
    except OSError as error:
        refuse(error)
    click.echo(f"wrote {visible(output)}", err=True)
