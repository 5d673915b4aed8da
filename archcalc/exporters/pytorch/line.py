"""How a layer is written in PyTorch: what makes its module, and how its result is computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from archcalc.network.layers.base import Layer, Shape
from archcalc.network.volume import Volume
from archcalc.record import Record


class Line(Record):
    """``make`` makes the module of a layer that has one.

    ``call`` is an expression with ``{module}`` and the inputs ``{0}``, ``{1}``, or ``{all}`` of
    them. ``uses`` are helper classes and functions that stand at the top of the file.
    """

    make: str = ""
    call: str = "{module}({0})"
    uses: tuple[str, ...] = ()


class Site(Record):
    """A layer where it stands, and the sources of its keys and of its input's channels."""

    layer: Layer
    shape: Shape
    channels: str
    keys: Mapping[str, str] = {}
    likes: Sequence[int] = ()

    @property
    def read(self) -> Volume:
        """The volume that it reads first."""
        return self.shape.inputs[0]

    @property
    def rank(self) -> int:
        return len(self.read.spatial)

    def value(self, name: str) -> Any:
        """What a key is at this place."""
        return getattr(self.layer, name)

    def source(self, name: str) -> str:
        """A key as it is written: an expression of arguments, or its value."""
        return self.keys.get(name) or literal(self.value(name))


def literal(value: Any) -> str:
    """A value of a key as Python writes it."""
    if isinstance(value, Fraction):
        return str(int(value)) if value.denominator == 1 else repr(float(value))
    if isinstance(value, tuple):
        return f"({', '.join(map(literal, value))}{',' if len(value) == 1 else ''})"
    return repr(value)


def call(function: str, *positional: str, **named: str) -> str:
    """A call; arguments that are empty are left out."""
    listed = [*positional, *(f"{name}={value}" for name, value in named.items() if value)]
    return f"{function}({', '.join(listed)})"


def per_axis(values: Sequence[int]) -> str:
    """One number where all axes have it, or a tuple."""
    return str(values[0]) if len(set(values)) == 1 else literal(tuple(values))


def unless(source: str, default: str) -> str:
    """Empty for what a call need not say."""
    return "" if source == default else source
