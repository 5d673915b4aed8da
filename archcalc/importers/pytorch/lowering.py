"""The graph of a traced module as it grows: what operations read of it, and what they add."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import Any

from archcalc.importers.assembly import Assembly
from archcalc.importers.graph import Graph, Untranslatable
from archcalc.importers.pytorch import rearranging
from archcalc.importers.pytorch.layout import (
    Layout,
    channels_of,
    first_axis,
)
from archcalc.importers.pytorch.traced import Call, Ref, Stored, Traced
from archcalc.importers.pytorch.values import Constant, Nothing, Tensor, Value
from archcalc.network.layers.base import Layer
from archcalc.network.network import INPUT, NOWHERE
from archcalc.network.volume import Volume
from archcalc.wording import counted

NOTHING = Nothing()
Result = Tensor | tuple[Tensor, ...]
Apply = Callable[["Lowering", Call], Result]


class Lowering:
    """The graph of one traced module; ``apply`` says what to make of a call."""

    def __init__(self, traced: Traced, name: str, input: Volume, apply: Apply) -> None:
        self.traced = traced
        self.apply = apply
        self.realised: dict[str, Value | None] = {}
        self.assembly = Assembly(name, input)
        self.assembly.notes.extend(traced.notes)
        self.results: dict[str, Result] = {traced.input: Value(INPUT, first_axis(input))}
        self.used: dict[str, int] = {}
        self.joined: dict[tuple[object, ...], int] = {}
        self.calls = {call.name: call for call in traced.calls}
        for place, stored in traced.stored.items():
            self.results[place] = self._constant(stored)

    def _constant(self, stored: Stored) -> Constant:
        names = (stored.name,) if stored.is_parameter else ()
        return Constant(stored.shape, names, True, prod(stored.shape))

    def graph(self, outputs: Sequence[int]) -> Graph:
        """The graph with these outputs.

        Raises:
            Refused: where an operation has no layer type.
        """
        rest = {n: size for n, size in self.traced.parameters.items() if n not in self.used}
        if rest and not self.assembly.reasons:
            total = sum(rest.values())
            tensors = counted(len(rest), "tensor")
            self.assembly.notes.append(
                f"forward does not use {counted(total, 'parameter')} in {tensors}, "
                f"the first {next(iter(rest))}; they are left out"
            )
        return self.assembly.graph(outputs)

    # What the functions in the table read.

    def tensor(self, argument: Any) -> Result:
        """What an argument stands for."""
        return self.results.get(argument.name, NOTHING)

    def constant(self, argument: Any) -> Constant | None:
        """A parameter or buffer among the arguments; None where it is left out or is none."""
        found = self.tensor(argument) if isinstance(argument, Ref) else None
        return found if isinstance(found, Constant) else None

    def volume(self, node: int) -> Volume:
        volume = self.assembly.volume(node)
        assert volume is not None
        return volume

    # What they do.

    def refused(self, call: Call, fact: str) -> Nothing:
        self.assembly.refuse(fact, call.where)
        return NOTHING

    def emit(
        self,
        call: Call,
        type: str,
        inputs: Sequence[int],
        keys: Mapping[str, object] | None = None,
        weights: Sequence[Constant | None] | None = (),
    ) -> int:
        """A layer on nodes, with the weights that it takes from the module.

        It is refused where it would have another number of them; None are not looked at.
        """
        node = self.assembly.layer(type, inputs, call.modules, keys, call.where)
        if node == NOWHERE or weights is None:
            return node
        names = [name for weight in weights if weight for name in weight.parameters]
        shape = self.assembly.shape(node)
        layer = self.assembly.operation(node).layer
        has = sum(self.traced.parameters[name] for name in dict.fromkeys(names))
        ours = layer.weights(shape).value + layer.biases(shape).value
        if has != ours:
            fact = f"{type} with {counted(has, 'parameter')}, and a layer of ours has {ours:,}"
            return self.assembly.refuse(fact, call.where)
        return self._trained(call, node, names)

    def amended(self, call: Call, node: int, keys: Mapping[str, object], weight: Constant) -> int:
        """The last layer that was added with more keys, and the further weights that they need."""
        layer = self.layer(node)
        before = layer.weights(self.assembly.shape(node)).plus(
            layer.biases(self.assembly.shape(node))
        )
        if not self.assembly.amend(node, keys):
            fact = f"{layer.type} that was read before it was complete"
            return self.assembly.refuse(fact, call.where)
        after = self.layer(node)
        shape = self.assembly.shape(node)
        more = after.weights(shape).value + after.biases(shape).value - before.value
        has = sum(self.traced.parameters[name] for name in dict.fromkeys(weight.parameters))
        if has != more or any(name in self.used for name in weight.parameters):
            fact = f"{layer.type} with weights of its own that differ"
            return self.assembly.refuse(fact, call.where)
        self.used.update(dict.fromkeys(weight.parameters, node))
        return node

    def is_trained(self, name: str) -> bool:
        return all(s.is_trained for s in self.traced.stored.values() if s.name == name)

    def _trained(self, call: Call, node: int, names: list[str]) -> int:
        if not names:
            return node
        before = {self.used.get(name) for name in names}
        if before == {None}:
            self.used.update(dict.fromkeys(names, node))
        elif len(before) > 1:
            return self.assembly.refuse("it shares some of its weights, not all", call.where)
        trained = {s.name: s.is_trained for s in self.traced.stored.values()}
        states = {trained[name] for name in names}
        if len(states) > 1:
            return self.assembly.refuse("some of its weights are trained, not all", call.where)
        self.assembly.weigh(node, before.pop(), not states.pop())
        return node

    def placed(self, node: int, layout: Layout, rolled: tuple[int, ...] = ()) -> Tensor:
        """A node as a value; nothing where it was refused."""
        return NOTHING if node == NOWHERE else Value(node, layout, rolled)

    def settled(self, call: Call, value: Value, place: int) -> int:
        """A node whose volume is the tensor's: channels at a place, the batch first."""
        place %= value.rank
        if any(value.rolled):
            spatial = self.volume(value.node).spatial
            shift = tuple(rows % n for rows, n in zip(value.rolled, spatial, strict=True))
            node = self.once(call, "roll", value.node, {"shift": shift})
            value = value._replace(node=node, rolled=())
            if value.node == NOWHERE:
                return NOWHERE
        volume = self.volume(value.node)
        try:
            steps = rearranging.steps(volume, value, place)
        except Untranslatable as reason:
            return self.assembly.refuse(str(reason), call.where)
        node, made = value.node, call._replace(modules=value.viewed or call.modules)
        for type, keys in steps:
            node = self.once(made, type, node, keys)
        return node

    def once(self, call: Call, type: str, node: int, keys: Mapping[str, object]) -> int:
        """A layer on a node, which may be there already."""
        known = (type, node, *keys.items())
        if known not in self.joined:
            self.joined[known] = self.emit(call, type, (node,), keys)
        return self.joined[known]

    def changed(self, value: Value, node: int, place: int) -> Tensor:
        """A new node that lies as a value did, with other channels at a place."""
        if node == NOWHERE:
            return NOTHING
        layout = list(value.layout)
        layout[place] = channels_of(self.volume(node))
        return Value(node, tuple(layout), value.rolled)

    def map(self, call: Call, value: Value) -> int:
        """A node with the tensor's channels and positions, as convolutions read it."""
        return self.settled(call, value, 1)

    def as_map(self, node: int) -> Tensor:
        return self.placed(node, () if node == NOWHERE else first_axis(self.volume(node)))

    def layer(self, node: int) -> Layer:
        return self.assembly.operation(node).layer
