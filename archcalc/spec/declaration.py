"""What a file declares, typed: entries, blocks, figures. Values with expressions stay nodes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from archcalc.diagnostics import Place, Source
from archcalc.layers import Layer
from archcalc.tree import Node
from archcalc.volume import Volume


@dataclass(eq=False, repr=False)
class Entry:
    """What every entry of a list of layers has.

    ``name`` is the one that is written or, where ``named`` is false, the running-number name.
    ``origin`` is the value of ``from``; ``places`` holds the place of each key's value. An entry is
    ``broken`` where a mistake that was reported keeps it from being used.
    """

    place: Place
    name: str
    named: bool
    origin: Node | None
    when: Node | None
    places: Mapping[str, Place]
    broken: bool


@dataclass(eq=False, repr=False)
class LayerEntry(Entry):
    """A layer. ``kind`` is None where its type is not known.

    ``layer`` and ``activation`` are set where no key holds an expression, else ``values`` is read
    for every instance.
    """

    kind: type[Layer] | None
    values: Mapping[str, Node]
    layer: Layer | None = None
    activation: str | None = None
    branches: list[tuple[str, list[AnyEntry]]] | None = None


@dataclass(eq=False, repr=False)
class GroupEntry(Entry):
    layers: list[AnyEntry]
    repeat: Node | None


@dataclass(eq=False, repr=False)
class BlockEntry(Entry):
    block: str
    arguments: Mapping[str, tuple[Place, Node]]
    first: Mapping[str, tuple[Place, Node]]
    repeat: Node | None


AnyEntry = LayerEntry | GroupEntry | BlockEntry


@dataclass(eq=False, repr=False)
class Block:
    """A sequence of layers with arguments; the default of a required argument is None."""

    name: str
    place: Place
    arguments: Mapping[str, tuple[Place, Node | None]]
    layers: list[AnyEntry]


class Count(NamedTuple):
    """A number as written, its exact value, and one unit of its last digit."""

    text: str
    value: Fraction
    unit: Fraction


Figure = Count | Volume | int | tuple[int, ...]


class Expected(NamedTuple):
    """A figure that must hold: of the network where ``at`` is None, else at a path."""

    at: str | None
    quantity: str
    figure: Figure
    place: Place


class Allowance(NamedTuple):
    """An accepted finding: a rule, everywhere or at a path, and the reason."""

    rule: str
    at: str | None
    because: str
    place: Place


class Published(NamedTuple):
    """A figure that somebody printed."""

    at: str | None
    quantity: str
    figure: Figure
    source: str
    note: str | None
    input: Volume | None
    place: Place


@dataclass(eq=False, repr=False)
class Architecture:
    """A whole file. Only `archcalc.load` and `archcalc.loads` make one."""

    name: str
    source: Source
    input: Volume | None = None
    input_place: Place = Place(1, 1)  # noqa: RUF009
    description: str | None = None
    year: int | None = None
    reference: str | None = None
    outputs: list[Node] = field(default_factory=list)
    variables: dict[str, tuple[Place, Node]] = field(default_factory=dict)
    blocks: dict[str, Block] = field(default_factory=dict)
    layers: list[AnyEntry] = field(default_factory=list)
    expect: list[Expected] = field(default_factory=list)
    budget: list[Expected] = field(default_factory=list)
    allow: list[Allowance] = field(default_factory=list)
    published: list[Published] = field(default_factory=list)
