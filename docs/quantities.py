"""The table of language.md with what is counted: the table of quantities."""

from __future__ import annotations

import re

from archcalc.analysis.quantities import QUANTITIES, Quantity

HEADINGS = "| quantity | of | is |\n| --- | --- | --- |\n"
TABLE = re.compile(rf"{re.escape(HEADINGS)}(?:\|.*\n)*")


def filled(text: str) -> str:
    """The page with its table written again."""
    rows = "".join(map(row, QUANTITIES.values()))
    return TABLE.sub(lambda _: HEADINGS + rows, text, count=1)


def row(quantity: Quantity) -> str:
    owners = (("layer", quantity.of_layer), ("network", quantity.of_network))
    of = ", ".join(owner for owner, function in owners if function)
    unit = f", in {quantity.unit}" if quantity.unit else ""
    return f"| `{quantity.name}` | {of} | {quantity.doc}{unit} |\n"
