"""Protobuf's wire format, as far as ONNX needs it: fields of a message, one after the other.

https://protobuf.dev/programming-guides/encoding/ describes it. Files come from strangers: lengths
are held against what is there before anything is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from struct import unpack_from

from archcalc.importers.onnx.stretch import Stretch

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5

Data = memoryview | Stretch
Field = tuple[int, int, Data | int]


class Malformed(Exception):
    """Bytes that are no message; the fact, in a few words."""


def varint(data: Data, at: int) -> tuple[int, int]:
    """An unsigned integer of 64 bits, and where what follows it starts.

    Raises:
        Malformed: where it does not end within ten bytes or within the data.
    """
    value = shift = 0
    for place in range(at, min(at + 10, len(data))):
        byte = data[place]
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value & 0xFFFF_FFFF_FFFF_FFFF, place + 1
        shift += 7
    raise Malformed("a number does not end")


def signed(value: int) -> int:
    """The integer of 64 bits that an unsigned one stands for."""
    return value - (1 << 64) if value >> 63 else value


def fields(data: Data) -> Iterator[Field]:
    """Number, wire type and value of every field; bytes are not copied.

    Raises:
        Malformed: where the data is no message.
    """
    at, end = 0, len(data)
    while at < end:
        key, at = varint(data, at)
        number, kind = key >> 3, key & 7
        if kind == VARINT:
            value, at = varint(data, at)
            yield number, kind, value
            continue
        if kind == BYTES:
            size, at = varint(data, at)
        elif kind in (FIXED64, FIXED32):
            size = 8 if kind == FIXED64 else 4
        else:
            raise Malformed(f"a field of wire type {kind}")
        if size > end - at:
            raise Malformed(f"a field of {size:,} bytes where {end - at:,} are left")
        yield number, kind, data[at : at + size]
        at += size


def text(value: Data | int) -> str:
    """A name: what is no UTF-8 is replaced.

    Raises:
        Malformed: where a number stands in its place.
    """
    return message(value).tobytes().decode("utf-8", "replace")


def message(value: Data | int) -> Data:
    """The bytes of a field.

    Raises:
        Malformed: where a number stands in their place.
    """
    if isinstance(value, int):
        raise Malformed("a number where bytes belong")
    return value


def number(value: Data | int) -> int:
    """The integer of a field.

    Raises:
        Malformed: where bytes stand in its place.
    """
    if not isinstance(value, int):
        raise Malformed("bytes where a number belongs")
    return signed(value)


def numbers(kind: int, value: Data | int) -> Iterator[int]:
    """The integers of a repeated field, packed or one by one.

    Raises:
        Malformed: where the bytes are no integers.
    """
    if isinstance(value, int):
        yield signed(value)
        return
    if kind != BYTES:
        raise Malformed("bytes where a number belongs")
    at = 0
    while at < len(value):
        item, at = varint(value, at)
        yield signed(item)


def real(kind: int, value: Data | int) -> float:
    """A float of 32 bits.

    Raises:
        Malformed: where something else stands in its place.
    """
    if kind != FIXED32 or not isinstance(value, memoryview):
        raise Malformed("no float where one belongs")
    return float(unpack_from("<f", value)[0])
