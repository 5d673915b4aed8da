"""Builds a network node by node: every layer is checked on its inputs as it is added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from archcalc.diagnostics import Fault, Findings
from archcalc.network.figures import Allowance, Expected
from archcalc.network.layers import ACTIVATIONS, Layer
from archcalc.network.names import unfit_input, unfit_name
from archcalc.network.network import INPUT, SEVERAL, SPLIT, Changes, Network, Region, RegionKind
from archcalc.network.sizes import Inputs, whole
from archcalc.network.volume import Volume
from archcalc.network.wiring import Wiring
from archcalc.wording import nearest, quoted


class Builder:
    """Builds a network in Python, layer by layer.

        builder = Builder("Small", "32x32x3")
        builder.add(Conv(filters=16, kernel=3), activation="relu")
        network = builder.network()

    ``input`` is a volume, or its sizes and channels as "32x32x3" or (32, 32, 3); several inputs are
    a mapping of their names.

    Raises:
        Fault: for an input that is none.
    """

    def __init__(self, name: str, input: Inputs) -> None:
        inputs = _named(input)
        self._network = Network(name)
        self._wiring = Wiring(self._network, inputs)
        self._names = {name: index for index, name in enumerate(inputs)}
        self._last = SEVERAL if isinstance(input, Mapping) else INPUT

    def add(
        self,
        layer: Layer,
        inputs: str | Sequence[str] | None = None,
        *,
        name: str | None = None,
        activation: str | None = None,
    ) -> str:
        """Adds a layer that reads the layers of these names, or else the one added last.

        Returns:
            Its name: the one given, or the type with a running number.

        Raises:
            Fault: where a name is unknown or taken, or the layer cannot stand on its inputs.
        """
        if activation is not None and activation not in ACTIVATIONS:
            hints = nearest(activation, ACTIVATIONS)
            fact = f"{quoted(activation)} is no activation"
            raise Fault("wrong-value", fact, key="activation", suggestions=hints)
        path = self._free(layer.type) if name is None else name
        unfit = unfit_name(path)
        if path in self._names:
            raise Fault("name-clash", f"{quoted(path)} is the name of a layer already")
        if unfit:
            raise Fault("wrong-value", f"{quoted(path)} is no name: {unfit}")
        if layer.splits and activation:
            raise Fault("unknown-key", f"{layer.type} has no activation", key="activation")
        given = [inputs] if isinstance(inputs, str) else inputs
        feeds = (
            (self._end() if not layer.is_source else INPUT,)
            if given is None
            else tuple(map(self._index, given))
        )
        if layer.is_source:
            if given is not None:
                raise Fault("wrong-value", f"{layer.type} reads nothing")
            feeds = ()
        elif (layer.merges and len(feeds) < 1) or (not layer.merges and len(feeds) != 1):
            raise Fault("wrong-value", f"{layer.type} takes one input, not {len(feeds)}")
        likes = tuple(map(self._index, layer.likes()))
        start = len(self._network.nodes)
        try:
            self._add(path, layer, activation, feeds, likes)
        except Fault:
            del self._network.nodes[start:]
            raise
        self._names[path] = self._last = SPLIT if layer.splits else len(self._network.nodes) - 1
        return path

    def _end(self) -> int:
        """The layer that was added last."""
        if self._last == SEVERAL:
            names = ", ".join(self._names)
            raise Fault("missing-key", f"nothing says which input is read; there are: {names}")
        if self._last == SPLIT:
            raise Fault("missing-key", "the layer before is a split: name the part that is read")
        return self._last

    def _add(
        self,
        path: str,
        layer: Layer,
        activation: str | None,
        feeds: tuple[int, ...],
        likes: tuple[int, ...],
    ) -> None:
        add, interned = self._wiring.add, self._wiring.interned
        parts = layer.rows(self._wiring.volumes(feeds))
        if not parts:
            add(path, interned(layer), activation, feeds, likes)
            return
        rows: list[int] = []
        for part in parts:
            assert part.layer is not None  # every input is known
            last = activation if part is parts[-1] and activation else part.activation
            reads = tuple([feeds[read] if read >= 0 else rows[~read] for read in part.reads])
            rows.append(add(f"{path}.{part.name}", interned(part.layer), last, reads, likes))
            self._names.setdefault(f"{path}.{part.name}", rows[-1])
        region = Region(path, rows[0], rows[-1] + 1, rows[-1], RegionKind.PARTS)
        self._network.regions.append(region)

    def volume(self, name: str) -> Volume:
        """The output of a layer.

        Raises:
            Fault: where no layer has the name.
        """
        volume = self._wiring.volume(self._index(name))
        assert volume is not None
        return volume

    def expect(self, quantity: str, figure: Any, at: str | None = None) -> None:
        """States a figure that must hold, of the network or of the layer at a path.

        The names of quantities and their figures are read when the network is analysed.
        """
        self._network.expect.append(Expected(at, quantity, figure))

    def budget(self, quantity: str, figure: Any, at: str | None = None) -> None:
        """States an upper bound, such as 5_000_000 or "5M", of the network or of a path."""
        self._network.budget.append(Expected(at, quantity, figure))

    def allow(self, rule: str, because: str, at: str | None = None) -> None:
        """Accepts the findings of a rule, everywhere or at a path, for a reason."""
        self._network.allow.append(Allowance(rule, at, because))

    def network(self, outputs: Sequence[str] = ()) -> Network:
        """The network; without ``outputs`` its output is the layer that was added last.

        Raises:
            Fault: where no layer has the name of an output.
        """
        network = self._network
        named = [(name, self._index(name)) for name in outputs]
        network.outputs = named or [(network.nodes[self._end()].path, self._end())]
        network.written_inputs = network.inputs
        network.rebuilt = partial(replayed, network)
        return network

    def _index(self, name: str) -> int:
        if name not in self._names:
            fact = f"no layer before this one is named {quoted(name)}"
            raise Fault("unknown-name", fact, suggestions=nearest(name, self._names))
        if self._names[name] == SPLIT:
            fact = f"{quoted(name)} is a split: name one of its parts, such as {name}.0"
            raise Fault("unknown-name", fact)
        return self._names[name]

    def _free(self, word: str) -> str:
        number = 1
        while f"{word}{number}" in self._names:
            number += 1
        return f"{word}{number}"


def _named(input: Inputs) -> dict[str, Volume]:
    """The volumes of inputs by name."""
    if not isinstance(input, Mapping):
        return {"input": whole(input)}
    if not input:
        raise Fault("wrong-value", "a network has at least one input")
    for name in input:
        unfit = unfit_input(name)
        if unfit:
            raise Fault("wrong-value", f"{quoted(name)} is no name: {unfit}")
    return {name: whole(size) for name, size in input.items()}


def replayed(
    network: Network,
    findings: Findings,
    *,
    variables: Mapping[str, Any] | None = None,
    inputs: Mapping[str, Volume] | None = None,
    changes: Changes | None = None,
) -> Network:
    """A network without a file, built again node by node (`Rebuild`)."""
    again = Network(network.name)
    wiring = Wiring(again, {**network.inputs, **(inputs or {})})
    for name, value in vars(network).items():
        if name != "nodes":
            setattr(again, name, value)
    for node in network.nodes[network.first_layer :]:
        layer = node.layer
        try:
            if layer is not None and changes and node.identity in changes:
                layer = wiring.interned(layer.with_keys(changes[node.identity]))
            elif layer is not None:
                layer = wiring.interned(layer)
            wiring.add(node.path, layer, node.activation, node.inputs, node.likes, node.origin)
        except Fault as fault:
            findings.fault(fault, node.span, layer=node.path)
    again.is_varied = again.has_other_keys = bool(changes)
    again.rebuilt = partial(replayed, again)
    return again
