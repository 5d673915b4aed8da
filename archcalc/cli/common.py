"""What the commands share: an analysis, what is shown of it, and how mistakes are reported."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, NoReturn

import click

from archcalc.renderers import Format

if TYPE_CHECKING:
    from archcalc.diagnostics import Source

IMPORTED_ENDINGS = (".onnx", ".cfg")


def file_name(target: str) -> str:
    """A built-in name as it is; the last part of a path, which is the same on every machine."""
    return target.replace("\\", "/").rsplit("/", 1)[-1]


def show(form: Format, *shown: Any, no_color: bool = True, **options: Any) -> None:
    """Prints what a format makes of views; the width and colour of the screen come with them."""
    from archcalc.api import written

    able = {"width": terminal_width(), "colour": has_colour(sys.stdout, no_color)}
    options |= {name: value for name, value in able.items() if name in form.options}
    click.echo(written(form, *shown, **options), nl=False, color=True)


def has_colour(stream: Any, no_color: bool) -> bool:
    """Whether to colour output: only on a terminal that can, and if the user has not declined."""
    declined = no_color or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return stream.isatty() and not declined


def terminal_width(stream: Any = None) -> int | None:
    """The width of the terminal behind a stream, by default standard output.

    None if there is no terminal, or if its width is unknown.
    """
    stream = stream or sys.stdout
    if not stream.isatty():
        return None
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal() and 0 < len(columns) < 6 and int(columns):
        return int(columns)
    try:
        return os.get_terminal_size(stream.fileno()).columns or None
    except OSError:
        return None


def analysed(target: str, no_color: bool, *, or_foreign: bool = False, **options: Any) -> Any:
    """The analysis of an ARCH argument; a mistake is shown and ends the command.

    ``or_foreign``: None for a file of another program. The exit status is 1 where the file is at
    fault, and 2 for wrong usage or a path that cannot be read.
    """
    from archcalc import api
    from archcalc.diagnostics import SpecError

    try:
        return api.run(source_of(target, options, or_foreign), **options)
    except SpecError as error:
        from archcalc.archfile.foreign import is_foreign

        if or_foreign and is_foreign(error.source.text):
            return None
        show_mistakes(error, no_color)
    except (OSError, ValueError) as error:
        refuse(error)


def source_of(target: str, options: dict[str, Any], is_found: bool = False) -> Source:
    """The text behind an ARCH argument. Code and model files are imported, at the input among the
    options; a name of ours has no end, and what was found in a folder nobody asked to import.

    Raises:
        OSError, SpecError, ValueError: where there is none.
    """
    from archcalc import api

    source = None
    if ":" not in target and not target.endswith(IMPORTED_ENDINGS):
        source = api.read_source(target)
        if is_found or target == "-" or "backbone" not in source.text:
            return source
    from archcalc.importers.sources import is_foreign_model, kind_of

    if kind_of(target) or (source and is_foreign_model(source.text)):
        from archcalc.cli.sourcing import as_source

        return as_source(target, options)
    return source or api.read_source(target)


def show_mistakes(error: Any, no_color: bool) -> NoReturn:
    from archcalc.renderers import diagnostics
    from archcalc.wording import counted

    shown = diagnostics.render(
        error.diagnostics,
        error.source,
        colour=has_colour(sys.stderr, no_color),
        width=terminal_width(sys.stderr),
    )
    click.echo(shown, err=True, nl=False, color=True)
    click.echo(counted(len(error.diagnostics), "mistake"), err=True)
    sys.exit(1)


def refuse(error: Exception, option: str = "--set") -> NoReturn:
    """Ends the command with a usage error; ``option`` is where values of variables came from."""
    if isinstance(error, OSError) and error.filename is not None:
        from archcalc.wording import visible

        raise click.UsageError(f"{visible(str(error.filename))}: {error.strerror}")
    from archcalc.archfile.declaration import VariableError

    raise click.UsageError(f"{option} {error}" if isinstance(error, VariableError) else str(error))
