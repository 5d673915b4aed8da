"""Traces of PyTorch written by hand, and what becomes of them."""

from __future__ import annotations

from math import prod
from typing import Any

import pytest

from archcalc.importers.graph import Graph, Module, Refused
from archcalc.importers.passes import tidied
from archcalc.importers.pytorch.traced import Call, Ref, Stored, Traced
from archcalc.importers.pytorch.translating import lowered
from archcalc.importers.readable import unfolded as flat
from archcalc.importers.verifying import verify
from archcalc.network.volume import Volume

Shape = tuple[int, ...]


class Trace:
    """A trace of a network on 8x8x4, call by call."""

    def __init__(self) -> None:
        self.stored: dict[str, Stored] = {}
        self.calls: list[Call] = []

    def parameter(self, name: str, *shape: int, is_trained: bool = True) -> Ref:
        self.stored[f"p_{name}"] = Stored(name, shape, True, is_trained)
        return Ref(f"p_{name}")

    def buffer(self, name: str, *shape: int) -> Ref:
        self.stored[name] = Stored(name, shape, False)
        return Ref(name)

    def __call__(self, operation: str, shape: Shape, /, **arguments: Any) -> Ref:
        name = f"{operation}_{len(self.calls)}"
        modules = (Module(f"m{len(self.calls)}"),)
        in_place = arguments.pop("in_place", False)
        self.calls.append(Call(name, operation, arguments, (shape,), modules, in_place))
        return Ref(name)

    def conv(self, x: Ref, filters: int, channels: int, size: int = 8) -> Ref:
        weight = self.parameter(f"w{len(self.calls)}", filters, channels, 1, 1)
        return self(
            "conv2d", (1, filters, size, size), input=x, weight=weight, bias=None,
            stride=[1], padding=[0], dilation=[1], groups=1,
        )  # fmt: skip

    def graph(self, *outputs: Ref) -> Graph:
        sizes = {s.name: prod(s.shape) for s in self.stored.values() if s.is_parameter}
        names = tuple(output.name for output in outputs)
        whole = Traced("x", self.stored, tuple(self.calls), names, sizes)
        graph = tidied(lowered(whole, "net", Volume(4, (8, 8))))
        verify(flat(graph), graph)
        return graph

    def rows(self, *outputs: Ref) -> list[str]:
        return [repr(operation.layer) for operation in self.graph(*outputs).operations]


X = Ref("x")


def refusal(t: Trace, *outputs: Ref) -> str:
    with pytest.raises(Refused) as refused:
        t.graph(*outputs)
    return str(refused.value)
