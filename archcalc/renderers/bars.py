"""Bar charts, as SVG and as mermaid."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from archcalc.renderers.markup import MARKER, xml
from archcalc.renderers.mermaid import label
from archcalc.renderers.shortening import distinct
from archcalc.views.charts import Chart
from archcalc.wording import decimal

WIDTH = 400
LEFT = 134
LONGEST = 166
ROW = 19
TOP = 40
LABEL = 19
GAP = 8

# As narrow as a phone: mermaid scales wider charts down there, and cuts off their labels.
MERMAID = (
    '%%%%{init: {"xyChart": {"width": 360, "height": %d, "titleFontSize": 14, '
    '"xAxis": {"labelFontSize": 12, "labelPadding": 8}, "yAxis": {"labelFontSize": 11}}, '
    '"themeVariables": {"xyChart": {"plotColorPalette": "#4493f8, #f0883e"}}}}%%%%'
)

# On a card of its own, so that it is readable on light and dark pages alike.
STYLE = (
    "text{font:12px -apple-system,'Segoe UI','Noto Sans',Helvetica,Arial,sans-serif;fill:#1f2328}"
    ".title{font-weight:600;font-size:13px}.card{fill:#ffffff;stroke:#d0d7de}.bar{fill:#0969da}"
    ".value{paint-order:stroke;stroke:#ffffff;stroke-width:3px}"
    ".mark{stroke:#bc4c00;stroke-dasharray:4 3}.note{fill:#bc4c00}"
    "@media(prefers-color-scheme:dark){text{fill:#e6edf3}.card{fill:#0d1117;stroke:#3d444d}"
    ".bar{fill:#4493f8}.value{stroke:#0d1117}.mark{stroke:#f0883e}.note{fill:#f0883e}}"
)


def svg(chart: Chart) -> str:
    """An SVG document 400 pixels wide, well-formed whatever the labels contain."""
    return "\n".join([*_document(chart.title, _height(chart), _card(chart)), MARKER, ""])


def stacked(charts: Sequence[Chart], title: str) -> str:
    """Several charts below each other in one SVG document."""
    lines: list[str] = []
    top = 0
    for chart in charts:
        lines += [f'<g transform="translate(0 {top})">', *_card(chart), "</g>"]
        top += _height(chart) + GAP
    return "\n".join([*_document(title, max(1, top - GAP), lines), ""])


def _document(title: str, height: int, lines: Iterable[str]) -> list[str]:
    title = xml(title)
    return [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
        f'height="{height}" role="img" aria-label="{title}">',
        f"<title>{title}</title>",
        f"<style>{STYLE}</style>",
        *lines,
        "</svg>",
    ]


def _height(chart: Chart) -> int:
    return TOP + ROW * len(chart.bars) + (26 if chart.mark else 10)


def _card(chart: Chart) -> list[str]:
    height = _height(chart)
    return [
        f'<rect class="card" x="0.5" y="0.5" width="{WIDTH - 1}" height="{height - 1}" rx="6"/>',
        f'<text class="title" x="12" y="24">{xml(chart.title)}</text>',
        *_bars(chart),
        *_mark(chart, height),
        *_values(chart),
    ]


def _bars(chart: Chart) -> Iterator[str]:
    for index, (bar, name) in enumerate(zip(chart.bars, _names(chart), strict=True)):
        y = TOP + ROW * index
        yield f'<text x="{LEFT - 6}" y="{y + 10}" text-anchor="end">{xml(name)}</text>'
        width = _length(chart, bar.value)
        yield f'<rect class="bar" x="{LEFT}" y="{y}" width="{width}" height="12"/>'


def _values(chart: Chart) -> Iterator[str]:
    for index, bar in enumerate(chart.bars):
        x = _length(chart, bar.value, LEFT + 5)
        yield f'<text class="value" x="{x}" y="{TOP + ROW * index + 10}">{xml(bar.text)}</text>'


def _mark(chart: Chart, height: int) -> Iterator[str]:
    if chart.mark is None:
        return
    value, what = chart.mark
    x = _length(chart, value, LEFT)
    yield f'<line class="mark" x1="{x}" y1="{TOP - 6}" x2="{x}" y2="{height - 22}"/>'
    anchor = "end" if 2 * value > chart.largest else "start"
    yield f'<text class="note" x="{x}" y="{height - 9}" text-anchor="{anchor}">{xml(what)}</text>'


def _length(chart: Chart, value: int, start: int = 0) -> str:
    """A value in pixels, to one decimal."""
    return decimal(start + Fraction(LONGEST * value, chart.largest), 1)


def _names(chart: Chart) -> list[str]:
    return distinct([bar.label for bar in chart.bars], LABEL)


def mermaid(chart: Chart) -> str:
    """The same chart for mermaid, with shares in percent and the mark as a line.

    Mermaid writes no numbers at bars: the amounts stand beside the names.
    """
    named = zip(_names(chart), chart.bars, strict=True)
    labels = ", ".join(f'"{label(f"{name}: {bar.text}")}"' for name, bar in named)
    whole = Fraction(chart.whole, 100) if chart.whole else Fraction(1)
    values = ", ".join(decimal(bar.value / whole) for bar in chart.bars)
    config = MERMAID % (120 + 20 * len(chart.bars))
    unit = ", in %" if chart.whole else ""
    lines = [
        config,
        "xychart-beta horizontal",
        f'  title "{label(chart.title + unit)}"',
        f"  x-axis [{labels}]",
        f"  y-axis 0 --> {decimal(max(chart.largest / whole, Fraction(1, 100)))}",
        f"  bar [{values}]",
    ]
    if chart.mark:
        lines.append(f"  line [{', '.join([decimal(chart.mark[0] / whole)] * len(chart.bars))}]")
    return "\n".join(lines) + "\n"
