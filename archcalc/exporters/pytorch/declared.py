"""What a file declares of the layers and instances of a network, and the values that they see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from archcalc.analysis.quantities import VOCABULARY
from archcalc.archfile import expressions
from archcalc.archfile.arithmetic import evaluate
from archcalc.archfile.checks import is_dynamic
from archcalc.archfile.declaration import AnyEntry, Block, BlockEntry, GroupEntry, LayerEntry
from archcalc.archfile.nodes import UNKNOWN, ScalarNode, Unknown, Word, YamlNode
from archcalc.archfile.reader import read
from archcalc.archfile.substitution import value_of_argument
from archcalc.archfile.values import value_of
from archcalc.diagnostics import Fault, Findings
from archcalc.exporters.pytorch.pieces import Unit
from archcalc.network.network import Network, Origin, RegionKind

Values = dict[str, Any]


class Declared:
    """The entries of a network's file by their place; there are none where it has no file."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.entries: dict[tuple[int, int], AnyEntry] = {}
        self.conditions: dict[tuple[int, int], list[YamlNode]] = {}
        self.blocks: Mapping[str, Block] = {}
        self.variables: Values = dict(network.variables)
        self.outputs = {node.path: index for index, node in enumerate(network.nodes)}
        self.outputs.update((region.path, region.output) for region in network.regions)
        kinds = (RegionKind.BRANCH, RegionKind.GROUP)
        self.around = [r.path for r in network.regions if r.kind in kinds and not r.block]
        if network.source.text:
            file = read(network.source.text, network.source.filename, Findings(), VOCABULARY)
            self.blocks = file.blocks
            for entries in (file.layers, *(block.layers for block in file.blocks.values())):
                self._index(entries, [])

    def _index(self, entries: list[AnyEntry], conditions: list[YamlNode]) -> None:
        for entry in entries:
            whens = [*conditions, *([entry.when] if entry.when else [])]
            self.entries[entry.span.start] = entry
            self.conditions[entry.span.start] = whens
            if isinstance(entry, GroupEntry):
                self._index(entry.layers, whens)
            if isinstance(entry, LayerEntry):
                for branch in entry.branches or ():
                    self._index(branch.layers, [*whens, *([branch.when] if branch.when else [])])

    def of(self, origin: Origin | None) -> AnyEntry | None:
        return self.entries.get(origin.span.start) if origin else None

    def given(self, entry: AnyEntry | None, copy: int, copies: int) -> Mapping[str, YamlNode]:
        """What a copy of an instance is called with, as it is written."""
        if not isinstance(entry, BlockEntry):
            return {}
        first = entry.first if copy == 0 else {}
        return {**entry.arguments, **first, **(entry.last if copy == copies - 1 else {})}

    def value(self, node: YamlNode, values: Values, sizes: Mapping[str, int]) -> Any:
        """The value of a node; UNKNOWN where it reads what is not among the values or sizes."""
        if isinstance(node, ScalarNode) and "$" in node.text:
            try:
                expression = expressions.parse(node.text)
                return evaluate(expression, values, lambda *of: sizes.get(".".join(of), UNKNOWN))
            except Fault:
                return UNKNOWN
        if not isinstance(node, ScalarNode):
            return UNKNOWN if is_dynamic(node) else value_of_argument(node, None)
        return value_of(node)

    def spread(self, unit: Unit) -> None:
        """Gives all that a body holds what they are called with, and what they see."""
        for piece in unit.pieces:
            for inner in piece.units:
                self._call(unit, inner, piece.is_repeated)
                self.spread(inner)

    def _call(self, unit: Unit, inner: Unit, is_repeated: bool) -> None:
        written = self.given(self.of(inner.origin), inner.copy, inner.copies)
        values = {**unit.values, "copy": inner.copy} if is_repeated else unit.values
        sizes = self.sizes(unit)
        inner.given = {name: self.value(node, values, sizes) for name, node in written.items()}
        left = list(inner.inputs)
        for name, value in inner.given.items():
            index = self.outputs.get(unit.prefix + value) if isinstance(value, Word) else None
            if index in left and len(left) > 1:
                assert index is not None
                inner.roles[name] = index
                left.remove(index)
        for place, index in enumerate(left):
            inner.roles[f"x{place + 1}" if place else "x"] = index
        block = self.blocks.get(inner.name)
        inner.values = dict(self.variables)
        if block is None:
            return
        own = {"input.channels": self.channels(inner.roles["x"])} if "x" in inner.roles else {}
        for name, default in block.arguments.items():
            if name in inner.given:
                inner.values[name] = inner.given[name]
            else:
                value = UNKNOWN if default is None else self.value(default, inner.values, own)
                inner.values[name] = value

    def channels(self, index: int) -> int:
        shape = self.network.nodes[index].shape
        assert shape is not None
        return shape.output.channels

    def sizes(self, unit: Unit) -> Mapping[str, int]:
        """The channels of the layers that a body can name."""
        return Sizes(self, unit)


class Sizes(Mapping[str, int]):
    """Channels by source, as in `conv1.channels`."""

    def __init__(self, declared: Declared, unit: Unit) -> None:
        self.declared = declared
        self.unit = unit

    def __getitem__(self, source: str) -> int:
        path, _, size = source.rpartition(".")
        if size != "channels":
            raise KeyError(source)
        if path == "input":
            return self.declared.channels(self.unit.roles["x"])
        return self.declared.channels(self.declared.outputs[self.unit.prefix + path])

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def is_number(value: Any) -> bool:
    """Whether a value can stand in source: no name of a layer, and nothing that is not known."""
    if isinstance(value, tuple):
        return all(map(is_number, value))
    return not isinstance(value, Unknown | Word | str)
