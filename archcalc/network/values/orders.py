"""The order of elements that a rearrangement makes."""

from __future__ import annotations

from typing import Any

from archcalc.diagnostics import Fault
from archcalc.network.order import order_of
from archcalc.network.values.scalars import EXPRESSION, Schema, ValueType

LIMIT = 200


class OrderType(ValueType[str]):
    """A text that `order_of` reads, with single spaces."""

    text = "an order of axes, such as `(h i=7) w c -> h (i w) c`"

    def check(self, value: Any) -> str:
        if not isinstance(value, str):
            raise self.wrong(value)
        if len(value) > LIMIT:
            raise Fault(
                "limit-exceeded", f"has {len(value):,} characters; at most {LIMIT} are read"
            )
        order_of(value)
        return " ".join(value.split())

    def schema(self) -> Schema:
        return {"anyOf": [{"type": "string"}, EXPRESSION]}
