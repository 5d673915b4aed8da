"""The walk over the nodes: volumes, costs, receptive fields and depth from what came before."""

from __future__ import annotations

from archcalc.analysis.costs import Costs, costs
from archcalc.diagnostics import Fault, Findings
from archcalc.limits import AXIS_LIMIT, ELEMENTS_LIMIT, FIELD_LIMIT, PHASES_LIMIT
from archcalc.network.layers.base import Volumes
from archcalc.network.network import INPUT, NOWHERE, Graph, Node
from archcalc.network.receptive_field import OWN_POSITION, ReceptiveField, merged, through
from archcalc.network.volume import Volume

BEFORE = 2  # NOWHERE and INPUT have outputs as well, and stand before those of the nodes
HIDDEN = Volume(0)  # the output behind a mistake


def check_size(volume: Volume) -> None:
    """Refuse volumes that no machine holds, so that numbers cannot grow without end.

    Raises:
        Fault: ``limit-exceeded``.
    """
    if max((volume.channels, *volume.spatial)) > AXIS_LIMIT or volume.elements > ELEMENTS_LIMIT:
        raise Fault(
            "limit-exceeded",
            f"its output {volume} is larger than {AXIS_LIMIT:,} along an axis or "
            f"{ELEMENTS_LIMIT:,} elements",
        )


class Walk:
    """Gives every node its volumes in order; what depends on a mistake stays unknown."""

    def __init__(self, graph: Graph, findings: Findings, volume: Volume) -> None:
        self.graph = graph
        self.findings = findings
        self.costs: list[Costs | None] = []
        own = ReceptiveField((OWN_POSITION,) * len(volume.spatial))
        self._outputs = [HIDDEN, volume]
        self._fields = [ReceptiveField(None), own]
        self._depths = [0, 0]
        self._ranks: dict[int, int | None] = {NOWHERE: None}
        self._known: dict[tuple[int, str | None, Volumes], Costs] = {}
        self._behind: dict[tuple[int, ...], ReceptiveField] = {}
        self._equal: dict[ReceptiveField, ReceptiveField] = {own: own}
        self._phases = 0

    @property
    def fields(self) -> list[ReceptiveField]:
        return self._fields[BEFORE:]

    @property
    def depths(self) -> list[int]:
        return self._depths[BEFORE:]

    def volume(self, index: int) -> Volume:
        return self._outputs[index + BEFORE]

    def depth(self, index: int) -> int:
        return self._depths[index + BEFORE]

    def run(self) -> None:
        outputs, fields, depths = self._outputs, self._fields, self._depths
        for node in self.graph.nodes:
            feeds, layer = node.inputs, node.layer
            known, field = self._node(node)
            self.costs.append(known)
            outputs.append(known.shape.output if known else HIDDEN)
            fields.append(field)
            own = layer.depth if layer else 0
            if len(feeds) == 1:
                depths.append(depths[feeds[0] + BEFORE] + own)
            else:
                depths.append(max([depths[feed + BEFORE] for feed in feeds]) + own)

    def _node(self, node: Node) -> tuple[Costs | None, ReceptiveField]:
        outputs, feeds, layer = self._outputs, node.inputs, node.layer
        if len(feeds) == 1 and not node.likes:  # most have one input
            volumes: Volumes = (outputs[feeds[0] + BEFORE],)
        else:
            volumes = tuple([outputs[feed + BEFORE] for feed in (*feeds, *node.likes)])
        try:
            if layer is None or HIDDEN in volumes:
                return self._unknown(node)
            at = (id(layer), node.activation, volumes)
            known = self._known.get(at)
            if known is None:
                known = self._known[at] = costs(layer, node.activation, layer.on(volumes))
                check_size(known.shape.output)
            return known, self._field(node, known)
        except Fault as fault:
            span = node.entry.spans.get(fault.key or "", node.span)
            self.findings.fault(_described(fault, node, self), span, layer=node.path)
            return self._hidden(node)

    def _unknown(self, node: Node) -> tuple[None, ReceptiveField]:
        rank = self._rank(node.inputs[0])
        if node.layer is not None and rank is not None:
            node.layer.check_axes(rank)
        return self._hidden(node)

    def _hidden(self, node: Node) -> tuple[None, ReceptiveField]:
        """Of a node whose volume is not known, the number of axes may be."""
        keeps = node.layer is not None and node.layer.keeps_rank
        self._ranks[len(self.costs)] = self._rank(node.inputs[0]) if keeps else None
        return None, self._fields[0]

    def _rank(self, index: int) -> int | None:
        volume = self.volume(index)
        return self._ranks[index] if volume is HIDDEN else len(volume.spatial)

    def _field(self, node: Node, known: Costs) -> ReceptiveField:
        """The field behind a node; equal ones are one object, so that identity tells them apart."""
        first = self._fields[node.inputs[0] + BEFORE]
        if known.positional:
            below = [self._fields[feed + BEFORE] for feed in node.inputs]
            at = (id(known), *map(id, below))
        elif known.reach == ():
            return first
        else:
            at = (id(known.reach), id(first))
        field = self._behind.get(at)
        if field is None:
            if known.positional:
                field = merged(below, list(known.positional))
            else:
                field = through(known.reach, first)
            if field is not first:
                field = self._equal.setdefault(field, field)
                self._check_field(field)
            self._behind[at] = field
        return field

    def _check_field(self, field: ReceptiveField) -> None:
        """Refuse fields whose numbers grow without end, or that repeat too rarely to be followed.

        Raises:
            Fault: ``limit-exceeded``.
        """
        axes = field.axes or ()
        for axis in set(axes):
            ends = [end for span in axis.spans if span for end in span]
            if max(axis.step, *map(abs, ends)) > FIELD_LIMIT:
                raise Fault(
                    "limit-exceeded",
                    "its receptive field has a size, stride or start of more than 30 digits",
                )
        self._phases += sum([len(axis.spans) for axis in axes])
        if self._phases > PHASES_LIMIT:
            raise Fault(
                "limit-exceeded",
                f"the receptive fields of the network repeat too rarely: more than "
                f"{PHASES_LIMIT:,} different ones",
            )


def _described(fault: Fault, node: Node, walk: Walk) -> Fault:
    """The fault of a merge with the names and volumes of its inputs."""
    if fault.rule != "merge-mismatch" or not fault.parts:
        return fault
    names = [
        f"{'input' if i == INPUT else walk.graph.nodes[i].path} {walk.volume(i)}"
        for i in node.inputs[:8]
    ]
    more = ", …" if len(node.inputs) > 8 else ""
    return Fault(
        fault.rule, f"{fault.message}; its inputs: {', '.join(names)}{more}", key=fault.key
    )
