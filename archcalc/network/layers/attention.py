"""Products of activations: attention, and the products that it is made of."""

from __future__ import annotations

from math import prod
from typing import Any

from archcalc.diagnostics import Fault
from archcalc.network.counts import NOTHING, Factor, Sum, named, product
from archcalc.network.layers.base import (
    EVERYTHING,
    SAME_POSITION,
    Example,
    Family,
    Layer,
    Memory,
    Part,
    Reach,
    Shape,
    Volumes,
)
from archcalc.network.layers.checks import divided, needs_axes, per_axis
from archcalc.network.layers.keys import key
from archcalc.network.layers.linear import Linear
from archcalc.network.receptive_field import grid_field, tiled_field
from archcalc.network.steps import SAMPLE, Flow, Home, Precision, Step, Steps
from archcalc.network.values import OFFSETS, POSITIVE, SIZES, TRUTH, PerAxis
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


class Matmul(OfActivations):
    type = "matmul"
    summary = (
        "product of two activations, positions as rows: A B, or A B^T with transpose; "
        "with heads, a product for each of the parts that the channels are divided into"
    )
    formula = "A's positions; B's channels, or with transpose B's positions for every head"
    example = Example(
        "{type: matmul, from: [input, a], transpose: true}", "196x64", "{type: relu, name: a}"
    )

    transpose: bool = key(TRUTH, "A B^T, of equal channels, in the place of A B", False)
    heads: int = key(POSITIVE, "parts that the channels are divided into", 1)

    def output_volume(self, inputs: Volumes) -> Volume:
        if len(inputs) != 2:
            raise Fault("wrong-value", f"matmul takes two inputs, not {len(inputs)}", key="from")
        a, b = inputs
        size = divided(a.channels, self.heads, "channels", "heads")
        divided(b.channels, self.heads, "channels", "heads")
        if self.transpose and a.channels != b.channels:
            raise Fault("merge-mismatch", f"channels {a.channels} against {b.channels}")
        if not self.transpose and size != b.positions:
            fact = f"channels of a head {size} against positions {b.positions}"
            raise Fault("merge-mismatch", fact)
        return Volume(self.heads * b.positions if self.transpose else b.channels, a.spatial)

    def macs_of_activations(self, shape: Shape) -> Sum:
        a, b = shape.inputs
        return product(("N_a", a.positions), ("N_b", b.positions), ("C", b.channels))

    def reaches(self, shape: Shape) -> tuple[Reach, ...]:
        return SAME_POSITION, EVERYTHING

    def steps(self, shape: Shape) -> Steps:
        elements = shape.output.elements
        return (Step(elements, (0, 1), precision=Precision.HALF, keeps=(0, 1), partners=True),)


class Roles(Record):
    """Query, key and value."""

    query: Volume
    key: Volume
    value: Volume


