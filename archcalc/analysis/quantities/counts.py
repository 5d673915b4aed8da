"""Numbers that a network stores, and what a forward pass computes and keeps."""

from __future__ import annotations

from operator import attrgetter

from archcalc.analysis.quantities.quantity import Quantity, summed
from archcalc.network.values import BYTES

WEIGHTS = Quantity(
    "weights", "weights", "trainable weights without biases",
    attrgetter("weights"), attrgetter("totals.weights"), rank=15,
)  # fmt: skip
BIASES = Quantity(
    "biases", "biases", "trainable biases and shifts",
    attrgetter("biases"), attrgetter("totals.biases"), rank=15,
)  # fmt: skip
PARAMS = Quantity(
    "params", "params", "trainable parameters: weights + biases",
    attrgetter("params"), attrgetter("totals.params"), rank=3, is_default=True,
)  # fmt: skip
FROZEN_PARAMS = Quantity(
    "frozen_params", "frozen params", "parameters that are not trained",
    attrgetter("frozen_params"), summed(attrgetter("frozen_params")), is_rare=True,
)  # fmt: skip
BUFFERS = Quantity(
    "buffers", "buffers", "kept with the weights and not trained",
    attrgetter("buffers"), attrgetter("totals.buffers"),
)  # fmt: skip
PARAM_BYTES = Quantity(
    "param_bytes", "param bytes", "params x element size",
    attrgetter("param_bytes"), attrgetter("totals.param_bytes"), BYTES,
)  # fmt: skip

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

ACTIVATION_ELEMENTS = Quantity(
    "activation_elements", "act. elements", "elements of the volumes kept, whole batch",
    attrgetter("activation_elements"), attrgetter("totals.activation_elements"),
)  # fmt: skip
ACTIVATION_BYTES = Quantity(
    "activation_bytes", "act. bytes", "activation elements x element size",
    attrgetter("activation_bytes"), attrgetter("totals.activation_bytes"), BYTES,
    rank=6, is_default=True,
)  # fmt: skip
PEAK_BYTES = Quantity(
    "peak_bytes", "peak bytes", "largest sum of volumes alive at once, whole batch",
    None, attrgetter("totals.peak_bytes"), BYTES,
    share=attrgetter("activation_bytes"), reached_at=attrgetter("totals.peak_layer"),
)  # fmt: skip
