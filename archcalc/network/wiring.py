"""The nodes of a network as they are added: every layer is measured on its inputs."""

from __future__ import annotations

from collections.abc import Mapping

from archcalc.diagnostics import Fault
from archcalc.limits import AXIS_LIMIT, ELEMENTS_LIMIT
from archcalc.network.layers import Layer
from archcalc.network.layers.base import Shape, Volumes
from archcalc.network.network import NOWHERE, Input, Network, Node, Origin
from archcalc.network.volume import Volume


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


class Wiring:
    """The nodes of a network as they are added; what depends on a mistake stays unknown."""

    def __init__(self, network: Network, inputs: Mapping[str, Volume | None]) -> None:
        """``inputs`` are those of the network by name; None where one is not known."""
        self.network = network
        self.nodes = network.nodes
        network.first_layer = len(inputs)
        for name, volume in inputs.items():
            shape = Shape((), volume) if volume else None
            self.nodes.append(Node(name, Input(), None, (), (), shape, None))
        self._layers: dict[Layer, Layer] = {}
        self._shapes: dict[tuple[int, Volumes], Shape] = {}
        self._ranks: dict[int, int | None] = {NOWHERE: None}

    def interned(self, layer: Layer) -> Layer:
        """The one object for all layers that are equal to this one."""
        return self._layers.setdefault(layer, layer)

    def volume(self, index: int) -> Volume | None:
        """The output of a node; None where it is not known."""
        shape = self.nodes[index].shape if index >= 0 else None
        return shape.output if shape else None

    def volumes(self, indices: tuple[int, ...]) -> Volumes | None:
        """The outputs of several nodes; None where one is not known."""
        nodes = self.nodes
        volumes = []
        for index in indices:
            shape = nodes[index].shape if index >= 0 else None
            if shape is None:
                return None
            volumes.append(shape.output)
        return tuple(volumes)

    def add(
        self,
        path: str,
        layer: Layer | None,
        activation: str | None,
        inputs: tuple[int, ...],
        likes: tuple[int, ...] = (),
        origin: Origin | None = None,
    ) -> int:
        """Adds a node, also one that cannot stand on its inputs: then its shape is unknown.

        ``layer`` is one that `interned` gave, or None where a mistake hides it.

        Raises:
            Fault: where the layer cannot stand on its inputs.
        """
        index = len(self.nodes)
        shape: Shape | None = None
        try:
            volumes = self.volumes((*inputs, *likes) if likes else inputs)
            if layer is not None and volumes is not None:
                shape = self._shape(layer, volumes)
            elif layer is not None and inputs:
                self._check_axes(layer, inputs[0])
        except Fault as fault:
            raise self._described(fault, inputs) from None
        finally:
            if shape is None:
                keeps = layer is not None and layer.keeps_rank and inputs
                self._ranks[index] = self._rank(inputs[0]) if keeps else None
            self.nodes.append(Node(path, layer, activation, inputs, likes, shape, origin))
        return index

    def _shape(self, layer: Layer, volumes: Volumes) -> Shape:
        at = (id(layer), volumes)  # interned: it lives as long as this table
        shape = self._shapes.get(at)
        if shape is None:
            shape = layer.on(volumes)
            check_size(shape.output)
            self._shapes[at] = shape
        return shape

    def _rank(self, index: int) -> int | None:
        """How many axes an output has, which may be known where its sizes are not."""
        volume = self.volume(index)
        return len(volume.spatial) if volume else self._ranks.get(index)

    def _check_axes(self, layer: Layer, feed: int) -> None:
        rank = self._rank(feed)
        if rank is not None:
            layer.check_axes(rank)

    def _described(self, fault: Fault, inputs: tuple[int, ...]) -> Fault:
        """The fault of a merge with the names and volumes of its inputs."""
        if fault.rule != "merge-mismatch":
            return fault
        names = [f"{self.nodes[feed].path} {self.volume(feed)}" for feed in inputs[:8]]
        more = ", …" if len(inputs) > 8 else ""
        return Fault(
            fault.rule, f"{fault.message}; its inputs: {', '.join(names)}{more}", key=fault.key
        )
