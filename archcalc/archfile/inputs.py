"""The inputs of a file: their volumes, and the names under which the top level sees them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from archcalc.archfile.budget import Budget, Stop
from archcalc.archfile.building import Building
from archcalc.archfile.declaration import Architecture
from archcalc.archfile.nodes import Unknown
from archcalc.archfile.scope import Scope, Target
from archcalc.archfile.values import read
from archcalc.diagnostics import Fault, Findings
from archcalc.limits import LAYER_LIMIT
from archcalc.network.network import INPUT, SEVERAL, Network
from archcalc.network.values import VOLUME
from archcalc.network.volume import Volume
from archcalc.network.wiring import Wiring


def top_scope(
    architecture: Architecture, values: Any, volume: Callable[[int], Volume | None]
) -> Scope:
    """The scope of the top level."""
    has_names = architecture.names_inputs
    input = SEVERAL if has_names else INPUT
    top = Scope("", architecture.layers, values, input=input, volume=volume)
    for index, name in enumerate(architecture.inputs if has_names else ()):
        top.names[name] = Target(index, {})
    return top


def calculated_inputs(
    architecture: Architecture,
    findings: Findings,
    variables: Mapping[str, Any] | None = None,
    limit: int = LAYER_LIMIT,
) -> dict[str, Volume | None]:
    """The inputs of a file, whose sizes may be expressions over variables.

    The volume is None where a mistake hides it, as it is of a file without an input.
    """
    found = {name: given.volume for name, given in architecture.inputs.items()}
    if not any(given.node for given in architecture.inputs.values()):
        return found or {"input": None}
    wiring, budget = Wiring(Network(), dict.fromkeys(found)), Budget(limit)
    building = Building(findings, budget, wiring.interned)
    top = top_scope(architecture, building.top, wiring.volume)
    building.variables(architecture, variables or {}, top)
    for name, (_, _, node) in architecture.inputs.items():
        if node is None:
            continue
        try:
            value = read(VOLUME, building.substituted(node, top))
            if not isinstance(value, Unknown):
                found[name] = value
            elif not findings:
                size = "the size of an input" if architecture.names_inputs else "its own size"
                raise Fault("wrong-value", f"depends on {size}")
        except Fault as fault:
            findings.once(fault, node.span, f"{name} ")
        except Stop as stop:
            findings.once(stop.fault, stop.fault.span or node.span)
    return found
