"""Layers with several inputs, from branches or from named layers."""

from __future__ import annotations

from itertools import accumulate
from typing import ClassVar

from archcalc.diagnostics import Fault
from archcalc.network.counts import Sum, product
from archcalc.network.layers.axes import AXIS, CHANNELS, along, on_axis, place_of, with_size
from archcalc.network.layers.base import (
    EVERYTHING,
    SAME_POSITION,
    Example,
    Family,
    Layer,
    Memory,
    Reach,
    Shape,
    Volumes,
)
from archcalc.network.layers.keys import key
from archcalc.network.layers.running import untouched
from archcalc.network.receptive_field import shifted_field
from archcalc.network.steps import Flow, Step, Steps
from archcalc.network.volume import Volume


class Merge(Layer):
    """With one input, since conditions leave out the others, it is that input."""

    family = Family.MERGE
    merges = True

    def memory_on(self, inputs: int) -> Memory:
        return Memory.VIEW if inputs == 1 else self.memory


class ElementwiseMerge(Merge):
    """Element by element; a 1x1 or vector input is broadcast over the positions of the others."""

    formula = "the inputs' common shape; a 1x1 or vector input is broadcast"
    spreads_maps: ClassVar[bool] = False
    """Whether a map of one channel is broadcast over the channels of the others."""

    def output_volume(self, inputs: Volumes) -> Volume:
        largest = max(inputs, key=lambda volume: (len(volume.spatial), volume.positions))
        channels, facts = largest.channels, []
        if self.spreads_maps:
            channels = max(volume.channels for volume in inputs)
        fits = (channels, 1) if self.spreads_maps else (channels,)
        if any(volume.channels not in fits for volume in inputs):
            facts.append(_channels_differ(inputs))
        facts += _spatial_differences(
            [v for v in inputs if v.spatial != largest.spatial and v.positions > 1], largest
        )
        if facts:
            raise Fault("merge-mismatch", "; ".join(facts))
        return Volume(channels, largest.spatial)

    def operations(self, shape: Shape) -> Sum:
        return product(("inputs - 1", len(shape.inputs) - 1), ("elements", shape.output.elements))

    def reaches(self, shape: Shape) -> tuple[Reach, ...]:
        largest = shape.output
        return tuple(
            [SAME_POSITION if v.spatial == largest.spatial else EVERYTHING for v in shape.inputs]
        )


def _two_by_two(shape: Shape, step: Step) -> Steps:
    """The first two inputs, then each further one with the result so far."""
    first, *others = shape.inputs
    if not others:
        return (untouched(first.elements),)
    channels, positions, read, made = first.channels, first.positions, 0, []
    for place, other in enumerate(others, 1):
        channels, positions = max(channels, other.channels), max(positions, other.positions)
        made.append(step._replace(elements=channels * positions, reads=(read, place)))
        read = ~(place - 1)
    return tuple(made)


def _channels_differ(inputs: Volumes) -> str:
    return f"channels differ ({' against '.join(str(v.channels) for v in inputs)})"


def _spatial_differences(others: list[Volume], volume: Volume) -> list[str]:
    """In words, axis by axis, how other volumes differ from one."""
    facts = []
    for other in others:
        if len(other.spatial) != len(volume.spatial):
            facts.append(f"{volume.described()} against {other.described()}")
            continue
        facts += [
            f"{name} {mine} against {theirs}"
            for name, mine, theirs in zip(
                volume.axis_names, volume.spatial, other.spatial, strict=True
            )
            if mine != theirs
        ]
    return list(dict.fromkeys(facts))


class Add(ElementwiseMerge):
    type = "add"
    summary = "sum of its inputs"
    example = Example("{type: add, from: [input, a]}", "28x28x64", "{type: relu, name: a}")

    def steps(self, shape: Shape) -> Steps:
        return _two_by_two(shape, Step(0, flow=Flow.PASSED))


class Subtract(ElementwiseMerge):
    type = "subtract"
    summary = "its first input less the others"
    example = Example("{type: subtract, from: [input, a]}", "28x28x64", "{type: relu, name: a}")

    def steps(self, shape: Shape) -> Steps:
        return _two_by_two(shape, Step(0, flow=Flow.LESS))


class Multiply(ElementwiseMerge):
    type = "multiply"
    summary = "product of its inputs, element by element"
    formula = (
        "the inputs' common shape; a 1x1 or vector input, and a map of one channel, is broadcast"
    )
    spreads_maps = True
    example = Example(
        "{type: multiply, from: [input, a]}", "28x28x64", "{type: global_avgpool, name: a}"
    )

    def steps(self, shape: Shape) -> Steps:
        return _two_by_two(shape, Step(0, flow=Flow.SPREAD, keeps=(0, 1), partners=True))


class Divide(Multiply):
    type = "divide"
    summary = "its first input over the others, element by element"
    example = Example("{type: divide, from: [input, a]}", "28x28x64", "{type: relu, name: a}")

    def steps(self, shape: Shape) -> Steps:
        """Its gradient is made of both inputs, and of quotients on the way."""
        step = Step(0, flow=Flow.SPREAD, keeps=(0, 1), partners=True)
        return tuple(
            made._replace(made_backward=4 * made.elements) for made in _two_by_two(shape, step)
        )


class Concat(Merge):
    type = "concat"
    summary = "its inputs' channels, or their positions, one after the other"
    formula = "the inputs' channels, or sizes along the axis, added; all else must agree"
    example = Example("{type: concat, from: [input, a]}", "28x28x64", "{type: relu, name: a}")

    axis: str = key(AXIS, "what is added: the channels, the positions, or an axis", CHANNELS)

    def output_volume(self, inputs: Volumes) -> Volume:
        first = inputs[0]
        place = place_of(self.axis, first)
        facts = []
        if place is not None and any(volume.channels != first.channels for volume in inputs):
            facts.append(_channels_differ(inputs))
        facts += _spatial_differences([v for v in inputs if v.spatial != first.spatial], first)
        if place is not None:
            name = f"{first.axis_names[place]} "
            facts = [fact for fact in facts if not fact.startswith(name)]
        if facts:
            raise Fault("merge-mismatch", "; ".join(facts))
        return with_size(first, place, sum([along(volume, place) for volume in inputs]))

    def reaches(self, shape: Shape) -> tuple[Reach, ...]:
        """Along its axis an input is read where it stands in the output."""
        place = place_of(self.axis, shape.output)
        if place is None:
            return super().reaches(shape)
        starts = accumulate([volume.spatial[place] for volume in shape.inputs], initial=0)
        return tuple(
            [
                on_axis(shifted_field(-start), place, volume)
                for start, volume in zip(starts, shape.inputs, strict=False)
            ]
        )

    def steps(self, shape: Shape) -> Steps:
        if len(shape.inputs) == 1:
            return (untouched(shape.output.elements),)
        reads = tuple(range(len(shape.inputs)))
        return (Step(shape.output.elements, reads, flow=Flow.VIEW),)
