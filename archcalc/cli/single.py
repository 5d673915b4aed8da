"""What the commands for a single layer share: they write a file with it, and explain it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

from archcalc.cli.common import refuse, show_mistakes
from archcalc.cli.options import SAMPLES, options

F = TypeVar("F", bound=Callable[..., Any])

# The only values that options may have, so that none can be anything else in the file.
_SIZES = re.compile(r"[0-9]{1,18}(?:[x,][0-9]{1,18}){0,2}", re.ASCII)
_WORDS = ("same", "half", "valid", "causal")


def options_of_windows(stride: str) -> Callable[[F], F]:
    """Kernel, stride, padding, axes, batch and element type; ``stride`` words the default."""
    return options(
        click.option("--kernel", required=True, metavar="F", help="Size of the window."),
        click.option("--stride", metavar="S", help=f"Step of the window.  [default: {stride}]"),
        click.option(
            "--padding", metavar="P", help="Rows added on each side; or same, half, valid, causal."
        ),
        click.option(
            "--axes", type=click.IntRange(1, 3), default=2, show_default=True, metavar="1|2|3",
            help="Spatial axes of INPUT: 1 for signals, 3 for clips.",
        ),
        *SAMPLES,
    )  # fmt: skip


def explained(
    kind: str, input: str, axes: int, keys: Mapping[str, str | None], batch: int | None, dtype: str
) -> None:
    """Prints the arithmetic of a layer with the given type and keys on an input.

    A convolution without ``filters`` is explained as far as it does not depend on their number.
    """
    from archcalc import api
    from archcalc.diagnostics import Fault, SpecError
    from archcalc.network.sizes import on_axes
    from archcalc.renderers.explanation import text as written
    from archcalc.views.explanation import explanations, without_filters

    is_partial = keys.get("filters", "") is None
    if is_partial:
        keys = {**keys, "filters": keys["groups"] or "1"}
    try:
        text = _file(kind, on_axes(input, axes), keys)
    except Fault as fault:
        refuse(ValueError(f"input {fault.message}"))
    except ValueError as error:
        refuse(error)
    try:
        analysis = api.analyze(api.loads(text, f"<{kind}>"), batch=batch, dtype=dtype)
    except SpecError as error:
        show_mistakes(error, no_color=False)
    shown = without_filters if is_partial else explanations
    click.echo(written(shown(analysis, analysis.layers)), nl=False)


def _file(kind: str, volume: object, keys: Mapping[str, str | None]) -> str:
    written = [f"type: {kind}", f"name: {kind}"]
    written += [f"{key}: {_value(key, text)}" for key, text in keys.items() if text is not None]
    entry = f"  - {{{', '.join(written)}}}\n"
    return f"name: {kind}\ninput: {volume}\nlayers:\n{entry}"


def _value(key: str, text: str) -> str:
    """A value as a file writes it; ``3x5`` and ``3,5`` are a list with one number per axis.

    Raises:
        ValueError: if it is no such value.
    """
    if key in ("bias", "ceil_mode") or (key == "padding" and text in _WORDS):
        return text
    if not _SIZES.fullmatch(text):
        words = f", or {', '.join(_WORDS)}" if key == "padding" else ""
        raise ValueError(f"--{key} takes a number, one per axis such as 3x5{words}, not {text!r}")
    parts = re.split("[x,]", text)
    return parts[0] if len(parts) == 1 else f"[{', '.join(parts)}]"
