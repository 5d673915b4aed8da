"""What a file declares, typed: entries, blocks, figures. Values with expressions stay nodes."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace

from archcalc.archfile.nodes import YamlNode
from archcalc.diagnostics import Source, Span
from archcalc.network.figures import Allowance, Expected, Published
from archcalc.network.layers import Layer
from archcalc.network.volume import Volume


class Entry(SimpleNamespace):
    """What every entry of a list of layers has.

    ``name`` is the one that is written or, where ``named`` is false, the running-number name.
    ``origin`` is the value of ``from``; ``places`` holds the place of each key's value. An entry is
    ``broken`` where a mistake that was reported keeps it from being used.
    """

    span: Span
    name: str
    named: bool
    origin: YamlNode | None
    when: YamlNode | None
    spans: Mapping[str, Span]
    broken: bool


class LayerEntry(Entry):
    """A layer. ``layer_type`` is None where its type is not known.

    ``layer`` and ``activation`` are set where no key holds an expression, else ``values`` is read
    for every instance.
    """

    layer_type: type[Layer] | None
    values: Mapping[str, YamlNode]
    layer: Layer | None = None
    activation: str | None = None
    branches: list[tuple[str, list[AnyEntry]]] | None = None


class GroupEntry(Entry):
    layers: list[AnyEntry]
    repeat: YamlNode | None


class BlockEntry(Entry):
    block: str
    arguments: Mapping[str, tuple[Span, YamlNode]]
    first: Mapping[str, tuple[Span, YamlNode]]
    repeat: YamlNode | None


AnyEntry = LayerEntry | GroupEntry | BlockEntry


class Block(SimpleNamespace):
    """A sequence of layers with arguments; the default of a required argument is None."""

    name: str
    span: Span
    arguments: Mapping[str, tuple[Span, YamlNode | None]]
    layers: list[AnyEntry]


class Architecture(SimpleNamespace):
    """A whole file. Only `archcalc.load` and `archcalc.loads` make one.

    ``used`` are the variables that an expression reads.
    """

    name: str
    source: Source
    input: Volume | None
    description: str | None
    year: int | None
    reference: str | None
    outputs: list[YamlNode]
    variables: dict[str, tuple[Span, YamlNode]]
    blocks: dict[str, Block]
    layers: list[AnyEntry]
    expect: list[Expected]
    budget: list[Expected]
    allow: list[Allowance]
    published: list[Published]
    used: set[str]

    def __init__(self, source: Source) -> None:
        super().__init__(
            name="",
            source=source,
            input=None,
            description=None,
            year=None,
            reference=None,
            outputs=[],
            variables={},
            blocks={},
            layers=[],
            expect=[],
            budget=[],
            allow=[],
            published=[],
            used=set(),
        )

    def __repr__(self) -> str:
        return f"<Architecture {self.name!r} from {self.source.filename}>"
