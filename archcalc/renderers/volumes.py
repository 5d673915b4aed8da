"""The network as volumes from left to right, as papers draw it, for markdown and notebooks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isqrt

from archcalc.analysis.analysis import Analysis
from archcalc.network.layers.base import Family
from archcalc.network.volume import Volume
from archcalc.record import Record
from archcalc.renderers.markup import xml
from archcalc.views.flowchart import overview
from archcalc.views.lanes import ends, lanes
from archcalc.views.outline import outline

MARGIN, TITLE, LANE = 14, 34, 11
TALL, WIDE = 150, 46  # at most
BETWEEN, CHARACTER, LETTERS = 16, 6, 15
LINE = 13  # of text

# What is folded, and the input, are of no family.
PAINT = {
    Family.CONVOLUTION: "conv", Family.POOLING: "pool", Family.FULLY_CONNECTED: "dense",
    Family.RECURRENT: "recur", Family.ATTENTION: "attn", Family.MERGE: "merge",
    Family.ACTIVATION: "act",
}  # fmt: skip

# Everything is below a class, since notebooks have one page for all; on a card of its own, which
# can be read on light and dark pages alike.
STYLE = (
    "text{font:11px -apple-system,'Segoe UI','Noto Sans',Helvetica,Arial,sans-serif;fill:#1f2328}"
    ".title{font-weight:600;font-size:13px}.quiet{fill:#59636e;font-size:10px}"
    ".card{fill:#ffffff;stroke:#d0d7de}.way{fill:none;stroke:#59636e}.tip{fill:#59636e}"
    ".solid path{fill:#8b949e;stroke:#ffffff;stroke-width:.8px;stroke-linejoin:round}"
    ".conv path{fill:#0f6cb8}.pool path{fill:#0a8f68}.dense path{fill:#c4570b}"
    ".recur path{fill:#7a5195}.attn path{fill:#6d4bc3}.merge path{fill:#a93c93}"
    ".act path{fill:#b58900}.folded path{fill:#2f5fb3}"
    ".solid .top{fill-opacity:.65}.solid .side{fill-opacity:.8}"
)
DARK = (
    "text{fill:#e6edf3}.quiet{fill:#9198a1}.card{fill:#0d1117;stroke:#3d444d}"
    ".way{stroke:#9198a1}.tip{fill:#9198a1}.solid path{stroke:#0d1117}"
)


class Solid(Record):
    """A volume in its place: the middle of its front, and its sizes on the page."""

    name: str
    size: str
    kind: str
    middle: int
    tall: int
    deep: int
    wide: int

    @property
    def reach(self) -> int:
        return self.wide + self.deep


def svg(analysis: Analysis) -> str:
    """The volumes, folded as the graph of a report is, to a scale of square roots."""
    chart = overview(analysis)
    ways = lanes(chart)
    solids = _placed(analysis)
    axis = TITLE + LANE * (1 + max(ways.values(), default=-1)) + (TALL + TALL // 4) // 2 + 6
    foot = axis + (TALL + TALL // 4) // 2
    width = max(solids[-1].middle + _half(solids[-1]) + MARGIN, 320)
    height = foot + 4 * LINE + MARGIN
    title = f"{analysis.network.name}: its volumes, lengths as square roots of sizes"
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="archcalc-volumes" width="{width}" '
        f'height="{height}" viewBox="0 0 {width} {height}" role="img" aria-label="{xml(title)}">',
        f"<style>{_scoped(STYLE)}@media(prefers-color-scheme:dark){{{_scoped(DARK)}}}</style>",
        f'<rect class="card" x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" rx="6"/>',
        f'<text class="title" x="{MARGIN}" y="22">{xml(_cut(analysis.network.name, 60))}</text>',
    ]
    for start, end in ends(chart):
        lines += _arrow(solids[start], solids[end], axis, ways.get((start, end)))
    for place, solid in enumerate(solids):
        lines += _drawn(solid, axis, foot + LINE + place % 2 * 2 * LINE)
    return "\n".join([*lines, "</svg>"]) + "\n"


def _scoped(style: str) -> str:
    rules = [rule for rule in style.split("}") if rule]
    return "".join(f".archcalc-volumes {rule}}}" for rule in rules)


def _placed(analysis: Analysis) -> Sequence[Solid]:
    """Bodies stand apart, and so does the text of every second one: it takes turns in height."""
    parts = outline(analysis)
    shown = [("input", analysis.input, "")]
    for part, box in zip(parts, overview(analysis).boxes, strict=True):
        layer = analysis.nodes[part.start].layer
        kind = PAINT.get(layer.family, "") if part.is_layer else "folded"
        shown.append((box.name, box.output, kind))
    volumes = [volume for _, volume, _ in shown]
    most = max(max(volume.spatial, default=1) for volume in volumes)
    deepest = max(volume.channels for volume in volumes)
    solids: list[Solid] = []
    for name, volume, kind in shown:
        made = Solid(_cut(name, LETTERS), str(volume).replace("x", "×"), kind, 0,
                     *_sizes(volume, most, deepest))  # fmt: skip
        middle = MARGIN + max(_half(made), made.reach // 2)
        if solids:
            before = solids[-1]
            middle = before.middle + (before.reach + made.reach) // 2 + BETWEEN
        if len(solids) > 1:
            middle = max(middle, solids[-2].middle + _half(solids[-2]) + _half(made) + 6)
        solids.append(made._replace(middle=middle))
    return solids


def _sizes(volume: Volume, most: int, deepest: int) -> tuple[int, int, int]:
    """How tall, deep and wide: rows, columns and channels."""
    channels = isqrt(WIDE**2 * volume.channels // deepest)
    if not volume.spatial:
        return 8, 8, 8 + channels
    rows = volume.spatial[1 if len(volume.spatial) == 3 else 0]
    columns = volume.spatial[-1] if len(volume.spatial) > 1 else 1
    return _along(rows, most), _along(columns, most) // 4, 4 + channels


def _along(size: int, most: int) -> int:
    return 6 + isqrt((TALL - 6) ** 2 * size // most)


def _half(solid: Solid) -> int:
    """Half of what the text takes, or the body where that is more."""
    return max(CHARACTER * max(len(solid.name), len(solid.size)), solid.reach) // 2


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"…{text[1 - most :]}"


def _drawn(solid: Solid, axis: int, below: int) -> Iterator[str]:
    """The front, the top and the side, and two lines of text."""
    tall, deep, wide = solid.tall, solid.deep, solid.wide
    x, y = solid.middle - solid.reach // 2, axis - (tall + deep) // 2 + deep
    yield f'<g class="solid {solid.kind or "other"}">'
    yield f'<path d="M{x} {y}h{wide}v{tall}h-{wide}z"/>'
    yield f'<path class="top" d="M{x} {y}l{deep} -{deep}h{wide}l-{deep} {deep}z"/>'
    yield f'<path class="side" d="M{x + wide} {y}l{deep} -{deep}v{tall}l-{deep} {deep}z"/>'
    yield "</g>"
    yield f'<text x="{solid.middle}" y="{below}" text-anchor="middle">{xml(solid.name)}</text>'
    yield (
        f'<text class="quiet" x="{solid.middle}" y="{below + LINE - 1}" text-anchor="middle">'
        f"{xml(solid.size)}</text>"
    )


def _arrow(source: Solid, target: Solid, axis: int, lane: int | None) -> Iterator[str]:
    """To the next one straight; over others in a lane above them."""
    if lane is None:
        x, tip = source.middle + (source.reach + 1) // 2, target.middle - target.reach // 2
        yield f'<path class="way" d="M{x} {axis}H{tip - 5}"/>'
        yield f'<path class="tip" d="M{tip} {axis}l-6 -3v6z"/>'
        return
    top = TITLE + LANE * lane
    start, end = source.middle + source.deep // 2 + 3, target.middle + target.deep // 2 - 4
    down = axis - (target.tall + target.deep) // 2
    up = axis - (source.tall + source.deep) // 2
    yield f'<path class="way" d="M{start} {up}V{top}H{end}V{down - 5}"/>'
    yield f'<path class="tip" d="M{end} {down}l-3 -6h6z"/>'
