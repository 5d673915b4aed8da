"""Numbers that a network stores."""

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
