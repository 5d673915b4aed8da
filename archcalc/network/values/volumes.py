"""Types of values that are volumes, whole or with a size that is left to what comes in."""

from __future__ import annotations

from typing import Any

from archcalc.diagnostics import Fault
from archcalc.network.values.composites import Axes
from archcalc.network.values.scalars import Integer, Schema, ValueType, every, is_list, literal
from archcalc.network.volume import Volume
from archcalc.wording import nearest, quoted, shown


class VolumeType(ValueType[Volume]):
    """A `Volume`, text such as 227x227x3, or a mapping of channels and size."""

    text = "sizes and channels, as 227x227x3 (height x width x channels)"
    channels = Integer(1)
    size = Axes(1)
    number = r"[1-9]\d*"

    def check(self, value: Any) -> Volume:
        if isinstance(value, Volume):
            sizes = {"size": value.spatial} if value.spatial else {}
            return self._mapping({"channels": value.channels, **sizes})
        if isinstance(value, dict):
            return self._mapping(value)
        if is_list(value):
            parts = [shown(item) for item in value]
            numbers = bool(parts) and all(map(str.isdecimal, parts))
            hint = f"write it as {'x'.join(parts)}, the channels last"
            raise self.wrong(value, [hint] if numbers else ())
        if isinstance(value, bool) or not isinstance(value, int | str):
            raise self.wrong(value)
        parts = [part.strip() for part in str(value).split("x")]
        if not all(part.lstrip("-").isdecimal() for part in parts):
            raise self.wrong(value)
        if len(parts) > 4:
            raise Fault(
                "axis-count", f"has {len(parts) - 1} spatial axes; at most three are possible"
            )
        *spatial, channels = every(self._number, parts)
        return Volume(channels, tuple(spatial))

    def _number(self, text: str) -> int:
        try:
            number = literal(text)
        except Fault as fault:
            raise Fault(fault.rule, f"is {fault.message}") from None
        return self.channels.check(text if number is None else number)

    def _mapping(self, value: dict[Any, Any]) -> Volume:
        faults = [
            Fault(
                "unknown-key",
                f"has no key {quoted(str(key))}; it has channels and size",
                suggestions=nearest(str(key), ("channels", "size")),
            ).below(key)
            for key in value
            if key not in ("channels", "size")
        ]
        if "channels" not in value:
            faults.append(Fault("missing-key", "needs channels"))
        channels = 1
        size: tuple[int, ...] = ()
        for key, inside in value.items():
            try:
                if key == "channels":
                    channels = self.channels.check(inside)
                elif key == "size":
                    size = self._sizes(inside)
            except Fault as fault:
                faults.append(fault.below(key))
        if faults:
            raise Fault.together(faults)
        return Volume(channels, size)

    def _sizes(self, value: Any) -> tuple[int, ...]:
        size = self.size.check(value)
        return (size, size) if isinstance(size, int) else size

    def schema(self) -> Schema:
        pattern = rf"^(\$.*|{self.number}( *x *{self.number}){{0,3}})$"
        short = {"type": ["string", "integer"], "minimum": 1, "pattern": pattern}
        full = {
            "type": "object",
            "properties": {"channels": self.channels.schema(), "size": self.size.schema()},
            "required": ["channels"],
            "additionalProperties": False,
        }
        return {"anyOf": [short, full]}


REST = -1


class _Extent(Integer):
    """A size, or `REST`."""

    def check(self, value: Any) -> int:
        return REST if type(value) is int and value == REST else super().check(value)

    def schema(self) -> Schema:
        return {"anyOf": [*super().schema()["anyOf"], {"const": REST}]}


class ShapeType(VolumeType):
    """A `Volume` of which one number may be `REST`."""

    text = "sizes and channels, as 7x7x128, of which one may be -1"
    channels = _Extent(1)
    size = Axes(1, _Extent(1))
    number = "(-1|[1-9][0-9]*)"

    def check(self, value: Any) -> Volume:
        shape = super().check(value)
        if (*shape.spatial, shape.channels).count(REST) > 1:
            raise Fault("wrong-value", "takes -1 for one number, not for several")
        return shape
