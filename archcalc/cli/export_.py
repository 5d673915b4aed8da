"""``archcalc export``."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

from archcalc.cli.common import analysed, file_name, refuse, show_mistakes
from archcalc.cli.options import ArchitectureArgument, shared_options
from archcalc.exporters import EXPORTERS

if TYPE_CHECKING:
    from archcalc.exporters import File

HELP = "Write ARCH as a model file of another program."
KINDS = "; ".join(f"{kind.name}: {kind.summary}" for kind in EXPORTERS.values())


@click.command("export", help=HELP)
@click.argument("arch", type=ArchitectureArgument())
@click.option("--to", "kind", type=click.Choice(list(EXPORTERS)), required=True, help=f"{KINDS}.")
@click.option(
    "-o", "--output", metavar="FILE",
    help="The file to write.  [default: the name of ARCH in this folder]",
)  # fmt: skip
@click.option("--no-data", is_flag=True, help="Leave out the file of weights beside a model.")
@click.option("--force", is_flag=True, help="Overwrite files that are there.")
@shared_options
def command(
    arch: str,
    kind: str,
    output: str | None,
    no_data: bool,
    force: bool,
    no_color: bool,
    **options: Any,
) -> None:
    from archcalc.api import exported
    from archcalc.diagnostics import SpecError
    from archcalc.wording import visible

    exporter = EXPORTERS[kind]
    analysis = analysed(arch, no_color, **options)
    path = output or f"{_stem(arch)}{exporter.suffix}"
    if not path.endswith(exporter.suffix):
        raise click.UsageError(f"-o {visible(path)}: a file for {kind} ends in {exporter.suffix}")
    name = os.path.basename(path).removesuffix(exporter.suffix)
    try:
        files = exported(exporter, analysis.network, name)
    except SpecError as error:
        show_mistakes(error, no_color)
    if exporter.text and output is None:
        click.echo(files[0].data.decode(), nl=False)
        return
    kept = [file for file in files if not (no_data and file.zeros)]
    _write(path, kept, force)
    shown = ", ".join(visible(f"{path}{file.suffix}") for file in kept)
    click.echo(f"wrote {shown}", err=True)


def _stem(arch: str) -> str:
    name = file_name(arch)
    return "network" if arch == "-" else name.removesuffix(".yaml").removesuffix(".yml")


def _write(path: str, files: list[File], force: bool) -> None:
    """Every file under another name first, so that none is ever seen half-written."""
    places = [f"{path}{file.suffix}" for file in files]
    there = [place for place in places if os.path.lexists(place)]
    if there and not force:
        from archcalc.wording import visible

        raise click.UsageError(f"{visible(there[0])} is there already; --force overwrites it")
    temporary = [f"{place}.{os.urandom(8).hex()}" for place in places]
    try:
        for file, place in zip(files, temporary, strict=True):
            with open(place, "xb") as stream:
                stream.write(file.data)
                stream.truncate(len(file.data) + file.zeros)
        for source, place in zip(temporary, places, strict=True):
            os.replace(source, place)
    except OSError as error:
        for place in temporary:
            with suppress(OSError):
                os.unlink(place)
        refuse(error)
