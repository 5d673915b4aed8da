"""Layers that multiply activations: attention, and the products that it is made of."""

from __future__ import annotations

from typing import Any

from archcalc.diagnostics import Fault
from archcalc.network.counts import Sum, product
from archcalc.network.layers.attending import Attending, OfActivations, Roles
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
from archcalc.network.layers.checks import divided
from archcalc.network.layers.keys import key
from archcalc.network.layers.linear import Linear
from archcalc.network.steps import Flow, Home, Precision, Step, Steps
from archcalc.network.values import OFFSETS, POSITIVE, SIZES, TRUTH, PerAxis
from archcalc.network.volume import Volume


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


# What `attention` and `self_attention` have in common.
HEADS: Any = key(POSITIVE, "parts that the channels are divided into", 1)
KV_HEADS: Any = key(POSITIVE, "heads of key and value; left out, as many as of the query", None)
WINDOW: Any = key(SIZES, "queries see the keys of their window alone; left out, all", None)
GRID: Any = key(TRUTH, "windows of every n / window-th row (MaxViT's grid)", False)
SHIFT: Any = key(OFFSETS, "rows by which windows are shifted; costs nothing", 0)
BIAS_TABLE: Any = key(TRUTH, "heads x (2w - 1) per axis trained numbers, added to scores", False)
SYMMETRIC: Any = key(TRUTH, "a bias table of distances: heads x w per axis (LeViT)", False)
FUSED: Any = key(TRUTH, "one kernel, in which the scores are no volume", False)


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
    becomes_rows = True
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
