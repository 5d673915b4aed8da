"""Elements moved to other places, sums along an axis, and fixed numbers in PyTorch."""

from __future__ import annotations

from math import prod
from typing import Any

from archcalc.exporters.pytorch.line import Line, Site, literal
from archcalc.exporters.pytorch.windows import Write
from archcalc.network.layers.axes import place_of
from archcalc.network.layers.checks import per_axis as on_axes
from archcalc.network.order import order_of


def rearrange(site: Site) -> Line:
    """The channels last, as the order has them, cut and moved."""
    layer: Any = site.layer
    order = order_of(layer.order)
    sizes = order.sized(site.read)
    before = [part for axis in order.before for part in axis]
    places = [1 + before.index(part) for axis in order.after for part in axis]
    cut = ", ".join(str(sizes[part]) for part in before)
    result = ", ".join(str(prod(sizes[part] for part in axis)) for axis in order.after)
    last = "{0}.movedim(1, -1)" if site.rank else "{0}"
    moved = f"{last}.reshape(-1, {cut}).permute(0, {', '.join(map(str, places))})"
    back = ".movedim(-1, 1)" if site.shape.output.spatial else ""
    return Line("", f"{moved}.reshape(-1, {result}){back}")


def roll(site: Site) -> Line:
    layer: Any = site.layer
    shift = on_axes(layer.shift, site.read, "shift")
    dims = literal(tuple(range(2, 2 + site.rank)))
    return Line("", f"{{0}}.roll({literal(tuple(shift))}, {dims})")


def gather(site: Site) -> Line:
    """The places are numbers, which the file does not have, as it has no weights."""
    sizes = ", ".join(map(str, site.shape.output.spatial))
    return Line(f"nn.Buffer(torch.zeros({sizes}, dtype=torch.int64))", "{0}[:, :, {module}]")


def constant(site: Site) -> Line:
    volume = site.shape.output
    sizes = ", ".join(map(str, (1, volume.channels, *volume.spatial)))
    return Line(f"nn.Buffer(torch.zeros({sizes}))", "{module}")


def reduce_sum(site: Site) -> Line:
    place = place_of(site.value("axis"), site.read)
    return Line("", f"{{0}}.sum({1 if place is None else place + 2}, keepdim=True)")


def rotary(site: Site) -> Line:
    raise ValueError("rotary is not exported to PyTorch: its pairs and angles are not in the file")


WRITERS: dict[str, Write] = {
    "rearrange": rearrange,
    "roll": roll,
    "gather": gather,
    "constant": constant,
    "reduce_sum": reduce_sum,
    "rotary": rotary,
}
