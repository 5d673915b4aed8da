"""Types of the values that keys take; one object says how each is checked and described.

They know plain Python values: integers, fractions, truth values, text, lists, dictionaries and
volumes. A file's text is turned into these before they see it.
"""

from archcalc.network.values.amounts import BYTE_POWERS, POWERS, Amount, AmountType
from archcalc.network.values.composites import (
    Axes,
    ConnectionTable,
    CropType,
    Like,
    Padding,
    PaddingType,
    Pads,
    PadsType,
    PerAxis,
    VolumeType,
)
from archcalc.network.values.scalars import (
    Choice,
    Integer,
    Rate,
    Schema,
    Text,
    Truth,
    ValueType,
    Words,
    WrongValue,
    literal,
    pictured,
)

POSITIVE = Integer(1)
NATURAL = Integer(0)
TRUTH = Truth()
SIZES = Axes(1)
OFFSETS = Axes(0)
PADS = PadsType()
PADDING = PaddingType()
VOLUME = VolumeType()
COUNT = AmountType(POWERS, "61706, 61.7k or 5M")
BYTES = AmountType(BYTE_POWERS, "61MB or 58MiB")
WORDS = Words()

__all__ = [
    "BYTES",
    "COUNT",
    "NATURAL",
    "OFFSETS",
    "PADDING",
    "PADS",
    "POSITIVE",
    "SIZES",
    "TRUTH",
    "VOLUME",
    "WORDS",
    "Amount",
    "AmountType",
    "Axes",
    "Choice",
    "ConnectionTable",
    "CropType",
    "Integer",
    "Like",
    "Padding",
    "PaddingType",
    "Pads",
    "PadsType",
    "PerAxis",
    "Rate",
    "Schema",
    "Text",
    "Truth",
    "ValueType",
    "VolumeType",
    "Words",
    "WrongValue",
    "literal",
    "pictured",
]
