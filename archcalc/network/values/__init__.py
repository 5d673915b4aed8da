"""Types of the values that keys take; one object says how each is checked and described.

They know plain Python values: integers, fractions, truth values, text, lists, dictionaries and
volumes. A file's text is turned into these before they see it.
"""

from archcalc.network.values.amounts import BYTE_POWERS, POWERS, Amount, AmountType
from archcalc.network.values.composites import (
    Axes,
    ConnectionTable,
    Integers,
    Like,
    OrLike,
    Padding,
    PaddingType,
    Pads,
    PadsType,
    PairType,
    PerAxis,
    PerAxisRatio,
    Ratios,
    TransposedPadding,
)
from archcalc.network.values.orders import OrderType
from archcalc.network.values.scalars import (
    Choice,
    Integer,
    Number,
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
from archcalc.network.values.volumes import REST, ShapeType, VolumeType

POSITIVE = Integer(1)
NATURAL = Integer(0)
TRUTH = Truth()
SIZES = Axes(1)
OFFSETS = Axes(0)
PADS = PadsType()
PADDING = PaddingType("same", "half", "causal")
TRANSPOSED_PADDING = PaddingType("same", "half")
VOLUME = VolumeType()
RATIOS = Ratios()
NUMBER = Number()
INTEGERS = Integers()
PAIR = PairType()
SHAPE = ShapeType()
ORDER = OrderType()
COUNT = AmountType(POWERS, "61706, 61.7k or 5M")
BYTES = AmountType(BYTE_POWERS, "61MB or 58MiB")
WORDS = Words()

__all__ = [
    "BYTES",
    "COUNT",
    "INTEGERS",
    "NATURAL",
    "NUMBER",
    "OFFSETS",
    "ORDER",
    "PADDING",
    "PADS",
    "PAIR",
    "POSITIVE",
    "RATIOS",
    "REST",
    "SHAPE",
    "SIZES",
    "TRANSPOSED_PADDING",
    "TRUTH",
    "VOLUME",
    "WORDS",
    "Amount",
    "AmountType",
    "Axes",
    "Choice",
    "ConnectionTable",
    "Integer",
    "Integers",
    "Like",
    "Number",
    "OrLike",
    "OrderType",
    "Padding",
    "PaddingType",
    "Pads",
    "PadsType",
    "PairType",
    "PerAxis",
    "PerAxisRatio",
    "Rate",
    "Ratios",
    "Schema",
    "ShapeType",
    "Text",
    "TransposedPadding",
    "Truth",
    "ValueType",
    "VolumeType",
    "Words",
    "WrongValue",
    "literal",
    "pictured",
]
