"""A network: wired nodes in the order in which they run, and the regions around them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from enum import Enum
from typing import Any, Protocol

from archcalc.diagnostics import Findings, Source, Span
from archcalc.network.figures import Allowance, Expected, Published
from archcalc.network.layers.base import Layer, Shape
from archcalc.network.steps import Step, Steps
from archcalc.network.training import Settings
from archcalc.network.volume import Volume
from archcalc.record import Record

INPUT = 0
NOWHERE = -1
LEFT_OUT = -2
SPLIT = -3  # the output of what has one for each of its parts
SEVERAL = -4  # what `input` is where the inputs have names


class Origin(Record):
    """Where something was written: its entry, the values of its keys, and the type as written.

    ``in_flow``: the entry is written in braces.
    """

    span: Span
    keys: Mapping[str, Span]
    written: str | None = None
    in_flow: bool = False


class Code(Record):
    """The code that a file describes: a callable of a module, and what it is called with."""

    module: str
    callable: str
    arguments: Mapping[str, Any] = {}


class Input(Layer):
    """What a network starts from: it has no inputs of its own."""

    type = "input"
    summary = "an input of the network"

    def steps(self, shape: Shape) -> Steps:
        """It reads nothing, and its caller holds it."""
        return (Step(shape.output.elements, ()),)


class Node(Record):
    """One row: a layer under its path, and the indices of the nodes that feed it.

    `NOWHERE` is a feed that a mistake hides. ``likes`` are nodes of which only the size is read.
    ``layer`` is None where an entry could not be read, ``shape`` where a mistake hides it.
    ``origin`` is None for what was not read from a file. It ``shares`` the weights of an earlier
    node, which has its own, and they are not trained where it is ``frozen``.
    """

    path: str
    layer: Layer | None
    activation: str | None
    inputs: tuple[int, ...]
    likes: tuple[int, ...]
    shape: Shape | None
    origin: Origin | None
    shares: int | None = None
    frozen: bool = False

    @property
    def span(self) -> Span | None:
        return self.origin.span if self.origin else None

    @property
    def identity(self) -> Hashable:
        """What the copies of one written entry have in common: where they are written."""
        return self.origin.span.start if self.origin else self.path


class RegionKind(Enum):
    """What a region is: written as a group or an instance of a block, a copy, and so on."""

    GROUP = "group"
    COPY = "copy"
    MERGE = "merge"
    BRANCH = "branch"
    PARTS = "parts"


class Region(Record):
    """The nodes start .. stop - 1 that one path covers, and the node that is its output.

    ``block`` names the block that a group or a copy is an instance of.
    """

    path: str
    start: int
    stop: int
    output: int
    kind: RegionKind
    block: str | None = None
    origin: Origin | None = None

    @property
    def is_group(self) -> bool:
        """Whether it is a group, an instance of a block, or one copy of either."""
        return self.kind is RegionKind.GROUP or self.kind is RegionKind.COPY


Changes = Mapping[Hashable, Mapping[str, Any]]


class Rebuild(Protocol):
    """Builds a network again, with other values of keys, of variables, or other inputs.

    What is None stays as the network has it, and inputs that are not named; ``variables`` go before
    those that are written.
    ``changes`` are values by key, by the identity of a node. Mistakes go to the findings.

    Raises:
        Enough: where there are too many.
    """

    def __call__(
        self,
        findings: Findings,
        *,
        variables: Mapping[str, Any] | None = None,
        inputs: Mapping[str, Volume] | None = None,
        changes: Changes | None = None,
    ) -> Network: ...


class Network:
    """Nodes in topological order, the inputs first; the regions around them; the outputs.

    ``code`` is the code that it describes. ``train`` is how it is trained, where that is said, and
    ``train_spans`` where each key stands. ``variables`` are the values of the variables that it was
    built with, ``written_inputs`` are the inputs that its file has, at ``input_spans``; layers
    begin at ``first_layer``. It took ``steps`` to expand. It ``has_frozen`` layers where some are
    not trained, it ``is_varied`` where variables or keys have other values than its file gives
    them, it ``has_other_keys`` where keys have, and it ``is_partial`` where a mistake hides nodes
    whose names are not known.
    """

    def __init__(self, name: str = "") -> None:
        self.name = name
        self.description: str | None = None
        self.year: int | None = None
        self.reference: str | None = None
        self.source = Source(name, "")
        self.nodes: list[Node] = []
        self.regions: list[Region] = []
        self.outputs: list[tuple[str, int]] = []
        self.expect: list[Expected] = []
        self.budget: list[Expected] = []
        self.allow: list[Allowance] = []
        self.published: list[Published] = []
        self.code: Code | None = None
        self.train: Settings | None = None
        self.train_spans: Mapping[str, Span] = {}
        self.variables: Mapping[str, Any] = {}
        self.first_layer = INPUT + 1
        self.written_inputs: Mapping[str, Volume] = {}
        self.input_spans: Mapping[str, Span] = {}
        self.unused_variables: Mapping[str, Span] = {}
        self.unused_blocks: Mapping[str, Span] = {}
        self.has_frozen = False
        self.is_varied = False
        self.has_other_keys = False
        self.steps = 0
        self.is_partial = False
        self.rebuilt: Rebuild

    @property
    def inputs(self) -> dict[str, Volume]:
        """The volumes of the inputs by name; the only input of most networks is ``input``."""
        nodes = self.nodes[: self.first_layer]
        return {node.path: node.shape.output for node in nodes if node.shape}

    @property
    def input(self) -> Volume:
        """The first input."""
        shape = self.nodes[INPUT].shape
        assert shape is not None
        return shape.output

    @property
    def names_inputs(self) -> bool:
        """Whether it has inputs with names of their own, which may be several."""
        return self.nodes[INPUT].path != "input"

    def __repr__(self) -> str:
        return f"<Network {self.name!r}: {len(self.nodes) - self.first_layer:,} layers>"

    def named(self) -> dict[str, Region]:
        """Every path that figures may name, and what it covers; the input is not among them."""
        found = {
            node.path: Region(node.path, index, index + 1, index, RegionKind.PARTS)
            for index, node in enumerate(self.nodes)
            if index >= self.first_layer
        }
        groups = [region for region in self.regions if region.is_group]
        others = [r for r in self.regions if r.kind in (RegionKind.MERGE, RegionKind.PARTS)]
        found.update((region.path, region) for region in (*groups, *others))
        return found
