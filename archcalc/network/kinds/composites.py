"""Kinds of values that speak of axes and volumes."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from archcalc.archfile.tree import Mapping, Node, Scalar, Sequence, Word, shown
from archcalc.diagnostics import Fault
from archcalc.network.kinds.scalars import (
    EXPRESSION,
    Choice,
    Integer,
    Kind,
    Schema,
    every,
    is_list,
    items,
    known,
    scalar,
)
from archcalc.network.volume import Volume
from archcalc.record import Record
from archcalc.wording import nearest, quoted

PerAxis = int | tuple[int, ...]
Pair = tuple[int, int]
Pads = int | tuple[int, ...] | tuple[Pair, ...]
Padding = Pads | Literal["same", "half"]


class Axes(Kind[PerAxis]):
    def __init__(self, minimum: int) -> None:
        self.each = Integer(minimum)
        self.text = f"{self.each.text}, or a list of them with one per spatial axis"

    def read(self, node: Node) -> PerAxis:
        if not is_list(node):
            value = known(self, node)
            if isinstance(value, Word):
                sizes = value.text.split("x")
                numbers = len(sizes) > 1 and all(map(str.isdecimal, sizes))
                raise self.wrong(node, [f"write it as [{', '.join(sizes)}]"] if numbers else ())
            return self.each.read(node)
        parts = items(self, node)
        if not 1 <= len(parts) <= 3:
            raise axis_count(node, len(parts))
        return every(self.each.read, parts)

    def schema(self) -> Schema:
        each = self.each.schema()
        return {"anyOf": [*each["anyOf"], {"type": "array", "items": each, **_ONE_TO_THREE}]}


_ONE_TO_THREE = {"minItems": 1, "maxItems": 3}


def axis_count(node: Node, count: int) -> Fault:
    return Fault(
        "axis-count",
        f"has {count} entries; a list has one per spatial axis, and there are one to three axes",
        span=node.span,
    )


class PadsKind(Kind[Pads]):
    """Padding or cropping in numbers: for all axes, one per axis, or [before, after] per axis."""

    text = "an integer, a list with one per spatial axis, or a list of [before, after] pairs"
    each = Integer(0)

    def read(self, node: Node) -> Pads:
        if not is_list(node):
            return self.each.read(scalar(self, node))
        parts = items(self, node)
        if not 1 <= len(parts) <= 3:
            raise axis_count(node, len(parts))
        pairs = [is_list(part) for part in parts]
        if all(pairs):
            return every(self._pair, parts)
        if any(pairs):
            raise self.wrong(node)
        return every(self.each.read, parts)

    def _pair(self, node: Node) -> Pair:
        parts = items(self, node)
        if len(parts) != 2:
            raise Fault(
                "wrong-value",
                f"takes [before, after] pairs, and this one has {len(parts)} entries",
                span=node.span,
            )
        before, after = every(self.each.read, parts)
        return before, after

    def schema(self) -> Schema:
        each = self.each.schema()
        pair = {"type": "array", "items": each, "minItems": 2, "maxItems": 2}
        lists = [{"type": "array", "items": item, **_ONE_TO_THREE} for item in (each, pair)]
        return {"anyOf": [*each["anyOf"], *lists]}


class PaddingKind(Kind[Padding]):
    """`PadsKind`, or one of the words valid, same, half."""

    words = Choice(("valid", "same", "half"))
    numbers = PadsKind()
    text = f"{PadsKind.text}, or one of valid, same, half"

    def read(self, node: Node) -> Padding:
        if is_list(node):
            return self.numbers.read(node)
        value = known(self, node)
        if isinstance(value, int | Fraction) and not isinstance(value, bool):
            return self.numbers.read(node)
        if not isinstance(value, Word) or value.text not in self.words.words:
            words = self.words.words
            raise self.wrong(node, nearest(value.text, words) if isinstance(value, Word) else ())
        return 0 if value.text == "valid" else "same" if value.text == "same" else "half"

    def schema(self) -> Schema:
        return {"anyOf": [*self.numbers.schema()["anyOf"], {"enum": list(self.words.words)}]}


class VolumeKind(Kind[Volume]):
    text = "sizes and channels, as 227x227x3 (height x width x channels)"
    channels = Integer(1)
    size = Axes(1)

    def read(self, node: Node) -> Volume:
        if isinstance(node, Mapping):
            return self._mapping(node)
        if isinstance(node, Sequence):
            sizes = [item.text if isinstance(item, Scalar) else "" for item in node.items]
            numbers = bool(sizes) and all(map(str.isdecimal, sizes))
            hint = f"write it as {'x'.join(sizes)}, the channels last"
            raise self.wrong(node, [hint] if numbers else ())
        value = known(self, node)
        text = value.text if isinstance(value, Word) else shown(value)
        parts = [Scalar(part.strip(), node.span) for part in text.split("x")]
        if not all(part.text.lstrip("-").isdecimal() for part in parts):
            raise self.wrong(node)
        if len(parts) > 4:
            raise Fault(
                "axis-count",
                f"has {len(parts) - 1} spatial axes; at most three are possible",
                span=node.span,
            )
        *spatial, channels = every(self.channels.read, parts)
        return Volume(channels, tuple(spatial))

    def _mapping(self, node: Mapping) -> Volume:
        faults = [
            Fault(
                "unknown-key",
                f"has no key {quoted(key)}; it has channels and size",
                span=span,
                suggestions=nearest(key, ("channels", "size")),
            )
            for key, (span, _) in node.pairs.items()
            if key not in ("channels", "size")
        ]
        if "channels" not in node.pairs:
            faults.append(Fault("missing-key", "needs channels", span=node.span))
        channels = 1
        size: tuple[int, ...] = ()
        for key, (_, value) in node.pairs.items():
            try:
                if key == "channels":
                    channels = self.channels.read(value)
                elif key == "size":
                    size = self._sizes(value)
            except Fault as fault:
                faults.append(fault)
        if faults:
            raise Fault.together(faults)
        return Volume(channels, size)

    def _sizes(self, node: Node) -> tuple[int, ...]:
        size = self.size.read(node)
        return (size, size) if isinstance(size, int) else size

    def schema(self) -> Schema:
        pattern = r"^(\$.*|[1-9]\d*( *x *[1-9]\d*){0,3})$"
        short = {"type": ["string", "integer"], "minimum": 1, "pattern": pattern}
        full = {
            "type": "object",
            "properties": {"channels": self.channels.schema(), "size": self.size.schema()},
            "required": ["channels"],
            "additionalProperties": False,
        }
        return {"anyOf": [short, full]}


class ConnectionTable(Kind[tuple[tuple[int, ...], ...]]):
    text = "a list with, per filter, the list of input maps that feed it, from 0"
    each = Integer(0)

    def read(self, node: Node) -> tuple[tuple[int, ...], ...]:
        return every(self._maps, items(self, node))

    def _maps(self, node: Node) -> tuple[int, ...]:
        maps = every(self.each.read, items(self, node))
        if not maps or len(set(maps)) < len(maps):
            fact = "a filter that no map feeds" if not maps else "a filter that names a map twice"
            raise Fault("wrong-value", f"has {fact}", span=node.span)
        return maps

    def schema(self) -> Schema:
        maps = {"type": "array", "items": self.each.schema(), "minItems": 1}
        return {"anyOf": [{"type": "array", "items": maps, "minItems": 1}, EXPRESSION]}


class Like(Record):
    """The name of a layer whose size is taken."""

    name: Word


class CropKind(Kind[Pads | Like]):
    numbers = PadsKind()
    text = f"{PadsKind.text}, or {{like: NAME}} for the size of another layer"

    def read(self, node: Node) -> Pads | Like:
        if not isinstance(node, Mapping):
            return self.numbers.read(node)
        name = node.get("like")
        if name is None or len(node.pairs) > 1:
            raise Fault("wrong-value", "takes {like: NAME} and no other key", span=node.span)
        value = known(self, name)
        if not isinstance(value, Word):
            raise Fault("wrong-value", "takes {like: NAME}", span=name.span)
        return Like(value)

    def schema(self) -> Schema:
        like = {
            "type": "object",
            "properties": {"like": {"type": ["string", "number", "boolean"]}},
            "required": ["like"],
            "additionalProperties": False,
        }
        return {"anyOf": [*self.numbers.schema()["anyOf"], like]}
