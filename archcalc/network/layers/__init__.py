"""Every layer type, one declaration each; the files beside this one hold those that are alike."""

from __future__ import annotations

from collections.abc import Mapping

from archcalc.network.layers import (
    activation,
    conv,
    linear,
    merge,
    norm,
    pool,
    reshape,
    transposed,
)
from archcalc.network.layers.base import Family, Layer, Memory

TYPES: tuple[type[Layer], ...] = (
    *conv.TYPES,
    *transposed.TYPES,
    *pool.TYPES,
    *linear.TYPES,
    *norm.TYPES,
    *activation.TYPES,
    *merge.TYPES,
    *reshape.TYPES,
)
LAYERS: Mapping[str, type[Layer]] = {layer.type: layer for layer in TYPES}
ACTIVATIONS: Mapping[str, type[Layer]] = {layer.type: layer for layer in activation.AFTER_LAYERS}

__all__ = ["ACTIVATIONS", "LAYERS", "Family", "Layer", "Memory"]
