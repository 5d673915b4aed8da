"""How each layer type is written in PyTorch: a function for each, in the file of its kind."""

from __future__ import annotations

from archcalc.exporters.pytorch import channels, merging, moves, windows
from archcalc.exporters.pytorch.windows import Write

WRITERS: dict[str, Write] = {
    **windows.WRITERS,
    **channels.WRITERS,
    **merging.WRITERS,
    **moves.WRITERS,
}
