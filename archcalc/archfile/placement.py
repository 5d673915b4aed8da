"""Puts layers and regions into a network, with the places in the file that they come from."""

from __future__ import annotations

from collections.abc import Mapping

from archcalc.archfile.budget import Budget
from archcalc.archfile.declaration import AnyEntry, Architecture, Entry, LayerEntry
from archcalc.archfile.scope import Target
from archcalc.diagnostics import Fault, Findings
from archcalc.network.layers import Layer
from archcalc.network.layers.base import Part
from archcalc.network.network import INPUT, NOWHERE, SEVERAL, SPLIT, Network, Region, RegionKind
from archcalc.network.volume import Volume
from archcalc.network.wiring import Wiring

Volumes = Mapping[str, Volume | None]


class Placement:
    """Adds to ``network`` within a budget; mistakes go to the findings."""

    def __init__(
        self,
        architecture: Architecture,
        findings: Findings,
        budget: Budget,
        own: Volumes,
        inputs: Volumes,
    ) -> None:
        """``own`` are the inputs that the file states, ``inputs`` those that are calculated with.

        They are by name, and None where they are not known.
        """
        self.architecture = architecture
        self.findings = findings
        self.budget = budget
        self.own = own
        self.split: LayerEntry | None = None  # the last one
        self.begin(inputs)

    def begin(self, inputs: Volumes) -> None:
        """Starts an empty network with what the file says of it as a whole."""
        net, file = Network(self.architecture.name), self.architecture
        net.description, net.year, net.reference = file.description, file.year, file.reference
        net.source = file.source
        net.input_spans = {name: given.span for name, given in file.inputs.items()}
        net.written_inputs = {name: volume for name, volume in self.own.items() if volume}
        net.expect, net.budget = file.expect, file.budget
        net.allow, net.published = file.allow, file.published
        net.train, net.train_spans = file.train, file.train_spans
        self.network, self.wiring = net, Wiring(net, inputs)

    @property
    def stop(self) -> int:
        """The index of the node that is added next."""
        return len(self.network.nodes)

    def volume(self, index: int) -> Volume | None:
        return self.wiring.volume(index)

    def layer(
        self,
        entry: LayerEntry,
        path: str,
        layer: Layer | None,
        activation: str | None,
        feeds: tuple[int, ...],
        likes: tuple[int, ...],
    ) -> dict[str, Target]:
        """Adds a layer, or the parts that it consists of; the names of these."""
        parts = self._parts(entry, path, layer, feeds) if layer and layer.becomes_rows else ()
        if not parts:
            self._node(entry, path, layer, activation, feeds, likes)
            return {}
        inner, rows = dict[str, Target](), list[int]()
        for part in parts:
            last = activation if part is parts[-1] and activation else part.activation
            row = self.wiring.interned(part.layer) if part.layer else None
            reads = tuple([feeds[read] if read >= 0 else rows[~read] for read in part.reads])
            rows.append(self._node(entry, f"{path}.{part.name}", row, last, reads, likes))
            inner[part.name] = Target(rows[-1], {}, (rows[-1], rows[-1] + 1))
        return inner

    def _parts(
        self, entry: LayerEntry, path: str, layer: Layer, feeds: tuple[int, ...]
    ) -> tuple[Part, ...]:
        try:
            return layer.rows(self.wiring.volumes(feeds))
        except Fault as fault:
            self.findings.fault(fault, entry.span_of(fault.key), layer=path)
            return layer.rows(None)

    def _node(
        self,
        entry: LayerEntry,
        path: str,
        layer: Layer | None,
        activation: str | None,
        feeds: tuple[int, ...],
        likes: tuple[int, ...],
    ) -> int:
        nodes, index = self.network.nodes, self.stop
        try:
            self.wiring.add(path, layer, activation, feeds, likes, entry.origin)
        except Fault as fault:
            self.findings.fault(fault, entry.span_of(fault.key), layer=path)
        names = len(path) + sum([len(nodes[feed].path) for feed in feeds if feed > INPUT])
        self.budget.spend_text(names, entry.span)
        self.budget.check_layers(index, entry.span)
        return index

    def region(
        self,
        path: str,
        start: int,
        output: int,
        kind: RegionKind,
        entry: Entry,
        block: str | None = None,
    ) -> None:
        """Adds a region of all nodes from ``start`` on."""
        region = Region(path, start, self.stop, output, kind, block, entry.origin)
        self.network.regions.append(region)

    def whole(self, index: int, entry: AnyEntry, key: str) -> int:
        """A node, which a split is none: what follows it, or ends with it, must name a part.

        Nor are several inputs, of which one must be named.
        """
        if index == SEVERAL:
            names = [node.path for node in self.network.nodes[: self.network.first_layer]]
            fact = f"nothing says which input it reads; there are: {', '.join(names)}"
            hint = f"name one, such as `from: {names[0]}`"
            self.findings.once(Fault("missing-key", fact, suggestions=(hint,)), entry.span)
            return NOWHERE
        if index != SPLIT:
            return index
        assert self.split is not None
        fact = "a split has an output for each of its parts, and none of its own"
        part = f"{self.split.name}.0"
        hint = {
            "from": f"name the part that is read, such as `from: {part}`",
            "outputs": f"name what is read of it, such as `outputs: [{part}]`",
            "end": f"end with one of its parts, such as `{{type: identity, from: {part}}}`",
        }[key]
        if not self.split.named:
            hint = "give the split a `name`, under which its parts are read"
        self.findings.once(Fault("missing-key", fact, suggestions=(hint,)), entry.span)
        return NOWHERE
