"""Puts a flat graph together, operation by operation, with the volumes known on the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from archcalc.diagnostics import Fault
from archcalc.importers.graph import Graph, Module, Operation, Refused, Unfit
from archcalc.limits import LAYER_LIMIT
from archcalc.network.layers import LAYERS
from archcalc.network.layers.base import Layer, Shape
from archcalc.network.network import INPUT, NOWHERE, Network
from archcalc.network.volume import Volume
from archcalc.network.wiring import Wiring


class Assembly:
    """The graph of one network as a front end reads it.

    What cannot be said is collected: `refuse` it and go on with `NOWHERE`, whose readers are not
    known either and so are not blamed.
    """

    def __init__(self, name: str, input: Volume) -> None:
        self.name = name
        self.input = input
        self.notes: list[str] = []
        self.reasons: list[Unfit] = []
        self._operations: list[Operation] = []
        self._wiring = Wiring(Network(name), {"input": input})

    def volume(self, index: int) -> Volume | None:
        """The output of a node; None where it is not known."""
        return self._wiring.volume(index)

    def shape(self, index: int) -> Shape:
        """A node that was added, on its inputs."""
        shape = self._wiring.nodes[index].shape
        assert shape is not None
        return shape

    def operation(self, index: int) -> Operation:
        """What was added as a node."""
        return self._operations[index - 1]

    def weigh(self, index: int, shares: int | None, frozen: bool) -> None:
        """Says whose weights a node has, and whether they are trained."""
        operation = self._operations[index - 1]
        self._operations[index - 1] = operation._replace(shares=shares, frozen=frozen)

    def refuse(self, fact: str, where: str) -> int:
        """Notes a reason for which the source cannot be imported."""
        self.reasons.append(Unfit(fact, where))
        return NOWHERE

    def layer(
        self,
        type: str,
        inputs: Sequence[int],
        modules: tuple[Module, ...] = (),
        keys: Mapping[str, object] | None = None,
        where: str = "",
    ) -> int:
        """Adds a layer of a type of ours with these keys, and says where it stands."""
        if NOWHERE in inputs:
            return NOWHERE
        try:
            return self.add(LAYERS[type](**keys or {}), inputs, modules, where)
        except Fault as fault:
            return self.refuse(f"{type}: {fault.message}", where)

    def add(
        self,
        layer: Layer,
        inputs: Sequence[int],
        modules: tuple[Module, ...] = (),
        where: str = "",
    ) -> int:
        """Adds a layer, and says where it stands.

        Raises:
            Fault: where it cannot stand on its inputs.
        """
        if len(self._operations) >= LAYER_LIMIT:
            raise Fault("limit-exceeded", f"it has more than {LAYER_LIMIT:,} layers")
        path = where or layer.type
        try:
            index = self._wiring.add(path, self._wiring.interned(layer), None, tuple(inputs))
        except Fault:
            self._wiring.nodes.pop()  # it has one for every layer, those that cannot stand too
            raise
        self._operations.append(Operation(layer, tuple(inputs), modules, where=where))
        return index

    def amend(self, index: int, keys: Mapping[str, object]) -> bool:
        """Gives a layer that nothing reads yet more keys, which leave its output as it is."""
        if any(index in operation.inputs for operation in self._operations):
            return False
        operation = self._operations[index - 1]
        known = {key: getattr(operation.layer, key) for key in operation.layer.keys()}  # noqa: SIM118
        layer = LAYERS[operation.layer.type](**{**known, **keys})
        self._operations[index - 1] = operation._replace(layer=layer)
        node = self._wiring.nodes[index]
        self._wiring.nodes[index] = node._replace(layer=self._wiring.interned(layer))
        return True

    def freeze(self, index: int) -> None:
        """Says that the weights of a node are not trained."""
        if index > INPUT:
            self._operations[index - 1] = self._operations[index - 1]._replace(frozen=True)

    def graph(self, outputs: Sequence[int]) -> Graph:
        """What was put together.

        Raises:
            Refused: where a part of the source cannot be said.
        """
        if self.reasons:
            raise Refused(self.reasons)
        return Graph(
            self.name, self.input, tuple(self._operations), tuple(outputs), tuple(self.notes)
        )
