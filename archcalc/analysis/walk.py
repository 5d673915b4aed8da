"""The walk over the nodes: costs, receptive fields and depth from what came before."""

from __future__ import annotations

from archcalc.analysis.costs import Costs, costs
from archcalc.diagnostics import Fault, Findings
from archcalc.limits import FIELD_LIMIT, PHASES_LIMIT
from archcalc.network.following import Following
from archcalc.network.layers import Layer
from archcalc.network.layers.base import Reach, Shape
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
        self._of_reaches: dict[tuple[Reach, ReceptiveField], ReceptiveField] = {}
        self._behind: dict[tuple[int, ...], ReceptiveField] = {}
        self._equal: dict[ReceptiveField, ReceptiveField] = {}
        self._phases = 0

    def run(self) -> None:
        depths, fields = self.depths, self.fields
        for node in self.network.nodes:
            layer, feeds = node.layer, node.inputs
            found: Costs | None = None
            field: ReceptiveField | None = None
            if layer is not None and node.shape is not None:
                try:
                    found = self._costs(layer, node.shape, node)
                    field = self._field(node, found)
                except Fault as fault:
                    self.findings.fault(fault, node.span, layer=node.path)
            self.costs.append(found)
            fields.append(field)
            own = layer.depth if layer else 0
            if len(feeds) == 1:
                depths.append(depths[feeds[0]] + own)
            else:
                depths.append(max([depths[feed] for feed in feeds], default=0) + own)

    def _costs(self, layer: Layer, shape: Shape, node: Node) -> Costs:
        """Equal layers on equal inputs have one shape, which lives as long as the network."""
        shares = node.shares is not None
        at = (id(shape), node.activation, shares)
        found = self._of_shapes.get(at)
        if found is None:
            found = self._of_shapes[at] = costs(layer, node.activation, shape, shares)
        return found

    def _field(self, node: Node, found: Costs) -> ReceptiveField | None:
        """The field behind a node; equal ones are one object, so that identity tells them apart."""
        if not node.inputs:
            is_followed = node is self.network.nodes[self.field_of]
            return self._own(found.shape.output) if is_followed else self._nothing()
        first = self.fields[node.inputs[0]]
        if first is None:
            return None
        if found.reaches:
            return self._merged(node, found)
        return self._behind_one(found.reach, first)

    def _behind_one(self, reach: Reach, first: ReceptiveField) -> ReceptiveField:
        if reach == ():
            return first
        at = (id(reach), id(first))  # both are kept, in costs and in fields
        field = self._behind.get(at)
        if field is None:
            field = self._behind[at] = self._through(reach, first)
        return field

    def _through(self, reach: Reach, first: ReceptiveField) -> ReceptiveField:
        """The field behind a layer; other layers on other inputs may reach as far."""
        key = (reach, first)
        if key not in self._of_reaches:
            if reach:
                self._following.spend(sum([len(axis.spans) for axis in reach]))
            self._of_reaches[key] = self._interned(self._following.through(reach, first))
        return self._of_reaches[key]

    def _merged(self, node: Node, found: Costs) -> ReceptiveField | None:
        below = [field for feed in node.inputs if (field := self.fields[feed])]
        if len(below) < len(node.inputs):
            return None
        at = (id(found), *map(id, below))  # as above
        field = self._behind.get(at)
        if field is None:
            paths = list(map(self._behind_one, found.reaches, below))
            fresh = self._following.merged(paths)
            field = self._behind[at] = self._interned(fresh)
        return field

    def _interned(self, fresh: ReceptiveField) -> ReceptiveField:
        field = self._equal.setdefault(fresh, fresh)
        if field is fresh:
            self._check_field(field)
        return field

    def _own(self, volume: Volume) -> ReceptiveField:
        own = ReceptiveField((OWN_POSITION,) * len(volume.spatial))
        return self._equal.setdefault(own, own)

    def _nothing(self) -> ReceptiveField | None:
        """The field of what does not depend on the input that is followed, where that is known.

        It has an axis even if that input has none, but for a network with no other input.
        """
        shape = self.network.nodes[self.field_of].shape
        if shape is None:
            return None
        axes = len(shape.output.spatial) or self.network.names_inputs
        none = ReceptiveField((NO_POSITION,) * axes)
        return self._equal.setdefault(none, none)

    def _check_field(self, field: ReceptiveField) -> None:
        """Refuse fields whose numbers grow without end, or that repeat too rarely to be followed.

        Raises:
            Fault: ``limit-exceeded``.
        """
        axes = field.axes or ()
        for axis in set(axes):
            ends = [end for span in axis.spans if span for end in span]
            if max([axis.step, *map(abs, ends)]) > FIELD_LIMIT:
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
