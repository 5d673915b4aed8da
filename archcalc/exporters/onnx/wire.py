"""Writes protobuf messages field by field, and the messages of ONNX.

Numbers of fields are those of ONNX's onnx.proto, IR version 8.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from struct import pack

FLOAT, INT64 = 1, 7
Attribute = int | float | str | bytes | list[int]


def varint(value: int) -> bytes:
    """An integer of 64 bits, seven at a time."""
    value &= 0xFFFF_FFFF_FFFF_FFFF
    written = bytearray()
    while value > 0x7F:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*written, value])


def field(number: int, value: int | float | str | bytes) -> bytes:
    """A field: an integer, a float of 32 bits, a text, or the bytes of a message."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    if isinstance(value, float):
        return varint(number << 3 | 5) + pack("<f", value)
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(data)) + data


def fields(number: int, values: Iterable[int | float | str | bytes]) -> bytes:
    """A repeated field."""
    return b"".join(field(number, value) for value in values)


def pair(key: str, value: str) -> bytes:
    """A text under a key."""
    return field(1, key) + field(2, value)


def tensor(name: str, shape: Sequence[int], values: Sequence[int | float] | None = None) -> bytes:
    """A tensor: integers of 64 bits, floats of 32, or floats without their values."""
    whole = values is not None and all(isinstance(value, int) for value in values)
    data = fields(1, shape) + field(2, INT64 if whole else FLOAT)
    form = f"<{len(values)}{'q' if whole else 'f'}" if values is not None else ""
    raw = field(9, pack(form, *values)) if values is not None else b""
    return data + field(8, name) + raw


def stored(name: str, shape: Sequence[int], file: str, offset: int, length: int) -> bytes:
    """A tensor of floats whose values stand in a file beside the model."""
    places = {"location": file, "offset": str(offset), "length": str(length)}
    data = fields(1, shape) + field(2, FLOAT) + field(8, name)
    return data + fields(13, (pair(*item) for item in places.items())) + field(14, 1)


def attribute(name: str, value: Attribute) -> bytes:
    """An attribute; bytes are those of a tensor."""
    data = field(1, name)
    if isinstance(value, list):
        return data + fields(8, value) + field(20, 7)
    place, kind = {int: (3, 2), float: (2, 1), str: (4, 3), bytes: (5, 4)}[type(value)]
    return data + field(place, value) + field(20, kind)


def node(
    operator: str,
    inputs: Iterable[str],
    outputs: Iterable[str],
    attributes: dict[str, Attribute] | None = None,
    domain: str = "",
    name: str = "",
) -> bytes:
    """An operator on named values."""
    data = fields(1, inputs) + fields(2, outputs)
    data += field(3, name) if name else b""
    data += field(4, operator)
    data += fields(5, (attribute(*item) for item in sorted((attributes or {}).items())))
    return data + (field(7, domain) if domain else b"")


def typed(name: str, shape: Iterable[int | str], kind: int = FLOAT) -> bytes:
    """An input or output; a size that is a word is open."""
    sizes = fields(1, (field(2 if isinstance(size, str) else 1, size) for size in shape))
    return field(1, name) + field(2, field(1, field(1, kind) + field(2, sizes)))


def opset(domain: str, version: int) -> bytes:
    return field(1, domain) + field(2, version)


def function(
    domain: str,
    name: str,
    inputs: Iterable[str],
    outputs: Iterable[str],
    nodes: Iterable[bytes],
    opsets: Iterable[bytes] = (),
) -> bytes:
    """A function of a model: an operator of its own that stands for nodes."""
    data = field(1, name) + fields(4, inputs) + fields(5, outputs) + fields(7, nodes)
    return data + fields(9, opsets) + field(10, domain)


def model(
    name: str,
    nodes: Iterable[bytes],
    weights: Iterable[bytes],
    inputs: Iterable[bytes],
    outputs: Iterable[bytes],
    functions: Iterable[bytes] = (),
    opsets: Iterable[bytes] = (),
    producer: str = "archcalc",
) -> bytes:
    """A model of IR version 8."""
    graph = fields(1, nodes) + field(2, name) + fields(5, weights)
    graph += fields(11, inputs) + fields(12, outputs)
    data = field(1, 8) + field(2, producer) + field(7, graph)
    return data + fields(8, opsets) + fields(25, functions)
