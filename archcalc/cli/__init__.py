"""The command line: options in, exit status out."""

from __future__ import annotations

import gc
from typing import NoReturn


def main(args: list[str] | None = None) -> NoReturn:
    """Runs the command line and ends the process.

    The cyclic garbage collector is off: a command is over before it would pay. It is so before
    anything is imported, which takes 4 % of the time of `archcalc table vgg16 --format json`.
    """
    gc.disable()
    from archcalc.cli.group import run

    run(args)
