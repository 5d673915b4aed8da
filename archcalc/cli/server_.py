"""``archcalc server``."""

from __future__ import annotations

import click

from archcalc.cli.common import refuse

HELP = """\
Serve an editor: shapes beside the lines of a file, and its mistakes, while it is typed.

It speaks the Language Server Protocol over standard input and output; docs/editors.md has the lines
that editors need. It comes with the extra `archcalc[server]`.
"""


@click.command("server", help=HELP)
@click.option("--stdio", is_flag=True, hidden=True, help="Ignored: it uses no other way.")
def command(stdio: bool) -> None:
    import gc
    import sys

    try:
        from archcalc.server.protocol import serve
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("pygls", "lsprotocol"):
            raise
        missing = f"{error.name} is not installed; the server needs an extra"
        refuse(ValueError(f"{missing}: pip install 'archcalc[server]'"))
    gc.enable()  # a command that is soon over does without
    gc.set_threshold(200_000, 20, 20)  # a large network makes a million objects
    gc.freeze()
    output = sys.stdout.buffer
    sys.stdout = sys.stderr  # nothing else may get between the messages
    serve(sys.stdin.buffer, output)
