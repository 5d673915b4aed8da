"""What a file declares, typed: entries, blocks, figures. Values with expressions stay nodes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from archcalc.archfile.nodes import YamlNode
from archcalc.diagnostics import Source, Span
from archcalc.network.figures import Allowance, Expected, Published
from archcalc.network.layers import Layer
from archcalc.network.network import Code, Origin
from archcalc.network.training import Settings
from archcalc.network.volume import Volume
from archcalc.record import Record
from archcalc.wording import shown

ANY = "*"
Arguments = Mapping[str, YamlNode]
Given = YamlNode | None
Common = tuple[Origin, str, bool, Given, Given, Given, Given, Given, bool, bool]

# None of these is a dataclass: to define six takes 3 % of the time of a whole command.


class Entry:
    """What every entry of a list of layers has.

    ``name`` is the one that is written or, where ``named`` is false, the running-number name.
    ``feeds`` is the value of ``from``. It ``uses_copy`` where an expression has the index of its
    copies, so that they differ. An entry is ``broken`` where a mistake that was reported keeps it
    from being used.
    """

    def __init__(
        self,
        origin: Origin,
        name: str,
        named: bool,
        feeds: YamlNode | None,
        when: YamlNode | None,
        repeat: YamlNode | None,
        share: YamlNode | None,
        frozen: YamlNode | None,
        uses_copy: bool,
        broken: bool,
    ) -> None:
        self.origin = origin
        self.name = name
        self.named = named
        self.feeds = feeds
        self.when = when
        self.repeat = repeat
        self.share = share
        self.frozen = frozen
        self.uses_copy = uses_copy
        self.broken = broken

    @property
    def span(self) -> Span:
        return self.origin.span

    def span_of(self, key: str | None) -> Span:
        """Where the value of a key stands, or else the entry."""
        return self.origin.keys.get(key or "", self.origin.span)


class TypeChoice(Record):
    """A type that an expression gives, and where the keys of its entry stand."""

    type: YamlNode
    keys: Mapping[str, Span]


class Branch(Record):
    """A sequence that starts at the input of a merge; it is left out where ``when`` is false."""

    name: str
    layers: list[AnyEntry]
    when: YamlNode | None = None


class LayerEntry(Entry):
    """A layer. ``layer_type`` is None where its type is not known, or is a ``choice``.

    ``layer`` and ``activation`` are set where no key holds an expression, else ``values`` is read
    for every instance; it ``varies`` where an expression reads the size of a layer, or has the
    index of a copy.
    """

    def __init__(
        self,
        common: Common,
        layer_type: type[Layer] | None,
        values: Mapping[str, YamlNode],
        choice: TypeChoice | None = None,
    ) -> None:
        super().__init__(*common)
        self.layer_type = layer_type
        self.values = values
        self.layer: Layer | None = None
        self.activation: str | None = None
        self.branches: list[Branch] | None = None
        self.varies = False
        self.choice = choice


class GroupEntry(Entry):
    def __init__(self, common: Common, layers: list[AnyEntry]) -> None:
        super().__init__(*common)
        self.layers = layers


class BlockEntry(Entry):
    """An instance of the block of that name, or of the one whose name ``choice`` gives."""

    def __init__(
        self,
        common: Common,
        block: str,
        choice: YamlNode | None,
        arguments: Arguments,
        first: Arguments,
        last: Arguments,
    ) -> None:
        super().__init__(*common)
        self.block = block
        self.choice = choice
        self.arguments = arguments
        self.first = first
        self.last = last


AnyEntry = LayerEntry | GroupEntry | BlockEntry


class InputEntry(Record):
    """An input: where it stands, its volume and, where that holds an expression, what stands there.

    ``volume`` is None where there is an expression, or a mistake.
    """

    span: Span
    volume: Volume | None = None
    node: YamlNode | None = None


class Block(Record):
    """A sequence of layers with arguments; the default of a required argument is None.

    It ``reads_sizes`` where a default reads the size of a layer.
    """

    name: str
    span: Span
    arguments: Mapping[str, YamlNode | None]
    layers: list[AnyEntry]
    reads_sizes: bool = False


class Setting(Record):
    """A value that was ``given`` for a key of the entries whose path fits.

    `ANY` fits any one part of a path.
    """

    name: str
    parts: tuple[str, ...]
    key: str
    value: YamlNode
    given: Any


class VariableError(ValueError):
    """A value that was given for a variable, and cannot be: ``NAME=VALUE: `` and why."""

    def __init__(self, name: str, value: Any, fact: str) -> None:
        self.name = name
        super().__init__(f"{name}={shown(value)}: {fact}")


def fits(pattern: Sequence[str], path: Sequence[str]) -> bool:
    """Whether a path is one that a pattern means, or leads to one."""
    if len(path) > len(pattern):
        return False
    return all(part == want or want == ANY for part, want in zip(path, pattern, strict=False))


class Architecture:
    """A whole file. Only `archcalc.load` and `archcalc.loads` make one.

    ``inputs`` has one, named ``input``, or those that the file names. ``used`` are the variables
    that an expression reads. ``sweep`` has the values to try, by name, as the command line writes
    them.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self.name = ""
        self.inputs: dict[str, InputEntry] = {}
        self.description: str | None = None
        self.year: int | None = None
        self.reference: str | None = None
        self.outputs: list[YamlNode] = []
        self.variables: dict[str, YamlNode] = {}
        self.blocks: dict[str, Block] = {}
        self.layers: list[AnyEntry] = []
        self.expect: list[Expected] = []
        self.budget: list[Expected] = []
        self.allow: list[Allowance] = []
        self.published: list[Published] = []
        self.train: Settings | None = None
        self.train_spans: Mapping[str, Span] = {}
        self.sweep: dict[str, str] = {}
        self.code: Code | None = None
        self.code_arguments: dict[str, YamlNode] = {}
        self.used: set[str] = set()

    @property
    def names_inputs(self) -> bool:
        """Whether the inputs have names of their own, which may be several."""
        return bool(self.inputs) and "input" not in self.inputs

    def unused_variables(self) -> dict[str, Span]:
        """The variables that no expression reads, and where they stand."""
        return {
            name: node.key_span for name, node in self.variables.items() if name not in self.used
        }

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
