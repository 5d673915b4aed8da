"""Which layers serve an unread one alone."""

from __future__ import annotations

import pytest

import archcalc

HEAD = "name: ends\ninput: 8x8x3\nlayers:\n  - {type: conv, name: kept, filters: 8, kernel: 3}\n"
LAST = "  - {type: tanh, name: last, from: kept}\n"


def unread(*entries: str) -> list[tuple[str | None, str]]:
    text = HEAD + "".join(f"  - {{{entry}}}\n" for entry in entries) + LAST
    analysis = archcalc.analyze(archcalc.loads(text))
    return [(found.layer, found.message.partition("; ")[2]) for found in analysis.diagnostics]


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        (["type: relu, name: a"], [("a", "")]),
        (
            ["type: relu, name: a", "type: relu, name: b", "type: relu, name: c"],
            [("c", "2 more before it serve it alone")],
        ),
        (
            ["type: relu, name: a", "type: relu, name: b", "type: relu, name: c, from: a"],
            [("b", ""), ("c", "")],
        ),
        (
            [
                "type: relu, name: a",
                "type: relu, name: b",
                "type: relu, name: c, from: a",
                "type: relu, name: d",
            ],
            [("b", ""), ("d", "1 more before it serves it alone")],
        ),
        (
            ["type: relu, name: a", "type: relu, name: b, from: kept", "type: add, from: [a, b]"],
            [("add1", "2 more before it serve it alone")],
        ),
    ],
)
def test_layers_that_serve_it_alone(
    entries: list[str], expected: list[tuple[str | None, str]]
) -> None:
    assert unread(*entries) == expected


def test_many_ends_of_a_long_way() -> None:
    """Every end has the same ten thousand layers before it, which are followed once."""
    text = (
        f"{HEAD}  - {{name: way, repeat: 10000, layers: [{{type: relu}}]}}\n"
        f"  - {{name: ends, repeat: 10000, layers: [{{type: relu, from: way}}]}}\n{LAST}"
    )
    (found,) = archcalc.analyze(archcalc.loads(text)).diagnostics
    assert (found.layer, found.copies) == ("ends.0.relu1", 10_000)
    assert "alone" not in found.message
