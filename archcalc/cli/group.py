"""The commands by name: each is imported when it is called."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from typing import Any, NoReturn

import click

INTERRUPTED = 130  # as shells have it: 128 and the number of the signal

# A command's summary is the first line of its help, which is no docstring: -OO drops those.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "Look at a network": (
        "table",
        "explain",
        "memory",
        "conv",
        "pool",
        "list",
        "show",
        "view",
        "server",
    ),
    "Check it": (
        "check",
        "published",
    ),
    "Compare networks": (
        "compare",
        "diff",
    ),
    "Vary a network": ("sizes", "fit", "sweep"),
    "Write files": (
        "import",
        "new",
        "report",
        "export",
    ),
    "Reference": (
        "layers",
        "rules",
        "schema",
    ),
}
COMMANDS = tuple(name for names in GROUPS.values() for name in names)


class Commands(click.Group):
    """Finds a command's module by its name: `list` is in ``archcalc.cli.list_``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args and not ctx.resilient_parsing:  # click's own answer differs between versions
            click.echo(ctx.get_help(), err=True)
            ctx.exit(2)
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"archcalc.cli.{cmd_name}_").command
        command.get_help_option = self.get_help_option  # type: ignore[method-assign]
        return command

    def get_help_option(self, ctx: click.Context) -> click.Option:
        """The option of every command: click's own looks for a translation, which takes 2 %."""
        return HELP_OPTION

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        from archcalc.wording import nearest, quoted

        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            hints = "".join(f" {line.capitalize()}" for line in nearest(name, COMMANDS))
            ctx.fail(f"there is no command {quoted(name)}.{hints}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Runs a command. It is not an error if a reader closes the pipe early.

        An interrupt ends it with no word: whoever interrupts knows it.
        """
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            discard_output()
            ctx.exit(0)
        except KeyboardInterrupt:
            sys.exit(INTERRUPTED)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        column = max(map(len, COMMANDS))
        for group, names in GROUPS.items():
            with formatter.section(group):
                formatter.write_dl(
                    [(f"{name:{column}}", self.summary(ctx, name)) for name in names]
                )

    def summary(self, ctx: click.Context, name: str) -> str:
        command = self.get_command(ctx, name)
        assert command is not None
        return (command.help or "").partition("\n")[0].rstrip(".")


def _version(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from archcalc import __version__

        click.echo(f"archcalc {__version__}")
        ctx.exit()


def _help(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        click.echo(ctx.get_help(), color=ctx.color)
        ctx.exit()


HELP_OPTION = click.Option(
    ["-h", "--help"], is_flag=True, is_eager=True, expose_value=False, callback=_help,
    help="Show this message and exit.",
)  # fmt: skip

HELP = """\
Exact shapes, parameters, MACs, memory and receptive fields of convolutional networks.

ARCH is the name of a built-in architecture, a path to a YAML file, - for standard input, or
what `archcalc import` takes: module:callable, a file of ONNX or of Darknet.
"""


@click.command(
    cls=Commands,
    help=HELP,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version,
    help="Show the version and exit.",
)  # fmt: skip
def cli() -> None:
    pass


def discard_output() -> None:
    """Keeps the interpreter from failing at exit over output that nobody reads."""
    sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - open until the interpreter flushes it


def prepare_streams() -> None:
    """Makes piped output UTF-8 on every machine, and replaces closed streams."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115 - as above
        elif name != "stdin" and isinstance(stream, io.TextIOWrapper):
            encoding = stream.encoding if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="backslashreplace")


def run(args: list[str] | None) -> NoReturn:
    """Runs the command line and ends the process; nothing is torn down, which would not pay."""
    prepare_streams()
    status = 0
    try:
        status = _status(args)
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        status = status or 2
    except KeyboardInterrupt:
        status = INTERRUPTED
    os._exit(status)


def _status(args: list[str] | None) -> int:
    try:
        cli(args, prog_name="archcalc")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except OSError as error:
        discard_output()
        what = repr(error.filename) if error.filename else "the output cannot be written"
        with suppress(OSError):
            click.echo(f"Error: {what}: {error.strerror}", err=True)
        return 2
    except Exception as error:
        fact = f"{type(error).__name__}: {str(error)[:200]!r}"
        click.echo(f"Error: this is a bug in archcalc, please report it: {fact}", err=True)
        return 2
    return 0
