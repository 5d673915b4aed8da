"""``archcalc view``."""

from __future__ import annotations

from typing import Any

import click

from archcalc.cli.common import refuse
from archcalc.cli.options import shared_options

HELP = """\
Show FILEs in a browser while they are edited.

The page follows each file: what a change does to the graph, the table and the totals is there as
soon as the file is saved, mistakes stand above the last good picture. It is served to this machine
alone, at an address that is printed. Ctrl-C ends it.
"""


@click.command("view", help=HELP)
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option(
    "--port", metavar="N", type=click.IntRange(0, 65535), default=0,
    help="The port to serve at.  [default: one that is free]",
)  # fmt: skip
@click.option("--no-browser", is_flag=True, help="Print the address, and open no browser.")
@shared_options
def command(
    files: tuple[str, ...], port: int, no_browser: bool, no_color: bool, **options: Any
) -> None:
    import gc

    from archcalc.live.serving import serve

    gc.enable()  # a command that is soon over does without
    gc.set_threshold(100_000, 20, 100)  # seldom in the middle of a calculation
    try:
        serve(files, port, options, None if no_browser else _opened, click.echo)
    except OSError as error:
        refuse(error)


def _opened(address: str) -> None:
    import webbrowser

    webbrowser.open(address)
