"""Volumes that a forward pass keeps, of the whole batch."""

from __future__ import annotations

from operator import attrgetter

from archcalc.analysis.quantities.quantity import Quantity
from archcalc.network.values import BYTES

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
