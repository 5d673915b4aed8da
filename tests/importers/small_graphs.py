"""Small flat graphs, a line a row: module path, layer, what it reads."""

from __future__ import annotations

from typing import Any

from archcalc.importers.graph import Graph, Module, Operation
from archcalc.network.layers import LAYERS
from archcalc.network.volume import Volume


class Sketch:
    """A graph that grows row by row; each reads the one before, unless it says otherwise."""

    def __init__(self, input: Volume | None = None) -> None:
        self.input = input or Volume(8, (16, 16))
        self.operations: list[Operation] = []

    @property
    def last(self) -> int:
        return len(self.operations)

    def add(
        self, path: str, type: str, *reads: int, activation: str | None = None, **keys: Any
    ) -> int:
        """A row; ``path`` is like ``layer1:Sequential/0:Block/conv``, with the classes."""
        parts = [part.split(":") for part in path.split("/") if part]
        modules = tuple([Module(name, kind[0] if kind else "") for name, *kind in parts])
        layer = LAYERS[type](**keys)
        self.operations.append(Operation(layer, reads or (self.last,), modules, activation))
        return self.last

    def conv(self, path: str, filters: int, *reads: int, kernel: int = 1, **keys: Any) -> int:
        return self.add(path, "conv", *reads, filters=filters, kernel=kernel, **keys)

    def graph(self) -> Graph:
        return Graph("small", self.input, tuple(self.operations), (self.last,))
