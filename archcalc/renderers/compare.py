"""The totals of several networks side by side, with their ratios to the first."""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from archcalc.analysis.analysis import Analysis
from archcalc.analysis.quantities import QUANTITIES
from archcalc.renderers.markdown import escaped
from archcalc.renderers.markup import table
from archcalc.renderers.table import draw, grid
from archcalc.views.document import volume
from archcalc.views.numbers import exact
from archcalc.views.ratio import ratio
from archcalc.wording import visible

COMPARED = (
    "params", "param_bytes", "buffers", "macs", "flops", "connections", "depth",
    "activation_elements", "activation_bytes", "peak_bytes",
)  # fmt: skip

Named = Sequence[tuple[str, Analysis]]


def render(found: Named, form: str = "text") -> str:
    """Networks under the names that they were asked for; ``form`` is text, markdown or json."""
    if form == "json":
        return json.dumps(to_dict(found), indent=1, ensure_ascii=True) + "\n"
    headings, rows = _table(found)
    if form == "markdown":
        return "\n".join(table([(escaped(h), n) for h, n in headings], rows)) + "\n"
    drawn = grid([(visible(heading), numeric) for heading, numeric in headings])
    for row in rows:
        drawn.add_row(*map(visible, row))
    return f"{draw(drawn, colour=False)}\n"


def _table(found: Named) -> tuple[list[tuple[str, bool]], list[list[str]]]:
    (first, reference), *others = found
    headings = [("", False), (first, True)]
    for name, _ in others:
        headings += [(name, True), (f"/ {first}", True)]
    rows = [["input", str(reference.input)], ["output", _outputs(reference)]]
    rows.append(["layers", exact(reference.totals.layers)])
    for _, other in others:
        rows[0] += [str(other.input), ""]
        rows[1] += [_outputs(other), ""]
        rows[2] += [exact(other.totals.layers), ""]
    for quantity in COMPARED:
        base = getattr(reference.totals, quantity)
        cells = [QUANTITIES[quantity].heading, exact(base)]
        for _, other in others:
            value = getattr(other.totals, quantity)
            cells += [exact(value), ratio(value, base) or ""]
        rows.append(cells)
    return headings, rows


def _outputs(analysis: Analysis) -> str:
    return ", ".join(str(volume) for _, volume in analysis.outputs)


def to_dict(found: Named) -> dict[str, Any]:
    """The comparison as plain data; a ratio is an exact fraction as text, or null."""
    first = found[0][1].totals
    return {
        "version": 1,
        "networks": [
            {
                "name": name,
                "title": analysis.architecture.name,
                "input": volume(analysis.input),
                "batch": analysis.batch,
                "dtype": analysis.dtype,
                "totals": {q: getattr(analysis.totals, q) for q in ("layers", *COMPARED)},
                "ratios": {
                    q: _fraction(getattr(analysis.totals, q), getattr(first, q)) for q in COMPARED
                },
            }
            for name, analysis in found
        ],
    }


def _fraction(part: int, whole: int) -> str | None:
    return str(Fraction(part, whole)) if whole else None