# What `attention` and `self_attention` have in common.
HEADS: Any = key(POSITIVE, "parts that the channels are divided into", 1)
KV_HEADS: Any = key(POSITIVE, "heads of key and value; left out, as many as of the query", None)
WINDOW: Any = key(SIZES, "queries see the keys of their window alone; left out, all", None)
GRID: Any = key(TRUTH, "windows of every n / window-th row (MaxViT's grid)", False)
SHIFT: Any = key(OFFSETS, "rows by which windows are shifted; costs nothing", 0)
BIAS_TABLE: Any = key(TRUTH, "heads x (2w - 1) per axis trained numbers, added to scores", False)
SYMMETRIC: Any = key(TRUTH, "a bias table of distances: heads x w per axis (LeViT)", False)
FUSED: Any = key(TRUTH, "one kernel, in which the scores are no volume", False)


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

        Heads lie side by side in memory: of what is read, products take copies in which they do
        not, and gradients, but for the key's, are put side by side again.
        """
        roles, out = self.roles(shape.inputs), shape.output.elements
        sizes, copies = [role.elements for role in roles], self.heads > 1
        if copies:
            for place, flow in enumerate((Flow.NEW, Flow.VIEW, Flow.NEW)):
                reads[place] = made.seen(sizes[place], reads[place], flow=flow)
        for precision in (Precision.HALF, Precision.FULL):
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
            found = made.add(scores, found, flow=Flow.PASSED, spread=scores, weights=table)
        found = made.add(scores, found, holds=held, keeps_output=True)
        held += (made.seen(scores, found, precision=Precision.HALF),)  # which nobody reads
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


class Attention(Attending):
    type = "attention"
    summary = "softmax(Q K^T / sqrt(d)) V of query, key and value, or of one input for all three"
    example = Example("{type: attention, heads: 12}", "197x768")

    heads: int = HEADS
    kv_heads: int | None = KV_HEADS
    window: PerAxis | None = WINDOW
    grid: bool = GRID
    shift: PerAxis = SHIFT
    bias_table: bool = BIAS_TABLE
    symmetric: bool = SYMMETRIC
    fused: bool = FUSED


class PackedAttention(Attention):
    """Query, key and value side by side in the channels of one input: no type of its own."""

    heads: int = HEADS
    kv_heads: int | None = KV_HEADS
    window: PerAxis | None = WINDOW
    grid: bool = GRID
    shift: PerAxis = SHIFT
    bias_table: bool = BIAS_TABLE
    symmetric: bool = SYMMETRIC
    fused: bool = FUSED

    def roles(self, inputs: Volumes) -> Roles:
        (volume,) = inputs
        size = divided(volume.channels, self.heads + 2 * self.groups, "channels", "heads")
        keyed = Volume(self.groups * size, volume.spatial)
        return Roles(Volume(self.heads * size, volume.spatial), keyed, keyed)

    def steps(self, shape: Shape) -> Steps:
        parts = [
            Step(role.elements, home=Home.PART, flow=Flow.PIECE, piece=place)
            for place, role in enumerate(self.roles(shape.inputs))
        ]
        return self.attended(shape, (~0, ~1, ~2), tuple(parts))


class SelfAttention(Layer):
    """Stands for its rows: it is never analysed itself."""

    type = "self_attention"
    summary = "attention with its projections: rows for query, key and value, for it, and after it"
    formula = "the input's"
    family = Family.ATTENTION
    memory = Memory.OWN
    depth = 2
    example = Example("{type: self_attention, heads: 12}", "197x768")

    heads: int = HEADS
    kv_heads: int | None = KV_HEADS
    head_dim: int | None = key(POSITIVE, "channels of a head; left out, channels / heads", None)
    bias: bool = key(TRUTH, "of the projections", True)
    out_proj: bool = key(TRUTH, "whether a projection follows", True)
    window: PerAxis | None = WINDOW
    grid: bool = GRID
    shift: PerAxis = SHIFT
    bias_table: bool = BIAS_TABLE
    symmetric: bool = SYMMETRIC
    fused: bool = FUSED

    def check_keys(self) -> None:
        self._attending()

    def _attending(self) -> Layer:
        given = ("heads", "kv_heads", "window", "grid", "shift", "bias_table", "symmetric", "fused")
        return PackedAttention.of_checked({name: getattr(self, name) for name in given})

    def rows(self, inputs: Volumes | None) -> tuple[Part, ...]:
        attend = self._attending()
        projected = projecting = None
        if inputs:
            channels, kv_heads = inputs[0].channels, self.kv_heads or self.heads
            size = self.head_dim or divided(channels, self.heads, "channels", "heads")
            projected = self._projection((self.heads + 2 * kv_heads) * size)
            projecting = self._projection(channels)
        rows = Part("qkv", projected), Part("attend", attend, (~0,))
        return (*rows, Part("out_proj", projecting, (~1,))) if self.out_proj else rows

    def _projection(self, units: int) -> Linear:
        return Linear.of_checked({"units": units, "bias": self.bias, "flatten": False})
