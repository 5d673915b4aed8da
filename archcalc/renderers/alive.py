"""Memory at inference over time, as SVG."""

from __future__ import annotations

from collections.abc import Iterator

from archcalc.renderers.course import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, card, place, steps
from archcalc.renderers.markup import MARKER
from archcalc.views.alive import Alive
from archcalc.wording import sized

BANDS = (("b1", "outlives what comes later"), ("b2", "the rest"))


def svg(view: Alive) -> str:
    """What is alive while each layer runs; a ring marks the peak."""
    title = f"Memory at inference over time, batch {view.batch:,}"
    what = f"peak {sized(view.peak)}, at {view.layer}"
    return "\n".join([*card(title, what), *_drawn(view), "</svg>", MARKER, ""])


def _drawn(view: Alive) -> Iterator[str]:
    most = max(view.peak, 1)
    yield steps("b2", [moment.bytes for moment in view.moments], most)
    yield steps("b1", [moment.outlive for moment in view.moments], most)
    highest = max(range(len(view.moments)), key=lambda at: view.moments[at].bytes)
    x = place(2 * highest + 1, 2 * len(view.moments))
    yield f'<circle class="peak" cx="{x}" cy="{TOP}" r="4"/>'
    yield f'<path class="axis" d="M{LEFT} {BOTTOM}H{RIGHT}"/>'
    yield f'<text class="small" x="{LEFT}" y="{BOTTOM + 17}">first layer</text>'
    yield f'<text class="small" x="{RIGHT}" y="{BOTTOM + 17}" text-anchor="end">last layer</text>'
    left = LEFT
    for kind, name in BANDS:
        yield f'<rect class="{kind}" x="{left}" y="{HEIGHT - 25}" width="10" height="10"/>'
        yield f'<text class="small" x="{left + 14}" y="{HEIGHT - 16}">{name}</text>'
        left += 26 + 6 * len(name)
