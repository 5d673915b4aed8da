"""What each layer type is in ONNX's operators: a function for each, in the file of its kind."""

from __future__ import annotations

from archcalc.exporters.onnx.layers import attention, channels, merging, windows
from archcalc.exporters.onnx.layers.windows import Emit

EMITS: dict[str, Emit] = {
    **windows.EMITS,
    **channels.EMITS,
    **merging.EMITS,
    **attention.EMITS,
}
