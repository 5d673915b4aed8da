"""What a forward pass computes, of one sample."""

from __future__ import annotations

from operator import attrgetter

from archcalc.analysis.quantities.quantity import Quantity

MACS = Quantity(
    "macs", "MACs", "multiply-adds of weights, or of two activations, of one sample",
    attrgetter("macs"), attrgetter("totals.macs"), rank=4, is_default=True,
)  # fmt: skip
FLOPS = Quantity(
    "flops", "FLOPs", "floating-point operations, of one sample",
    attrgetter("flops"), attrgetter("totals.flops"),
)  # fmt: skip
CONNECTIONS = Quantity(
    "connections", "connections", "MACs + one per use of a bias, of one sample",
    attrgetter("connections"), attrgetter("totals.connections"),
)  # fmt: skip
DEPTH = Quantity(
    "depth", "depth", "layers with MACs on the longest path",
    attrgetter("depth"), attrgetter("totals.depth"), is_of_output=True, rank=20,
)  # fmt: skip
