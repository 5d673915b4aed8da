"""From the declaration to the network, in the order of the file: every layer meets its inputs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from archcalc.archfile.budget import Budget, Stop
from archcalc.archfile.building import Building
from archcalc.archfile.declaration import Architecture, Setting
from archcalc.archfile.nodes import UNKNOWN, ScalarNode, Unknown, Word, YamlNode
from archcalc.archfile.placement import Placement
from archcalc.archfile.scope import Scope
from archcalc.archfile.sequences import Sequences
from archcalc.archfile.values import read
from archcalc.diagnostics import Fault, Findings, Span
from archcalc.limits import LAYER_LIMIT
from archcalc.network.network import INPUT, NOWHERE, Changes, Network
from archcalc.network.values import VOLUME
from archcalc.network.volume import Volume
from archcalc.network.wiring import Wiring

if TYPE_CHECKING:
    from archcalc.archfile.folding import Folding
    from archcalc.archfile.settings import Settings


def expand(
    architecture: Architecture,
    findings: Findings,
    variables: Mapping[str, Any] | None = None,
    input: Volume | None = None,
    changes: Changes | None = None,
    limit: int = LAYER_LIMIT,
    folding: Folding | None = None,
) -> Network:
    """The network of an architecture; mistakes go to the findings, what they hide stays unknown.

    ``variables`` go before those of the file, and ``input`` before its input; a `Setting` among
    them goes before the value of a key. ``changes`` are other values of keys, by the place of an
    entry. With ``folding``, instances that were expanded before are one node each.

    Raises:
        VariableError: for a setting whose path names nothing.
    """
    own = architecture.input or calculated_input(architecture, findings, variables, limit)
    expansion = _Expansion(architecture, findings, limit, own, input, changes, folding)
    settings = expansion.sequences.settings = _settings(architecture, variables or {}, findings)
    try:
        expansion.whole(variables or {})
    except Stop as stop:
        expansion.placement.begin(None)
        expansion.placement.network.is_partial = True
        findings.once(stop.fault, stop.fault.span or Span(1, 1))
    network = expansion.placement.network
    if settings and not findings:
        settings.check(network)
    network.is_varied = bool(variables or changes)
    network.has_other_keys = bool(settings or changes)
    network.steps = expansion.budget.work
    network.rebuilt = partial(_rebuilt, architecture, variables or {}, input, limit)
    return network


def _rebuilt(
    architecture: Architecture,
    values: Mapping[str, Any],
    size: Volume | None,
    limit: int,
    findings: Findings,
    *,
    variables: Mapping[str, Any] | None = None,
    input: Volume | None = None,
    changes: Changes | None = None,
) -> Network:
    """A network of a file, built again (`Rebuild`)."""
    given = values if variables is None else variables
    return expand(architecture, findings, given, input or size, changes, limit)


def calculated_input(
    architecture: Architecture,
    findings: Findings,
    variables: Mapping[str, Any] | None = None,
    limit: int = LAYER_LIMIT,
) -> Volume | None:
    """The input whose sizes are expressions over variables; None where there are none."""
    node = architecture.input_node
    if node is None:
        return None
    wiring, budget = Wiring(Network(), None), Budget(limit)
    building = Building(findings, budget, wiring.interned)
    top = Scope("", [], building.top, input=INPUT, volume=wiring.volume)
    value: Volume | Unknown = UNKNOWN
    try:
        building.variables(architecture, variables or {}, top)
        value = read(VOLUME, building.substituted(node, top))
        if isinstance(value, Unknown) and not findings:
            raise Fault("wrong-value", "depends on its own size")
    except Fault as fault:
        findings.once(fault, node.span, "input ")
    except Stop as stop:
        findings.once(stop.fault, stop.fault.span or node.span)
    return None if isinstance(value, Unknown) else value


def _settings(
    architecture: Architecture, variables: Mapping[str, Any], findings: Findings
) -> Settings | None:
    if not any(isinstance(value, Setting) for value in variables.values()):
        return None
    from archcalc.archfile.settings import Settings  # few commands give one

    return Settings(variables, architecture.blocks, findings)


class _Expansion:
    """The expansion of a whole file."""

    def __init__(
        self,
        architecture: Architecture,
        findings: Findings,
        limit: int,
        own: Volume | None,
        input: Volume | None,
        changes: Changes | None,
        folding: Folding | None,
    ) -> None:
        self.architecture = architecture
        self.budget = Budget(limit)
        self.placement = Placement(architecture, findings, self.budget, own, input or own)
        intern = self.placement.wiring.interned
        self.building = Building(findings, self.budget, intern, changes)
        given = architecture, findings, self.budget, self.building, self.placement
        self.sequences = folding.sequences(*given) if folding else Sequences(*given)

    def whole(self, variables: Mapping[str, Any]) -> None:
        file, values, network = self.architecture, self.building.top, self.placement.network
        top = Scope("", file.layers, values, input=INPUT, volume=self.placement.volume)
        network.variables = self.building.variables(file, variables, top)
        if file.code:
            pairs = file.code_arguments.items()
            given = {name: self.building.value(node, top, None) for name, node in pairs}
            network.code = file.code._replace(arguments=given)
        network.unused_variables = file.unused_variables()
        network.unused_blocks = file.unused_blocks()
        last = self.sequences.expand(file.layers, top, INPUT)
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
                placement.begin(None)
                inside = Scope(
                    f"{name}.", block.layers, top, None, 1, input=NOWHERE, volume=placement.volume
                )
                self.sequences.of_block(block, inside, NOWHERE)
                placement.network, placement.wiring = kept
