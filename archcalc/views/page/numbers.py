"""Numbers as a script reads them without rounding."""

from __future__ import annotations

SAFE = 2**53  # scripts hold whole numbers up to here


def exact(value: int) -> int | str:
    """A number, or its digits where a script would round it."""
    return value if -SAFE < value < SAFE else str(value)
