"""Memory over a step of training, as SVG or in mermaid's language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import accumulate

from archcalc.renderers.markup import MARKER, xml
from archcalc.renderers.mermaid import label
from archcalc.views.memory import Bin, MemoryView
from archcalc.wording import decimal, sized

WIDTH, HEIGHT = 400, 232
LEFT, RIGHT, TOP, BOTTOM = 12, 388, 58, 176
BINS, FEW_BINS = 125, 40
MIB = 2**20

# From the bottom; what is above all of them is outputs and temporaries.
BANDS = ("parameters, state, input", "gradients", "kept", "temporaries")

# A card of its own, so that it can be read on a light and on a dark page alike.
STYLE = (
    "text{font:12px -apple-system,'Segoe UI','Noto Sans',Helvetica,Arial,sans-serif;fill:#1f2328}"
    ".title{font-weight:600;font-size:13px}.small{font-size:11px}"
    ".card{fill:#ffffff;stroke:#d0d7de}.axis{stroke:#8c959f}"
    ".b0{fill:#8c959f}.b1{fill:#bf8700}.b2{fill:#0969da}.b3{fill:#a475f9}"
    ".peak{fill:none;stroke:#bc4c00;stroke-width:2px}"
    "@media(prefers-color-scheme:dark){text{fill:#e6edf3}.card{fill:#0d1117;stroke:#3d444d}"
    ".axis{stroke:#656c76}.b0{fill:#656c76}.b1{fill:#d29922}.b2{fill:#4493f8}.b3{fill:#ab7df8}"
    ".peak{stroke:#f0883e}}"
)


def svg(view: MemoryView) -> str:
    """What is alive over the step, in bands; a ring marks the peak."""
    bins, peak = view.bins(BINS), view.peak
    layer = peak.layer(view.analysis)
    title = f"Memory of a training step, batch {view.analysis.batch:,}"
    what = f"peak {sized(peak.bytes)}, {peak.phase}{f', at {layer}' if layer else ''}"
    drawn = [*_bands(view, bins), *_axis(bins), *_legend()]
    return "\n".join([*card(title, what), *drawn, "</svg>", MARKER, ""])


def card(title: str, what: str) -> list[str]:
    """The beginning of a picture of memory over time, with two lines above it."""
    return [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" role="img" aria-label="{xml(title)}">',
        f"<title>{xml(title)}</title>",
        f"<style>{STYLE}</style>",
        f'<rect class="card" x="0.5" y="0.5" width="{WIDTH - 1}" height="{HEIGHT - 1}" rx="6"/>',
        f'<text class="title" x="{LEFT}" y="24">{xml(title)}</text>',
        f'<text x="{LEFT}" y="42">{xml(what)}</text>',
    ]


def _bands(view: MemoryView, bins: Sequence[Bin]) -> Iterator[str]:
    """The highest band first, so that each covers the foot of the one above it."""
    most = view.peak.bytes
    for number in range(len(BANDS) - 1, -1, -1):
        yield steps(f"b{number}", [_heights(view, one)[number] for one in bins], most)
    highest = max(range(len(bins)), key=lambda at: bins[at].bytes)
    x = place(2 * highest + 1, 2 * len(bins))
    yield f'<circle class="peak" cx="{x}" cy="{TOP}" r="4"/>'


def steps(kind: str, heights: Sequence[int], most: int) -> str:
    """An area below so many bytes at each moment."""
    tops = (_y(height, most) for height in heights)
    way = "".join(f"V{top}H{place(at + 1, len(heights))}" for at, top in enumerate(tops))
    return f'<path class="{kind}" d="M{LEFT} {BOTTOM}{way}V{BOTTOM}Z"/>'


def _heights(view: MemoryView, one: Bin) -> list[int]:
    """The tops of the bands in bytes, from the bottom."""
    known = [view.fixed, one.gradients, one.kept]
    return [*accumulate(known), one.bytes]


def place(at: int, count: int) -> str:
    """Where along the axis."""
    return decimal(LEFT + Fraction(at * (RIGHT - LEFT), count), 1)


def _y(height: int, most: int) -> str:
    return decimal(BOTTOM - Fraction(height * (BOTTOM - TOP), most), 1)


def _axis(bins: Sequence[Bin]) -> Iterator[str]:
    """A line below, and where each phase begins."""
    yield f'<path class="axis" d="M{LEFT} {BOTTOM}H{RIGHT}"/>'
    phases = [one.phase for one in bins]
    for phase in dict.fromkeys(phases):
        start = phases.index(phase)
        x = place(start, len(bins))
        yield f'<path class="axis" d="M{x} {BOTTOM}v5"/>'
        if phases.count(phase) * 8 > len(bins):
            yield f'<text class="small" x="{x}" y="{BOTTOM + 17}">{phase}</text>'
    yield f'<text class="small" x="{RIGHT}" y="{BOTTOM + 17}" text-anchor="end">optimizer</text>'


def _legend() -> Iterator[str]:
    x = LEFT
    for number, name in enumerate(BANDS):
        yield f'<rect class="b{number}" x="{x}" y="{HEIGHT - 25}" width="10" height="10"/>'
        yield f'<text class="small" x="{x + 14}" y="{HEIGHT - 16}">{name}</text>'
        x += 26 + 6 * len(name)


def mermaid(view: MemoryView) -> str:
    """The most of each part of the step as a line, in MiB."""
    bins = view.bins(FEW_BINS)
    values = ", ".join(decimal(Fraction(one.bytes, MIB)) for one in bins)
    phases = ", ".join(dict.fromkeys(one.phase for one in bins))
    lines = [
        "xychart-beta",
        f'  title "{label(f"Memory of a training step, batch {view.analysis.batch:,}, MiB")}"',
        f'  x-axis "{phases}" 0 --> {len(bins)}',
        f"  y-axis 0 --> {decimal(max(Fraction(view.peak.bytes, MIB), Fraction(1, 100)))}",
        f"  line [{values}]",
    ]
    return "\n".join(lines) + "\n"
