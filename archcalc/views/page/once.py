"""Values that are said once and meant by their places."""

from __future__ import annotations

from typing import Any


class Once:
    """Values in the order in which they came, each once."""

    def __init__(self) -> None:
        self._places: dict[Any, int] = {}

    def place(self, value: Any) -> int:
        return self._places.setdefault(value, len(self._places))

    @property
    def entries(self) -> list[Any]:
        return list(self._places)
