"""Modules that are known by their class, since what they compute decomposes."""

from __future__ import annotations

from collections.abc import Mapping

from archcalc.importers.graph import Module
from archcalc.importers.pytorch.arranging import channel_dims
from archcalc.importers.pytorch.layout import with_channels_at
from archcalc.importers.pytorch.lowering import NOTHING, Lowering
from archcalc.importers.pytorch.traced import Call, refs
from archcalc.importers.pytorch.values import Constant, Tensor, Value
from archcalc.network.network import NOWHERE

# The class, the type of ours, and its keys by the attributes of the module.
CLASSES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "LocalResponseNorm": ("lrn", {"size": "size"}),
    "GlobalResponseNorm": ("grn", {}),
}


def of_module(lowering: Lowering, call: Call) -> set[str]:
    """The calls inside a module that is one layer of ours, once that is added; else none."""
    for depth, module in enumerate(call.modules, 1):
        known = CLASSES.get(module.kind)
        if known:
            return _replaced(lowering, call, call.modules[:depth], *known)
    return set()


def _replaced(
    lowering: Lowering, call: Call, path: tuple[Module, ...], type: str, keys: Mapping[str, str]
) -> set[str]:
    inside = [other for other in lowering.traced.calls if other.modules[: len(path)] == path]
    names = {other.name for other in inside}
    read = {ref.name for other in inside for ref in refs(other)} - names
    values = [v for name in read if isinstance(v := lowering.results.get(name), Value)]
    attributes = lowering.traced.attributes.get(".".join(module.name for module in path), {})
    weights = [c for name in read if isinstance(c := lowering.results.get(name), Constant)]
    if len(values) != 1 or set(keys.values()) - attributes.keys():
        return set()
    (value,) = values
    made: Tensor = NOTHING
    if len(channel_dims(value)) == 1 and value.rank == len(inside[-1].shape):
        place = channel_dims(value)[0]
        node = lowering.settled(call, value, place)
        if node != NOWHERE:
            given = {ours: attributes[theirs] for ours, theirs in keys.items()}
            node = lowering.emit(call._replace(modules=path), type, (node,), given, weights)
            layout = () if node == NOWHERE else with_channels_at(lowering.volume(node), place)
            made = lowering.placed(node, layout)
    else:
        lowering.refused(call, f"{type} of heads or windows has no layer type")
    lowering.results[inside[-1].name] = made
    return names
