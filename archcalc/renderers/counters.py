"""What widely used counters report for networks, and why."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from archcalc.analysis.analysis import Analysis
from archcalc.analysis.counters import COUNTERS, Count, counts
from archcalc.renderers.markdown import escaped
from archcalc.renderers.markup import table
from archcalc.renderers.table import draw, grid
from archcalc.views.numbers import exact
from archcalc.wording import visible

OWN = (
    ("MACs here", "multiply-adds of weights: no biases, normalisation or activation", "macs"),
    ("FLOPs here", "2 x MACs and every addition, comparison and scaling that is listed", "flops"),
)

Named = Sequence[tuple[str, Analysis]]


def render(found: Named, form: str = "text") -> str:
    """Networks under the names that they were asked for; ``form`` is text, markdown or json."""
    if form == "json":
        return json.dumps(to_dict(found), indent=1, ensure_ascii=True) + "\n"
    if form == "markdown":
        return "\n".join(markdown(found)) + "\n"
    headings, rows = _rows(found)
    drawn = grid([(visible(heading), numeric) for heading, numeric in headings[:-1]])
    for row in rows:
        drawn.add_row(*map(visible, row[:-1]))
    why = [f"{row[0]}: {row[-1]}" for row in rows]
    return "\n".join([draw(drawn, colour=False), "", *why, *map(visible, _unknown(found))]) + "\n"


def markdown(found: Named) -> list[str]:
    """A table with a column per network, and what is not known."""
    headings, rows = _rows(found)
    cells = [[escaped(name), *totals, escaped(why)] for name, *totals, why in rows]
    lines = table([(escaped(heading), numeric) for heading, numeric in headings], cells)
    unknown = _unknown(found)
    return [*lines, "", *(f"- {escaped(line)}" for line in unknown)] if unknown else lines


def _rows(found: Named) -> tuple[list[tuple[str, bool]], list[list[str]]]:
    headings = [
        ("counter", False),
        *((name, True) for name, _ in found),
        ("what it adds up", False),
    ]
    rows = [
        [name, *(exact(getattr(each.totals, total)) for _, each in found), why]
        for name, why, total in OWN
    ]
    known = [counts(analysis) for _, analysis in found]
    for place, counter in enumerate(COUNTERS):
        totals = [_total(columns[place]) for columns in known]
        rows.append([counter.name, *totals, counter.why])
    return headings, rows


def _total(count: Count) -> str:
    return "not known" if count.total is None else exact(count.total)


def _unknown(found: Named) -> list[str]:
    """Per network and counter the layer types for which no rule is known."""
    return [
        f"{f'{name}, ' if len(found) > 1 else ''}{count.counter.name}: not known, because its rule "
        f"for {', '.join(count.missing)} is not known"
        for name, analysis in found
        for count in counts(analysis)
        if count.missing
    ]


def to_dict(found: Named) -> dict[str, Any]:
    """The counts as plain data; a total that is not known is null."""
    return {
        "version": 1,
        "networks": [
            {
                "name": name,
                "title": analysis.architecture.name,
                "macs": analysis.totals.macs,
                "flops": analysis.totals.flops,
                "counters": [
                    {
                        "counter": count.counter.name,
                        "total": count.total,
                        "not_known": list(count.missing),
                        "why": count.counter.why,
                    }
                    for count in counts(analysis)
                ],
            }
            for name, analysis in found
        ],
    }
