"""``archcalc conv``: one convolution, without a file."""

from __future__ import annotations

from typing import Any

import click

from archcalc.cli.single import explained, options_of_windows

HELP = """\
Write out the arithmetic of one convolution, without a file.

INPUT is height x width x channels, such as 7x7x3, or height x width of one channel. Sizes are
one number for every axis, or one per axis: --kernel 3, --kernel 1x7.
"""


@click.command("conv", help=HELP)
@click.argument("input", metavar="INPUT")
@click.option("--filters", metavar="K", help="Number of filters; without it there are no counts.")
@options_of_windows("1")
@click.option("--dilation", metavar="D", help="Distance between the elements of the window.")
@click.option("--groups", metavar="G", help="Groups that channels and filters are split into.")
@click.option("--bias/--no-bias", default=True, show_default=True, help="Add a bias per filter.")
def command(input: str, bias: bool, axes: int, batch: int, dtype: str, **keys: Any) -> None:
    explained("conv", input, axes, {**keys, **({} if bias else {"bias": "false"})}, batch, dtype)
