"""The walk over the nodes: volumes, costs, receptive fields and depth from what came before."""

from __future__ import annotations

from archcalc.costs import Costs, costs
from archcalc.diagnostics import Fault, Findings
from archcalc.graph import INPUT, NOWHERE, Graph, Node
from archcalc.layers.base import Volumes
from archcalc.receptive_field import OWN_POSITION, ReceptiveField, merged, through
from archcalc.volume import Volume

PHASES_LIMIT = 2**20
SIZE_LIMIT = 10**12
ELEMENTS_LIMIT = 10**18
FIELD_LIMIT = 10**30


def check_size(volume: Volume) -> None:
    """Refuse volumes that no machine holds, so that numbers cannot grow without end.

    Raises:
        Fault: ``limit-exceeded``.
    """
    if max((volume.channels, *volume.spatial)) > SIZE_LIMIT or volume.elements > ELEMENTS_LIMIT:
        raise Fault(
            "limit-exceeded",
            f"its output {volume} is larger than {SIZE_LIMIT:,} along an axis or "
            f"{ELEMENTS_LIMIT:,} elements",
        )


class Walk:
    """Gives every node its volumes in order; what depends on a mistake stays unknown."""

    def __init__(self, graph: Graph, findings: Findings, volume: Volume) -> None:
        self.graph = graph
        self.findings = findings
        self.input = volume
        self.costs: list[Costs | None] = []
        self.fields: list[ReceptiveField | None] = []
        self.inputs: list[Volumes] = []
        self.depths: list[int] = []
        self.ranks: list[int | None] = []
        self._input_field = ReceptiveField((OWN_POSITION,) * len(volume.spatial))
        self._costs: dict[tuple[int, str | None, Volumes], Costs] = {}
        self._fields: dict[tuple[int, ...], ReceptiveField] = {}
        self._equal_fields: dict[ReceptiveField, ReceptiveField] = {}
        self._phases = 0

    def run(self) -> None:
        for node in self.graph.nodes:
            before = [self.depth(index) for index in node.inputs]
            known = self._node(node)
            self.costs.append(known)
            own = node.layer.depth if node.layer else 0
            self.depths.append(max(before, default=0) + own)

    def volume(self, index: int) -> Volume | None:
        if index == INPUT:
            return self.input
        known = self.costs[index] if index != NOWHERE else None
        return known.output if known else None

    def depth(self, index: int) -> int:
        return self.depths[index] if index >= 0 else 0

    def _rank(self, index: int) -> int | None:
        if index == INPUT:
            return len(self.input.spatial)
        return self.ranks[index] if index >= 0 else None

    def _node(self, node: Node) -> Costs | None:
        volumes = [self.volume(index) for index in (*node.inputs, *node.likes)]
        inputs = tuple([volume for volume in volumes if volume])
        self.inputs.append(inputs[: len(node.inputs)] if node.likes else inputs)
        rank = self._rank(node.inputs[0])
        try:
            if node.layer is None or len(inputs) < len(volumes):
                self._check_axes(node, rank)
                self._unknown(node, rank)
                return None
            known = self._known(node, inputs)
            self.fields.append(self._field(node, known))
            self.ranks.append(len(known.output.spatial))
            return known
        except Fault as fault:
            place = node.entry.places.get(fault.key or "", node.place)
            self.findings.fault(_described(fault, node, self), place, layer=node.path)
            self._unknown(node, rank)
            return None

    def _unknown(self, node: Node, rank: int | None) -> None:
        self.fields.append(None)
        self.ranks.append(rank if node.layer and node.layer.keeps_rank else None)

    def _check_axes(self, node: Node, rank: int | None) -> None:
        if node.layer is not None and rank is not None:
            node.layer.check_axes(rank)

    def _known(self, node: Node, inputs: Volumes) -> Costs:
        assert node.layer is not None
        at = (id(node.layer), node.activation, inputs)
        known = self._costs.get(at)
        if known is None:
            known = self._costs[at] = costs(node.layer, node.activation, inputs)
            check_size(known.output)
        return known

    def _field(self, node: Node, known: Costs) -> ReceptiveField:
        """The field behind a node; equal ones are one object, so that identity tells them apart."""
        fields, own = self.fields, self._input_field
        below = [own if index == INPUT else fields[index] for index in node.inputs]
        at = (id(known), *map(id, below))
        field = self._fields.get(at)
        if field is None:
            paths = [path for path in below if path is not None]
            if known.positional:
                field = merged(paths, list(known.positional))
            else:
                field = through(known.reach, paths[0])
            field = self._equal_fields.setdefault(field, field)
            self._check_field(field)
            self._fields[at] = field
        return field

    def _check_field(self, field: ReceptiveField) -> None:
        """Refuse fields whose numbers grow without end, or that repeat too rarely to be followed.

        Raises:
            Fault: ``limit-exceeded``.
        """
        for axis in field.axes or ():
            ends = [end for span in axis.spans if span for end in span]
            if max(map(abs, (axis.step, *ends))) > FIELD_LIMIT:
                raise Fault(
                    "limit-exceeded",
                    "its receptive field has a size, stride or start of more than 30 digits",
                )
        self._phases += sum(len(axis.spans) for axis in field.axes or ())
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
