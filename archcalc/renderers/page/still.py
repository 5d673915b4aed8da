"""What a page shows where scripts are not run: the table, and the boxes as they are at first."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from archcalc.analysis.analysis import Analysis
from archcalc.views.cells import written
from archcalc.views.columns import COLUMNS, Column
from archcalc.views.flowchart import overview
from archcalc.views.lanes import ends, lanes
from archcalc.views.rows import Row, rows
from archcalc.wording import exact, visible

ROWS = 100
SHOWN = ("name", "type", "output", "params", "macs", "activation_bytes", "receptive_field")

WIDTH, HEIGHT, STEP, LANE, TOP = 220, 36, 56, 9, 8


def render(analysis: Analysis) -> str:
    """The picture beside the table."""
    return (
        f'<div class="still">\n<div>{picture(analysis)}</div>\n<div>{table(analysis)}</div>\n</div>'
    )


def table(analysis: Analysis) -> str:
    """At most `ROWS` rows: folded as little as that needs, and cut if that is not enough."""
    shown = _folded(analysis)
    columns = [COLUMNS[name] for name in SHOWN]
    head = "".join(f'<th scope="col"{_class(c)}>{escape(c.heading)}</th>' for c in columns)
    body = "\n".join(_row(row, columns) for row in shown[:ROWS])
    left = len(shown) - ROWS
    more = f"<p>and {left:,} more rows</p>" if left > 0 else ""
    return (
        f'<table class="still-table"><thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>'
        f"</table>{more}"
    )


def _folded(analysis: Analysis) -> list[Row]:
    if len(analysis.layers) <= ROWS:
        return rows(analysis)
    best = rows(analysis, 1)
    for level in range(2, 5):
        more = rows(analysis, level)
        if len(more) > ROWS:
            break
        best = more
    return best


def _class(column: Column) -> str:
    return ' class="number"' if column.numeric else ""


def _row(row: Row, columns: list[Column]) -> str:
    first, *others = columns
    cells = "".join(
        f"<td{_class(column)}>{escape(visible(written(column.value(row), exact)))}</td>"
        for column in others
    )
    name = escape(visible(written(first.value(row), exact)))
    return f'<tr><th scope="row">{name}</th>{cells}</tr>'


def picture(analysis: Analysis) -> str:
    """A column of boxes, with arrows that pass some of them in lanes on the right."""
    chart = overview(analysis)
    ways = lanes(chart)
    width = WIDTH + 12 + LANE * (1 + max(ways.values(), default=0))
    height = TOP + STEP * (len(chart.boxes) + 1)
    lines = [
        f'<svg class="still-graph" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img" aria-label="the network as boxes">',
        *_box(0, "input", str(analysis.input), ""),
    ]
    for place, box in enumerate(chart.boxes, 1):
        lines += _box(place, box.name, box.what, str(box.output))
    lines += [_arrow(start, end, ways.get((start, end))) for start, end in ends(chart)]
    return "\n".join([*lines, "</svg>"])


def _box(place: int, name: str, what: str, size: str) -> Iterator[str]:
    y = TOP + STEP * place
    yield f'<rect x="1" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="5"/>'
    yield f'<text x="10" y="{y + 15}">{_cut(name, 32)}</text>'
    words = f"{_cut(what, 22)} {escape(size)}".strip()
    yield f'<text class="quiet" x="10" y="{y + 29}">{words}</text>'


def _cut(text: str, most: int) -> str:
    shown = visible(text)
    return escape(shown if len(shown) <= most else f"{shown[: most - 1]}…")


def _arrow(start: int, end: int, lane: int | None) -> str:
    middle, y = WIDTH // 2, TOP + STEP * end
    if lane is None:
        foot = TOP + STEP * start + HEIGHT
        tip = f"M{middle} {y}l-4 -7h8z"
        return f'<path d="M{middle} {foot}V{y - 6}"/><path class="tip" d="{tip}"/>'
    x, from_, to = WIDTH + 14 + LANE * lane, TOP + STEP * start + 12, y + 24
    tip = f"M{WIDTH + 1} {to}l7 -4v8z"
    return f'<path d="M{WIDTH + 1} {from_}H{x}V{to}H{WIDTH + 7}"/><path class="tip" d="{tip}"/>'
