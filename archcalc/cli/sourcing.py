"""Code and model files in the place of a file: they are imported first."""

from __future__ import annotations

import ast
import sys
from typing import TYPE_CHECKING, Any

import click

from archcalc.cli.common import refuse
from archcalc.wording import counted, quoted, visible

if TYPE_CHECKING:
    from archcalc.analysis.analysis import Analysis
    from archcalc.diagnostics import Source
    from archcalc.importers.sources import Imported
    from archcalc.lint import Against
    from archcalc.views.findings import Checked

WORDS = {"true": True, "false": False, "null": None, "none": None}


def arguments(
    ctx: click.Context, param: click.Parameter, values: tuple[str, ...]
) -> dict[str, Any]:
    """KEY=VALUE pairs: numbers, truth values and lists as such, anything else as a word."""
    found: dict[str, Any] = {}
    for value in values:
        key, sign, text = value.partition("=")
        if not sign or not key.isidentifier():
            raise click.BadParameter(f"{quoted(value)} is not KEY=VALUE", ctx, param)
        found[key] = _value(text)
    return found


def _value(text: str) -> Any:
    if text.lower() in WORDS:
        return WORDS[text.lower()]
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return text
    return value if isinstance(value, int | float | str | list | tuple) else text


args_option = click.option(
    "--args", metavar="KEY=VALUE", multiple=True, callback=arguments,
    help="An argument for the callable of SOURCE. Repeatable.",
)  # fmt: skip


def comparison(source: str | None, given: dict[str, Any], own: bool) -> Against | None:
    """What holds files against a source, or against what each names under ``code``."""
    if source is None and not own:
        return None
    from archcalc.importers.comparing import compared, request_of
    from archcalc.importers.sources import Request, kind_of

    told: set[str] = set()

    def against(analysis: Analysis, checked: Checked) -> Checked:
        code = analysis.network.code
        if source is not None:
            request = Request(source, arguments=given)
        elif code is not None:
            request = request_of(code)
        else:
            return checked
        if kind_of(request.source) == "pytorch" and request.source not in told:
            told.add(request.source)
            _say_that_it_runs(request.source)
        return compared(analysis, checked, request)

    return against


def _say_that_it_runs(source: str) -> None:
    module = visible(source.partition(":")[0])
    click.echo(f"archcalc: this runs the code of {module}", err=True)


def as_source(target: str, options: dict[str, Any]) -> Source:
    """The file of a source, at the input that is asked for, which is taken from the options."""
    from archcalc.diagnostics import Source
    from archcalc.importers.sources import input_of

    volume = input_of(options["input"])
    options["input"] = None
    return Source(target, read_import(target, input=volume).text)


def read_import(source: str, kind: str | None = None, flat: bool = False, **given: Any) -> Imported:
    """A source as a file of ours; reasons against it are shown and end the command."""
    from archcalc.diagnostics import SpecError
    from archcalc.importers.graph import Refused
    from archcalc.importers.sources import Request, imported, kind_of

    if (kind or kind_of(source)) == "pytorch":
        _say_that_it_runs(source)
    try:
        found = imported(Request(source, **given), kind, flat)
    except Refused as refused:
        for line in str(refused).splitlines():
            click.echo(visible(line), err=True)
        reasons = counted(len(refused.reasons), "reason")
        click.echo(f"{visible(source)} is not imported: {reasons}", err=True)
        sys.exit(1)
    except SpecError as error:
        from archcalc.cli.common import show_mistakes

        show_mistakes(error, False)
    except (OSError, ValueError) as error:
        refuse(error)
    for note in found.notes:
        click.echo(f"archcalc: {visible(note)}", err=True)
    return found
