"""The kinds of values that keys take; one object says how each is read, described, and checked."""

from archcalc.network.kinds.composites import (
    Axes,
    ConnectionTable,
    CropKind,
    Like,
    Padding,
    PaddingKind,
    Pads,
    PadsKind,
    PerAxis,
    VolumeKind,
)
from archcalc.network.kinds.scalars import Choice, Integer, Kind, Rate, Schema, Text, Truth

POSITIVE = Integer(1)
NATURAL = Integer(0)
TRUTH = Truth()
SIZES = Axes(1)
OFFSETS = Axes(0)
PADS = PadsKind()
PADDING = PaddingKind()
VOLUME = VolumeKind()

PER_AXIS = (Axes, PadsKind, PaddingKind, CropKind)

__all__ = [
    "NATURAL",
    "OFFSETS",
    "PADDING",
    "PADS",
    "PER_AXIS",
    "POSITIVE",
    "SIZES",
    "TRUTH",
    "VOLUME",
    "Choice",
    "ConnectionTable",
    "CropKind",
    "Integer",
    "Kind",
    "Like",
    "Padding",
    "Pads",
    "PerAxis",
    "Rate",
    "Schema",
    "Text",
    "Truth",
    "VolumeKind",
]
