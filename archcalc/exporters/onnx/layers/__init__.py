"""What each layer type is in ONNX's operators: a function for each, in the file of its kind."""

from __future__ import annotations

from archcalc.exporters.onnx.layers import attention, channels, merging, moves, windows
from archcalc.exporters.onnx.layers.windows import Emit

EMITS: dict[str, Emit] = {
    **windows.EMITS,
    **channels.EMITS,
    **merging.EMITS,
    **moves.EMITS,
    **attention.EMITS,
}
