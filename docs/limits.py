"""The section on limits of language.md: the constants of archcalc/limits.py and their comments."""

from __future__ import annotations

import re
from pathlib import Path

from archcalc import limits

LIMIT = re.compile(r"^([A-Z_]+) = .*?  # (.+)$", re.MULTILINE)
HEADING = "## Limits\n"
INTRODUCTION = f"""{HEADING}
Files come from strangers, so everything in one is bounded. Past a limit, the answer is an error
that names it.

"""


def filled(text: str) -> str:
    """The page with its section on limits, the last one, written again."""
    before, _, _ = text.partition(HEADING)
    return before + INTRODUCTION + table()


def table() -> str:
    source = Path(limits.__file__).read_text(encoding="utf-8")
    rows = [
        f"| {amount(getattr(limits, name))} | {what} |\n" for name, what in LIMIT.findall(source)
    ]
    return "".join(("| limit | on |\n| --- | --- |\n", *rows))


def amount(limit: int) -> str:
    """Digits in groups of three; from 10^9 on, all are powers of ten."""
    return f"10^{len(str(limit)) - 1}" if limit >= 10**9 else f"{limit:,}"
