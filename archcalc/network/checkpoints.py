"""What runs again in the backward pass: groups and instances of blocks, as settings name them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from archcalc.diagnostics import Fault
from archcalc.network.network import INPUT, Network, Region, RegionKind
from archcalc.network.training import BLOCKS, STAGES
from archcalc.wording import nearest, quoted


def checkpoints(network: Network, names: tuple[str, ...]) -> list[tuple[int, int]]:
    """The first node and the node behind the last of what runs again.

    Raises:
        ValueError: for what is neither a group nor an instance of a block, and what overlaps.
    """
    for fault in faults(network, names):
        hints = "".join(f"; {line}" for line in fault.suggestions)
        raise ValueError(f"{fault.message}{hints}")
    groups = [region for region in network.regions if region.is_group]
    if names == (STAGES,):
        found = [region for region in groups if "." not in region.path]
    elif names == (BLOCKS,):
        found = _copies(groups)
    else:
        found = [region for region in groups if region.path in names]
    return [(region.start, region.stop) for region in found if region.start > INPUT]


def faults(network: Network, names: tuple[str, ...]) -> Iterator[Fault]:
    """Paths of no group or instance, or else those that overlap: a layer runs again but once."""
    if names in ((STAGES,), (BLOCKS,)):
        return
    groups = {region.path: region for region in network.regions if region.is_group}
    unknown = [name for name in names if name not in groups]
    words = (STAGES, BLOCKS) if len(names) == 1 else ()
    for name in unknown:
        fact = f"no group or instance of a block has the path {quoted(name)}"
        yield Fault("unknown-name", fact, suggestions=nearest(name, [*groups, *words]))
    if unknown:
        return
    regions = sorted([groups[name] for name in names], key=lambda region: region.start)
    for one, other in pairwise(regions):
        if other.start < one.stop:
            pair = f"{quoted(one.path)} and {quoted(other.path)}"
            yield Fault("wrong-value", f"{pair} overlap; a layer runs again in one of them only")


def _copies(groups: list[Region]) -> list[Region]:
    """The outermost instances of blocks that are one copy."""
    repeated = {
        region.path.rpartition(".")[0] for region in groups if region.kind is RegionKind.COPY
    }
    single = [region for region in groups if region.block and region.path not in repeated]
    found: list[Region] = []
    for region in sorted(single, key=lambda region: (region.start, -region.stop)):
        if not found or region.start >= found[-1].stop:
            found.append(region)
    return found
