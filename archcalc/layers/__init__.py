"""Every layer type, one declaration each; the files beside this one hold a family each."""

from __future__ import annotations

from collections.abc import Mapping

from archcalc.layers.activation import ALIKE, Identity, MaxOut, PRelu
from archcalc.layers.base import Layer, Memory, Product
from archcalc.layers.conv import Conv, DepthwiseConv, SeparableConv
from archcalc.layers.linear import Linear, Rbf
from archcalc.layers.merge import Add, Concat, Multiply
from archcalc.layers.norm import (
    BatchNorm,
    GroupNorm,
    InstanceNorm,
    LayerNorm,
    LocalResponseNorm,
    Scale,
)
from archcalc.layers.pool import (
    AdaptiveAvgPool,
    AdaptiveMaxPool,
    AvgPool,
    GlobalAvgPool,
    GlobalMaxPool,
    L2Pool,
    MaxPool,
)
from archcalc.layers.reshape import (
    ChannelShuffle,
    Crop,
    Dropout,
    Flatten,
    Pad,
    PixelShuffle,
    Reshape,
    Slice,
    Upsample,
)
from archcalc.layers.transposed import ConvTranspose

_TYPES: tuple[type[Layer], ...] = (
    Conv,
    DepthwiseConv,
    SeparableConv,
    ConvTranspose,
    MaxPool,
    AvgPool,
    L2Pool,
    AdaptiveAvgPool,
    AdaptiveMaxPool,
    GlobalAvgPool,
    GlobalMaxPool,
    Linear,
    Rbf,
    Flatten,
    Reshape,
    BatchNorm,
    LayerNorm,
    InstanceNorm,
    GroupNorm,
    LocalResponseNorm,
    Scale,
    *ALIKE,
    PRelu,
    Identity,
    MaxOut,
    Dropout,
    Add,
    Multiply,
    Concat,
    Pad,
    Crop,
    Upsample,
    PixelShuffle,
    ChannelShuffle,
    Slice,
)
_ACTIVATIONS: tuple[type[Layer], ...] = (*ALIKE, Identity)

LAYERS: Mapping[str, type[Layer]] = {layer.type: layer for layer in _TYPES}
ACTIVATIONS: Mapping[str, type[Layer]] = {layer.type: layer for layer in _ACTIVATIONS}

__all__ = ["ACTIVATIONS", "LAYERS", "Layer", "Memory", "Product"]
