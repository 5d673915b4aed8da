"""The walk over the nodes: costs, receptive fields and depth from what came before."""

from __future__ import annotations

from archcalc.analysis.costs import Costs, costs
from archcalc.diagnostics import Fault, Findings
from archcalc.limits import PHASES_LIMIT
from archcalc.network.following import Following
from archcalc.network.layers.base import Reach
from archcalc.network.network import INPUT, Network, Node
from archcalc.network.receptive_field import NO_POSITION, OWN_POSITION, ReceptiveField
from archcalc.network.volume import Volume


class Walk:
    """Gives every node its costs, receptive field and depth, in order.

    What depends on a mistake has None: it is not known. ``field_of`` is the input of which fields
    are followed.
    """

    def __init__(self, network: Network, findings: Findings, field_of: int = INPUT) -> None:
        self.network = network
        self.field_of = field_of
        self.findings = findings
        self.costs: list[Costs | None] = []
        self.fields: list[ReceptiveField | None] = []
        self.depths: list[int] = []
        self._of_shapes: dict[tuple[int, str | None, bool], Costs] = {}
        self._following = Following()
        self._reaches: dict[Reach, Reach] = {}
        self._behind: dict[tuple[int, ...], ReceptiveField] = {}
        self._equal: dict[tuple[int, ...], ReceptiveField] = {}
        self._phases = 0

    def run(self) -> None:
        depths, fields, behind, of_shapes = self.depths, self.fields, self._behind, self._of_shapes
        for node in self.network.nodes:
            _, layer, activation, feeds, _, shape, _, shares, _ = node
            found: Costs | None = None
            field: ReceptiveField | None = None
            if layer is not None and shape is not None:
                try:
                    # Equal layers on equal inputs have one shape, which lives as long as they do.
                    at = (id(shape), activation, shares is not None)
                    found = of_shapes.get(at)
                    if found is None:
                        found = costs(layer, activation, shape, shares is not None, self._reaches)
                        of_shapes[at] = found
                    if len(feeds) == 1 and not found.reaches:  # of most
                        field = fields[feeds[0]]
                        if found.reach != ():
                            field = field and behind.get((id(found.reach), id(field)))
                    field = field or self._field(node, found)
                except Fault as fault:
                    self.findings.fault(fault, node.span, layer=node.path)
            self.costs.append(found)
            fields.append(field)
            own = layer.depth if layer else 0
            if len(feeds) == 1:
                depths.append(depths[feeds[0]] + own)
            else:
                depths.append(max([depths[feed] for feed in feeds], default=0) + own)

    def _field(self, node: Node, found: Costs) -> ReceptiveField | None:
        """The field behind a node; equal ones are one object, so that identity tells them apart."""
        feeds = node.inputs
        if not feeds:
            is_followed = node is self.network.nodes[self.field_of]
            return self._own(found.shape.output) if is_followed else self._nothing()
        if found.reaches:
            return self._merged(node, found)
        first = self.fields[feeds[0]]
        return first and self._behind_one(found.reach, first)

    def _behind_one(self, reach: Reach, first: ReceptiveField) -> ReceptiveField:
        if reach == ():
            return first
        at = (id(reach), id(first))  # equal ones are one, and kept in costs and in fields
        field = self._behind.get(at)
        if field is None:
            if reach:
                self._following.spend(sum([len(axis.spans) for axis in reach]))
            field = self._behind[at] = self._interned(self._following.through(reach, first))
        return field

    def _merged(self, node: Node, found: Costs) -> ReceptiveField | None:
        below = [field for feed in node.inputs if (field := self.fields[feed])]
        if len(below) < len(node.inputs):
            return None
        at = (id(found), *map(id, below))  # as above
        field = self._behind.get(at)
        if field is None:
            paths = list(map(self._behind_one, found.reaches, below))
            field = self._behind[at] = self._interned(self._following.merged(paths))
        return field

    def _interned(self, fresh: ReceptiveField) -> ReceptiveField:
        """The one object for all fields that are equal to this one, whose axes are.

        Raises:
            Fault: ``limit-exceeded`` where fields repeat too rarely.
        """
        axes = fresh.axes
        at = (*map(id, axes or ()), axes is None, fresh.is_global, fresh.aligned)
        field = self._equal.setdefault(at, fresh)
        if field is fresh:
            self._phases += sum([len(axis.spans) for axis in axes or ()])
            if self._phases > PHASES_LIMIT:
                raise Fault(
                    "limit-exceeded",
                    f"the receptive fields of the network repeat too rarely: more than "
                    f"{PHASES_LIMIT:,} different ones",
                )
        return field

    def _own(self, volume: Volume) -> ReceptiveField:
        return self._interned(ReceptiveField((OWN_POSITION,) * len(volume.spatial)))

    def _nothing(self) -> ReceptiveField | None:
        """The field of what does not depend on the input that is followed, where that is known.

        It has an axis even if that input has none, but for a network with no other input.
        """
        shape = self.network.nodes[self.field_of].shape
        if shape is None:
            return None
        axes = len(shape.output.spatial) or self.network.names_inputs
        return self._interned(ReceptiveField((NO_POSITION,) * axes))
