"""``archcalc pool``: one pooling, without a file."""

from __future__ import annotations

from typing import Any

import click

from archcalc.cli.single import explained, options_of_windows

HELP = """\
Write out the arithmetic of one pooling, without a file.

INPUT is height x width x channels, such as 55x55x96, or height x width of one channel. Sizes
are one number for every axis, or one per axis: --kernel 3, --kernel 1x7.
"""


@click.command("pool", help=HELP)
@click.argument("input", metavar="INPUT")
@options_of_windows("the kernel")
@click.option(
    "--type", "kind", type=click.Choice(["max", "avg", "l2"]), default="max", show_default=True,
    help="What to take from each window.",
)  # fmt: skip
@click.option("--ceil-mode", is_flag=True, help="Round the size up instead of down.")
def command(
    input: str, kind: str, ceil_mode: bool, axes: int, batch: int, dtype: str, **keys: Any
) -> None:
    if ceil_mode:
        keys["ceil_mode"] = "true"
    explained(f"{kind}pool", input, axes, keys, batch, dtype)
