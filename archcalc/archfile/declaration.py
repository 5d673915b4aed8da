"""What a file declares, typed: entries, blocks, figures. Values with expressions stay nodes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from archcalc.archfile.nodes import YamlNode
from archcalc.diagnostics import Source, Span
from archcalc.network.figures import Allowance, Expected, Published
from archcalc.network.layers import Layer
from archcalc.network.network import Code, Origin
from archcalc.network.training import Settings
from archcalc.network.volume import Volume
from archcalc.record import Record

Arguments = Mapping[str, tuple[Span, YamlNode]]


@dataclass(eq=False, repr=False, match_args=False)
class Entry:
    """What every entry of a list of layers has.

    ``name`` is the one that is written or, where ``named`` is false, the running-number name.
    ``feeds`` is the value of ``from``. It ``uses_copy`` where an expression has the index of its
    copies, so that they differ. An entry is ``broken`` where a mistake that was reported keeps it
    from being used.
    """

    origin: Origin
    name: str
    named: bool
    feeds: YamlNode | None
    when: YamlNode | None
    repeat: YamlNode | None
    uses_copy: bool
    broken: bool

    @property
    def span(self) -> Span:
        return self.origin.span

    def span_of(self, key: str | None) -> Span:
        """Where the value of a key stands, or else the entry."""
        return self.origin.keys.get(key or "", self.origin.span)


class Choice(Record):
    """A type that an expression gives, and where the keys of its entry stand."""

    type: YamlNode
    keys: Mapping[str, Span]


@dataclass(eq=False, repr=False, match_args=False)
class Branch:
    """A sequence that starts at the input of a merge; it is left out where ``when`` is false."""

    name: str
    layers: list[AnyEntry]
    when: YamlNode | None = None


@dataclass(eq=False, repr=False, match_args=False)
class LayerEntry(Entry):
    """A layer. ``layer_type`` is None where its type is not known, or is a ``choice``.

    ``layer`` and ``activation`` are set where no key holds an expression, else ``values`` is read
    for every instance; it ``varies`` where an expression reads the size of a layer, or has the
    index of a copy.
    """

    layer_type: type[Layer] | None
    values: Mapping[str, YamlNode]
    layer: Layer | None = None
    activation: str | None = None
    branches: list[Branch] | None = None
    varies: bool = False
    choice: Choice | None = None


@dataclass(eq=False, repr=False, match_args=False)
class GroupEntry(Entry):
    layers: list[AnyEntry]


@dataclass(eq=False, repr=False, match_args=False)
class BlockEntry(Entry):
    """An instance of the block of that name, or of the one whose name ``choice`` gives."""

    block: str
    choice: YamlNode | None
    arguments: Arguments
    first: Arguments
    last: Arguments


AnyEntry = LayerEntry | GroupEntry | BlockEntry


@dataclass(eq=False, repr=False, match_args=False)
class Block:
    """A sequence of layers with arguments; the default of a required argument is None.

    It ``reads_sizes`` where a default reads the size of a layer.
    """

    name: str
    span: Span
    arguments: Mapping[str, tuple[Span, YamlNode | None]]
    layers: list[AnyEntry]
    reads_sizes: bool = False


@dataclass(eq=False, repr=False, match_args=False)
class Architecture:
    """A whole file. Only `archcalc.load` and `archcalc.loads` make one.

    ``used`` are the variables that an expression reads; ``input_span`` is where the input stands,
    and ``input_node`` what stands there where it holds an expression.
    """

    source: Source
    name: str = ""
    input: Volume | None = None
    input_span: Span | None = None
    input_node: YamlNode | None = None
    description: str | None = None
    year: int | None = None
    reference: str | None = None
    outputs: list[YamlNode] = field(default_factory=list)
    variables: dict[str, tuple[Span, YamlNode]] = field(default_factory=dict)
    blocks: dict[str, Block] = field(default_factory=dict)
    layers: list[AnyEntry] = field(default_factory=list)
    expect: list[Expected] = field(default_factory=list)
    budget: list[Expected] = field(default_factory=list)
    allow: list[Allowance] = field(default_factory=list)
    published: list[Published] = field(default_factory=list)
    code: Code | None = None
    code_arguments: dict[str, tuple[Span, YamlNode]] = field(default_factory=dict)
    train: Settings | None = None
    train_spans: Mapping[str, Span] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def unused_variables(self) -> dict[str, Span]:
        """The variables that no expression reads, and where they stand."""
        return {name: span for name, (span, _) in self.variables.items() if name not in self.used}

    def unused_blocks(self) -> dict[str, Span]:
        """The blocks that the network has no instance of, not even inside another block's.

        There are none where it has an instance of a block that an expression names.
        """
        waiting, used = instances(self.layers), set[str]()
        while waiting:
            entry = waiting.pop()
            if entry.choice is not None:
                return {}
            if entry.block in self.blocks and entry.block not in used:
                used.add(entry.block)
                waiting += instances(self.blocks[entry.block].layers)
        return {name: block.span for name, block in self.blocks.items() if name not in used}

    def __repr__(self) -> str:
        return f"<Architecture {self.name!r} from {self.source.filename}>"


def instances(entries: list[AnyEntry]) -> list[BlockEntry]:
    """The instances of blocks among entries and inside their groups and branches."""
    found: list[BlockEntry] = []
    for entry in entries:
        if isinstance(entry, BlockEntry):
            found.append(entry)
        elif isinstance(entry, GroupEntry):
            found += instances(entry.layers)
        else:
            for branch in entry.branches or ():
                found += instances(branch.layers)
    return found
