"""A traced module as plain data: what PyTorch is asked for, once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archcalc.importers.graph import Module
from archcalc.record import Record


class Ref(Record):
    """An argument that is the result of another call, a parameter, a buffer or the input."""

    name: str


class Call(Record):
    """An operation as it was traced: its arguments by name, and the shapes of its results.

    It works ``in_place`` where it overwrites what it reads first.
    """

    name: str
    operation: str
    arguments: Mapping[str, Any]
    shapes: tuple[tuple[int, ...], ...]
    modules: tuple[Module, ...] = ()
    in_place: bool = False

    @property
    def shape(self) -> tuple[int, ...]:
        return self.shapes[0] if self.shapes else ()

    @property
    def where(self) -> str:
        """The path of the module, for messages; the operation where it is in none."""
        return ".".join(module.name for module in self.modules) or self.operation


class Stored(Record):
    """A parameter or a buffer. Those that are one tensor under several names have the same."""

    name: str
    shape: tuple[int, ...]
    is_parameter: bool
    is_trained: bool = True


class Traced(Record):
    """A module: its calls in order, what it stores, and what goes in and comes out.

    ``attributes`` are those of modules whose operation is known by its class alone, by path.
    """

    input: str
    stored: Mapping[str, Stored]
    calls: tuple[Call, ...]
    outputs: tuple[str, ...]
    parameters: Mapping[str, int] = {}
    attributes: Mapping[str, Mapping[str, Any]] = {}
    notes: tuple[str, ...] = ()


def refs(call: Call) -> list[Ref]:
    """The tensors that a call reads."""
    found: list[Ref] = []
    for argument in call.arguments.values():
        items = argument if type(argument) is list else (argument,)
        found += [item for item in items if isinstance(item, Ref)]
    return found
