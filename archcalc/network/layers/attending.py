"""What attention is: softmax(Q K^T / sqrt(d)) V, in heads and windows, and its memory."""

from __future__ import annotations

from math import prod
from typing import Any

from archcalc.diagnostics import Fault
from archcalc.network.counts import NOTHING, Factor, Sum, named, product
from archcalc.network.layers.base import (
    EVERYTHING,
    Family,
    Layer,
    Reach,
    Shape,
    Volumes,
)
from archcalc.network.layers.checks import divided, needs_axes, per_axis
from archcalc.network.receptive_field import grid_field, tiled_field
from archcalc.network.steps import SAMPLE, Flow, Home, Precision, Step, Steps
from archcalc.network.values import PerAxis
from archcalc.network.volume import Volume
from archcalc.record import Record

STATISTIC_BYTES = 4
ROWS_OF_A_KERNEL = 32
"""The memory-efficient kernel keeps a number for every query, of a multiple of so many."""


class OfActivations(Layer):
    """Reads several activations, or one in the place of all, and has a volume of its own."""

    family = Family.ATTENTION
    merges = True
    keeps_rank = True


class Roles(Record):
    """Query, key and value."""

    query: Volume
    key: Volume
    value: Volume


class Attending(OfActivations):
    """softmax(Q K^T / sqrt(d)) V in every head, and in every window where there are some."""

    takes_one_for_all = True
    formula = "the query's positions, the value's channels"

    heads: int
    kv_heads: int | None
    window: PerAxis | None
    grid: bool
    shift: PerAxis
    bias_table: bool
    symmetric: bool
    fused: bool

    def roles(self, inputs: Volumes) -> Roles:
        """Query, key and value, from as many inputs or one.

        Raises:
            Fault: for another number of inputs.
        """
        if len(inputs) not in (1, 3):
            fact = f"attention takes query, key and value, or one for all, not {len(inputs)} inputs"
            raise Fault("wrong-value", fact, key="from")
        return Roles(*(inputs * 3 if len(inputs) == 1 else inputs))

    @property
    def groups(self) -> int:
        return self.kv_heads or self.heads

    def check_keys(self) -> None:
        if self.window is None and self.shift:
            raise Fault("missing-key", "shift moves windows: it needs window", key="shift")
        if self.window is None and self.grid:
            raise Fault("missing-key", "grid spreads windows: it needs window", key="grid")
        if self.grid and self.shift:
            raise Fault("conflicting-keys", "windows of a grid are not shifted", key="shift")
        if self.symmetric and not self.bias_table:
            raise Fault(
                "missing-key", "symmetric is of a table: it needs bias_table", key="symmetric"
            )
        divided(self.heads, self.groups, "heads", "kv_heads", "indivisible-groups")

    def output_volume(self, inputs: Volumes) -> Volume:
        query, keyed, value = self.roles(inputs)
        size = divided(query.channels, self.heads, "channels", "heads")
        if keyed.channels != size * self.groups:
            of_groups = f" / {self.heads} x {self.groups}" if self.groups != self.heads else ""
            fact = f"channels of the query {query.channels}{of_groups} against {keyed.channels}"
            raise Fault("merge-mismatch", f"{fact} of the key")
        if keyed.spatial != value.spatial:
            fact = f"positions of the key {keyed.described()} against {value.described()}"
            raise Fault("merge-mismatch", f"{fact} of the value")
        if (self.window is not None or self.bias_table) and query.spatial != keyed.spatial:
            fact = f"windows of the query {query.described()} against {keyed.described()}"
            raise Fault("merge-mismatch", f"{fact} of the key")
        self._check_windows(query)
        channels = divided(value.channels, self.groups, "channels", "kv_heads") * self.heads
        return Volume(channels, query.spatial)

    def _check_windows(self, volume: Volume) -> None:
        if self.window is None:
            return
        needs_axes(self, volume)
        windows, shifts = self.sizes(volume), per_axis(self.shift, volume, "shift")
        for name, n, w, s in zip(volume.axis_names, volume.spatial, windows, shifts, strict=True):
            divided(n, w, name, "window")
            if s >= w:
                raise Fault("wrong-value", f"shift {s} is no part of the window {w}", key="shift")

    def sizes(self, volume: Volume) -> tuple[int, ...]:
        """The window per axis; the whole map where there is none."""
        return volume.spatial if self.window is None else per_axis(self.window, volume, "window")

    def keys_seen(self, shape: Shape) -> int:
        """How many keys a query sees."""
        keyed = self.roles(shape.inputs).key
        return keyed.positions if self.window is None else prod(self.sizes(keyed))

    def scores(self, shape: Shape) -> tuple[Factor, ...]:
        seen = "N_k" if self.window is None else "N_window"
        queries = shape.output.positions
        return ("heads", self.heads), ("N_q", queries), (seen, self.keys_seen(shape))

    def weights(self, shape: Shape) -> Sum:
        if not self.bias_table:
            return NOTHING
        sizes = self.sizes(shape.output)
        if self.symmetric:
            return product(("heads", self.heads), *(("w", w) for w in sizes))
        return product(("heads", self.heads), *(("2w - 1", 2 * w - 1) for w in sizes))

    def macs_of_activations(self, shape: Shape) -> Sum:
        (_, *positions), query = self.scores(shape), self.roles(shape.inputs).query
        products = named("Q K^T", *positions, ("C", query.channels))
        return products.plus(named("A V", *positions, ("C_v", shape.output.channels)))

    def operations(self, shape: Shape) -> Sum:
        softmax = named("softmax", *self.scores(shape))
        if not self.bias_table:
            return softmax
        return softmax.plus(named("bias table", *self.scores(shape)))

    def interim(self, shape: Shape) -> Sum:
        return NOTHING if self.fused else named("scores", *self.scores(shape))

    def makes_tokens(self, shape: Shape) -> bool:
        return True

    def reaches(self, shape: Shape) -> tuple[Reach, ...]:
        """Everything, or the window that an output is in."""
        if self.window is None:
            return (EVERYTHING,) * len(shape.inputs)
        volume = shape.output
        shifts = per_axis(self.shift, volume, "shift")
        axes = zip(volume.spatial, self.sizes(volume), shifts, strict=True)
        if self.grid:
            reach = tuple([grid_field(w, n // w) for n, w, _ in axes])
        else:
            reach = tuple([tiled_field(w, s if w < n else 0) for n, w, s in axes])
        return (reach,) * len(shape.inputs)

    def steps(self, shape: Shape) -> Steps:
        return self.attended(shape, (0, 1, 2) if len(shape.inputs) == 3 else (0, 0, 0))

    def attended(self, shape: Shape, reads: tuple[int, int, int], parts: Steps = ()) -> Steps:
        """The steps behind those that make parts of an input."""
        if self.fused:
            return (*parts, self._kernel(shape, reads))
        made = _Steps(parts)
        self._products(made, shape, [*reads])
        return tuple(made.steps)

    def _kernel(self, shape: Shape, reads: tuple[int, ...]) -> Step:
        """A number for every query is kept, and in float32 for some more than there are."""
        heads, queries = self.heads, shape.output.positions
        return Step(
            shape.output.elements,
            reads,
            precision=Precision.HALF,
            keeps=(0, 1, 2),
            keeps_output=True,
            kept=STATISTIC_BYTES * heads * queries * SAMPLE,
            kept_full=STATISTIC_BYTES * heads * (-queries % ROWS_OF_A_KERNEL) * SAMPLE,
            weights=self.weights(shape).value,
        )

    def _products(self, made: _Steps, shape: Shape, reads: list[int]) -> None:
        """PyTorch's products, scaled and in float32, where it takes no kernel for all of it.

        Written out, with windows or a table, they are in half under autocast; the second one reads
        a half copy of the softmax. Heads lie side by side in memory: of what is read, products take
        copies in which they do not, and gradients, but for the key's, are put side by side again.
        """
        roles, out = self.roles(shape.inputs), shape.output.elements
        sizes, copies = [role.elements for role in roles], self.heads > 1
        if copies:
            for place, flow in enumerate((Flow.NEW, Flow.VIEW, Flow.NEW)):
                reads[place] = made.seen(sizes[place], reads[place], flow=flow)
        is_written = self.window is not None or self.bias_table
        for precision in (Precision.HALF, Precision.INPUT if is_written else Precision.FULL):
            for place in range(3):
                reads[place] = made.seen(sizes[place], reads[place], precision=precision)
        held, repeated = tuple(reads), self.groups != self.heads
        query = made.add(sizes[0], reads[0])
        if repeated:
            sizes[1:] = [size * self.heads // self.groups for size in sizes[1:]]
            reads[1:] = [made.add(sizes[place], reads[place]) for place in (1, 2)]
        held += (query, *reads[1:])
        key = made.add(sizes[1], reads[1])
        split = copies and not repeated
        pair = made.copied(sizes[0], query, copies), made.copied(sizes[1], key, split)
        scores = product(*self.scores(shape)).value
        found = made.add(scores, *pair, holds=(*held, key), keeps=(0, 1), partners=True)
        if table := self.weights(shape).value:
            found = made.add(
                scores,
                found,
                precision=Precision.PROMOTED,
                flow=Flow.PASSED,
                spread=scores,
                weights=table,
            )
        found = made.add(scores, found, holds=held, precision=Precision.FULL, keeps_output=True)
        half = made.seen(scores, found, precision=Precision.HALF)
        if is_written:
            found = half
        else:
            held += (half,)  # which nobody reads
        value = made.copied(sizes[2], reads[2], split)
        found = made.add(out, found, value, holds=held, keeps=(0, 1), partners=True)
        found = made.seen(out, found, holds=held, precision=Precision.HALF)
        made.copied(out, found, copies)


class _Steps:
    """Steps of a layer as they are added; each ``add`` says how later ones read its result."""

    def __init__(self, steps: Steps) -> None:
        self.steps = [*steps]

    def add(self, elements: int, *reads: int, **keys: Any) -> int:
        self.steps.append(Step(elements, reads, **keys))
        return ~(len(self.steps) - 1)

    def seen(self, elements: int, read: int, **keys: Any) -> int:
        """The same volume, or a copy of it in another type."""
        return self.add(elements, read, **{"home": Home.VIEW, "flow": Flow.PASSED, **keys})

    def copied(self, elements: int, read: int, copies: bool) -> int:
        return self.add(elements, read) if copies else read
