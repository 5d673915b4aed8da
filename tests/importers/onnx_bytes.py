"""Writes ONNX models field by field, well-formed or not."""

from __future__ import annotations

from struct import pack


def varint(value: int) -> bytes:
    value &= 0xFFFF_FFFF_FFFF_FFFF
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])


def field(number: int, value: int | float | str | bytes) -> bytes:
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    if isinstance(value, float):
        return varint(number << 3 | 5) + pack("<f", value)
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(data)) + data


def tensor(name: str, shape: list[int], values: list[int] | None = None) -> bytes:
    """Weights without their values, or integers of 64 bits."""
    data = b"".join(field(1, size) for size in shape) + field(2, 1 if values is None else 7)
    raw = b"" if values is None else field(9, pack(f"<{len(values)}q", *values))
    return data + field(8, name) + raw


def attribute(name: str, value: int | float | str | bytes | list[int]) -> bytes:
    data = field(1, name)
    if isinstance(value, list):
        return data + field(8, b"".join(map(varint, value))) + field(20, 7)
    place = {int: 3, float: 2, str: 4, bytes: 5}[type(value)]
    return data + field(place, value)


def node(
    operator: str,
    inputs: list[str],
    outputs: list[str],
    attributes: dict[str, int | float | str | bytes | list[int]] | None = None,
    domain: str = "",
    name: str = "",
) -> bytes:
    data = b"".join(field(1, value) for value in inputs)
    data += b"".join(field(2, value) for value in outputs)
    data += field(3, name) + field(4, operator)
    data += b"".join(field(5, attribute(*item)) for item in (attributes or {}).items())
    return data + (field(7, domain) if domain else b"")


def typed(name: str, shape: list[int | str]) -> bytes:
    """An input or output; a size that is a word is open."""
    sizes = b"".join(field(1, field(2 if isinstance(size, str) else 1, size)) for size in shape)
    return field(1, name) + field(2, field(1, field(1, 1) + field(2, sizes)))


def model(
    nodes: list[bytes],
    weights: list[bytes],
    inputs: list[bytes],
    outputs: list[bytes],
    functions: list[bytes] | None = None,
    opset: int = 17,
) -> bytes:
    graph = b"".join(field(1, data) for data in nodes) + field(2, "graph")
    graph += b"".join(field(5, data) for data in weights)
    graph += b"".join(field(11, data) for data in inputs)
    graph += b"".join(field(12, data) for data in outputs)
    data = field(1, 8) + field(2, "tests") + field(8, field(1, "") + field(2, opset))
    data += field(7, graph)
    return data + b"".join(field(25, data) for data in functions or [])


def function(
    name: str, inputs: list[str], outputs: list[str], nodes: list[bytes], domain: str = "own"
) -> bytes:
    data = field(1, name) + b"".join(field(4, value) for value in inputs)
    data += b"".join(field(5, value) for value in outputs)
    return data + b"".join(field(7, inner) for inner in nodes) + field(10, domain)
