"""From calls of PyTorch's operations to layers of ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

from archcalc.importers.assembly import Assembly
from archcalc.importers.graph import Graph
from archcalc.importers.pytorch import rearranging
from archcalc.importers.pytorch.layout import (
    Layout,
    channels_of,
    first_axis,
    with_channels_at,
)
from archcalc.importers.pytorch.traced import Call, Ref, Stored, Traced
from archcalc.importers.pytorch.values import Constant, Nothing, Phase, Scores, Tensor, Value
from archcalc.network.layers.base import Layer
from archcalc.network.network import INPUT, NOWHERE
from archcalc.network.volume import Volume
from archcalc.wording import counted

NOTHING = Nothing()
Result = Tensor | tuple[Tensor, ...]


class Lowering:
    """The graph of one traced module; `OPERATIONS` says what to make of a call."""

    def __init__(self, traced: Traced, name: str, input: Volume) -> None:
        self.traced = traced
        self.assembly = Assembly(name, input)
        self.assembly.notes.extend(traced.notes)
        self.results: dict[str, Result] = {traced.input: Value(INPUT, first_axis(input))}
        self.used: dict[str, int] = {}
        self.joined: dict[tuple[object, ...], int] = {}
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
        volume = self.volume(value.node)
        try:
            steps = rearranging.steps(volume, value, place)
        except rearranging.Unsaid as unsaid:
            return self.assembly.refuse(str(unsaid), call.where)
        node, made = value.node, call._replace(modules=value.viewed or call.modules)
        for type, keys in steps:
            known = (type, node, *keys.items())
            if known not in self.joined:
                self.joined[known] = self.emit(made, type, (node,), keys)
            node = self.joined[known]
        return node

    def at(self, call: Call, value: Value, place: int) -> Value | None:
        """The value with the channels of its node, all of them, at a place; None if refused."""
        place %= value.rank
        if value.layout[place] == channels_of(self.volume(value.node)):
            return value
        groups = rearranging.shuffled(self.volume(value.node), value.layout[place])
        if groups:
            known = ("channel_shuffle", value.node, groups)
            if known not in self.joined:
                keys = {"groups": groups}
                self.joined[known] = self.emit(call, "channel_shuffle", (value.node,), keys)
            return self.changed(value, self.joined[known], place)  # type: ignore[return-value]
        node = self.settled(call, value, place)
        if node == NOWHERE:
            return None
        return Value(node, with_channels_at(self.volume(node), place))

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


def lowered(traced: Traced, name: str, input: Volume) -> Graph:
    """The flat graph of a traced module.

    Raises:
        Refused: for every operation that no layer of ours is.
    """
    from archcalc.importers.pytorch.operations import OPERATIONS, of_constants, of_module

    lowering = Lowering(traced, name, input)
    inside: set[str] = set()
    for call in traced.calls:
        if call.name in inside:
            continue
        swallowed = of_module(lowering, call)
        if swallowed:
            inside |= swallowed
            continue
        arguments = [lowering.tensor(ref) for ref in refs(call)]
        if any(isinstance(argument, Nothing) for argument in arguments):
            lowering.results[call.name] = NOTHING
            continue
        result = of_constants(call, arguments)
        if result is None:
            apply = OPERATIONS.get(call.operation)
            if call.operation.startswith("_assert"):
                result = NOTHING
            elif apply is None:
                result = lowering.refused(call, f"{call.operation} has no layer type")
            else:
                result = _agreed(lowering, call, apply(lowering, call))
        lowering.results[call.name] = result
        if call.in_place:
            _overwrite(lowering, call, result)
    return lowering.graph(_outputs(lowering))


def refs(call: Call) -> list[Ref]:
    """The tensors that a call reads."""
    found: list[Ref] = []
    for argument in call.arguments.values():
        items = argument if type(argument) is list else (argument,)
        found += [item for item in items if isinstance(item, Ref)]
    return found


def _agreed(lowering: Lowering, call: Call, result: Result) -> Result:
    """A result whose shape is the traced one; a difference is refused, never passed on."""
    if (
        isinstance(result, Value)
        and not call.operation.startswith("expand")
        and result.shape != call.shape
    ):
        ours, traced = ("x".join(map(str, s)) for s in (result.shape, call.shape))
        return lowering.refused(call, f"{call.operation} gives {traced}, a layer of ours {ours}")
    return result


def _overwrite(lowering: Lowering, call: Call, result: Result) -> None:
    """Whatever shows the tensor that was written to shows the result from here on."""
    first = next(iter(refs(call)), None)
    before = lowering.tensor(first) if first else None
    if first is None or not isinstance(before, Value) or not isinstance(result, Value):
        return
    for name, value in lowering.results.items():
        if isinstance(value, Value) and value.node == before.node and name != call.name:
            lowering.results[name] = value._replace(node=result.node)


def _outputs(lowering: Lowering) -> list[int]:
    outputs = []
    for name in lowering.traced.outputs:
        value = lowering.results.get(name, NOTHING)
        if isinstance(value, Value):
            outputs.append(value.node)
        elif isinstance(value, Scores | Constant | Phase):
            lowering.assembly.refuse(
                f"an output that is no activation: {type(value).__name__}", name
            )
    return list(dict.fromkeys(outputs))
