"""Modules that are known by their class, since what they compute decomposes."""

from __future__ import annotations

from archcalc.importers.graph import Module
from archcalc.importers.pytorch.layout import first_axis
from archcalc.importers.pytorch.lowering import Lowering, refs
from archcalc.importers.pytorch.traced import Call
from archcalc.importers.pytorch.values import Value
from archcalc.network.network import NOWHERE

# The class, the type of ours, and its keys by the attributes of the module.
CLASSES = {"LocalResponseNorm": ("lrn", {"size": "size"})}


def of_module(lowering: Lowering, call: Call) -> set[str]:
    """The calls inside a module that is one layer of ours, once that is added; else none."""
    for depth, module in enumerate(call.modules, 1):
        known = CLASSES.get(module.kind)
        if known:
            return _replaced(lowering, call, call.modules[:depth], *known)
    return set()


def _replaced(
    lowering: Lowering, call: Call, path: tuple[Module, ...], type: str, keys: dict[str, str]
) -> set[str]:
    inside = [other for other in lowering.traced.calls if other.modules[: len(path)] == path]
    names = {other.name for other in inside}
    read = {ref.name for other in inside for ref in refs(other)} - names
    values = [v for name in read if isinstance(v := lowering.results.get(name), Value)]
    attributes = lowering.traced.attributes.get(".".join(module.name for module in path), {})
    if len(values) != 1 or not attributes:
        return set()
    node = lowering.map(call, values[0])
    if node != NOWHERE:
        given = {ours: attributes[theirs] for ours, theirs in keys.items()}
        node = lowering.emit(call._replace(modules=path), type, (node,), given)
    layout = () if node == NOWHERE else first_axis(lowering.volume(node))
    lowering.results[inside[-1].name] = lowering.placed(node, layout)
    return names
