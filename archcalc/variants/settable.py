"""What values may be given for in an architecture, as a shell completes it."""

from __future__ import annotations

from archcalc import api
from archcalc.archfile.expansion import expand
from archcalc.archfile.settings import REPEAT, settable_keys
from archcalc.diagnostics import Enough, Findings, SpecError


def settable(target: str, begun: str, *, with_inputs: bool) -> list[str]:
    """The names that go on from what is ``begun``: ``width=``, ``layer1.``, ``layer1.0.stride=``.

    Nothing of a file that cannot be read.
    """
    try:
        source = api.read_source(target)
        architecture = api.loads(source.text, source.filename)
        network = expand(architecture, Findings())
    except (SpecError, Enough, OSError, ValueError):
        return []
    found = [f"{name}=" for name in architecture.variables]
    found += [f"{name}=" for name in architecture.inputs] if with_inputs else []
    start, _, _ = begun.rpartition(".")
    below = f"{start}." if start else ""
    regions = network.named()
    parts = [path[len(below) :].split(".")[0] for path in regions if path.startswith(below)]
    found += [f"{below}{part}." for part in dict.fromkeys(parts)]
    if start in regions:
        region, layer = regions[start], network.nodes[regions[start].start].layer
        if region.block:
            keys = list(architecture.blocks[region.block].arguments)
        else:
            keys = settable_keys(layer.type) if layer and not region.is_group else []
        keys += [REPEAT] if any(part.isdigit() for part in parts) else []
        found += [f"{below}{key}=" for key in keys]
    return [name for name in found if name.startswith(begun)]
