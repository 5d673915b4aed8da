"""From the declaration to the network, in the order of the file: every layer meets its inputs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from archcalc.archfile.budget import Budget, Stop
from archcalc.archfile.building import Building
from archcalc.archfile.declaration import Architecture, Setting
from archcalc.archfile.inputs import calculated_inputs, top_scope
from archcalc.archfile.nodes import ScalarNode, Word, YamlNode
from archcalc.archfile.placement import Placement
from archcalc.archfile.scope import Scope
from archcalc.archfile.sequences import Sequences
from archcalc.archfile.settings import KeySettings
from archcalc.diagnostics import Findings, Span
from archcalc.limits import LAYER_LIMIT
from archcalc.network.network import NOWHERE, Changes, Network
from archcalc.network.volume import Volume

if TYPE_CHECKING:
    from archcalc.archfile.folding import Folding


def expand(
    architecture: Architecture,
    findings: Findings,
    variables: Mapping[str, Any] | None = None,
    inputs: Mapping[str, Volume] | None = None,
    changes: Changes | None = None,
    limit: int = LAYER_LIMIT,
    folding: Folding | None = None,
) -> Network:
    """The network of an architecture; mistakes go to the findings, what they hide stays unknown.

    ``variables`` go before those of the file, and ``inputs`` before its inputs; a `Setting` among
    them goes before the value of a key. ``changes`` are other values of keys, by the place of an
    entry. With ``folding``, instances that were expanded before are one node each.

    Raises:
        VariableError: for a setting whose path names nothing.
    """
    own = calculated_inputs(architecture, findings, variables, limit)
    expansion = _Expansion(architecture, findings, limit, own, inputs or {}, changes, folding)
    settings = expansion.sequences.settings = _settings(architecture, variables or {}, findings)
    try:
        expansion.whole(variables or {})
    except Stop as stop:
        expansion.placement.begin(dict.fromkeys(own))
        expansion.placement.network.is_partial = True
        findings.once(stop.fault, stop.fault.span or Span(1, 1))
    network = expansion.placement.network
    if settings and not findings:
        settings.check(network)
    network.is_varied = bool(variables or changes)
    network.has_other_keys = bool(settings or changes)
    network.steps = expansion.budget.work
    network.rebuilt = partial(_rebuilt, architecture, variables or {}, inputs or {}, limit)
    return network


def _rebuilt(
    architecture: Architecture,
    values: Mapping[str, Any],
    sizes: Mapping[str, Volume],
    limit: int,
    findings: Findings,
    *,
    variables: Mapping[str, Any] | None = None,
    inputs: Mapping[str, Volume] | None = None,
    changes: Changes | None = None,
) -> Network:
    """A network of a file, built again (`Rebuild`)."""
    given = values if variables is None else variables
    return expand(architecture, findings, given, {**sizes, **(inputs or {})}, changes, limit)


def _settings(
    architecture: Architecture, variables: Mapping[str, Any], findings: Findings
) -> KeySettings | None:
    if not any(isinstance(value, Setting) for value in variables.values()):
        return None
    return KeySettings(variables, architecture.blocks, findings)


class _Expansion:
    """The expansion of a whole file."""

    def __init__(
        self,
        architecture: Architecture,
        findings: Findings,
        limit: int,
        own: Mapping[str, Volume | None],
        inputs: Mapping[str, Volume],
        changes: Changes | None,
        folding: Folding | None,
    ) -> None:
        self.architecture = architecture
        self.budget = Budget(limit)
        self.placement = Placement(architecture, findings, self.budget, own, {**own, **inputs})
        intern = self.placement.wiring.interned
        self.building = Building(findings, self.budget, intern, changes)
        given = architecture, findings, self.budget, self.building, self.placement
        self.sequences = folding.sequences(*given) if folding else Sequences(*given)

    def whole(self, variables: Mapping[str, Any]) -> None:
        file, values, network = self.architecture, self.building.top, self.placement.network
        top = top_scope(file, values, self.placement.volume)
        network.variables = self.building.variables(file, variables, top)
        if file.code:
            pairs = file.code_arguments.items()
            given = {name: self.building.value(node, top, None) for name, node in pairs}
            network.code = file.code._replace(arguments=given)
        network.unused_variables = file.unused_variables()
        network.unused_blocks = file.unused_blocks()
        last = self.sequences.expand(file.layers, top, top.input)
        if not file.outputs and file.layers:
            last = self.placement.whole(last, file.layers[-1], "outputs")
        self.outputs(file.outputs, top, last)
        if not self.building.changes:  # which are of layers that are used
            self.unused()

    def outputs(self, names: list[YamlNode], top: Scope, last: int) -> None:
        network, find = self.placement.network, self.sequences.references.find
        for node in names:
            if isinstance(node, ScalarNode):
                index = find(Word(node.text, span=node.span), top, node.span)
                network.outputs.append((node.text, index))
        if not names:
            name = network.nodes[last].path if last >= 0 else "input"
            network.outputs.append((name, last))

    def unused(self) -> None:
        """Expands blocks that nothing instantiates for their mistakes; the nodes are dropped."""
        placement, top, self.sequences.settings = self.placement, self.building.top, None
        for name, block in self.architecture.blocks.items():
            if name not in self.sequences.instantiated:
                kept = placement.network, placement.wiring
                placement.begin(dict.fromkeys(placement.own))
                inside = Scope(
                    f"{name}.", block.layers, top, None, 1, input=NOWHERE, volume=placement.volume
                )
                self.sequences.of_block(block, inside, NOWHERE)
                placement.network, placement.wiring = kept
