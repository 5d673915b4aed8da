"""One walk over the nodes: every quantity of every layer, and the totals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from archcalc.costs import Costs, Counts
from archcalc.diagnostics import Diagnostic, Findings, Place
from archcalc.graph import INPUT, Graph, Node, Region
from archcalc.layers import Layer
from archcalc.layers.base import Volumes
from archcalc.memory import allocate
from archcalc.receptive_field import ReceptiveField
from archcalc.spec.declaration import Architecture
from archcalc.volume import Volume
from archcalc.walk import Walk

ELEMENT_BYTES: Mapping[str, int] = {
    "float32": 4, "float16": 2, "bfloat16": 2, "int8": 1, "float64": 8,
}  # fmt: skip


class LayerAnalysis(NamedTuple):
    """One layer with its quantities: activation memory of the whole batch, all else of one."""

    node: Node
    inputs: tuple[str, ...]
    input_volumes: Volumes
    costs: Costs
    field: ReceptiveField
    depth: int
    activation_elements: int
    element_bytes: int

    @property
    def weights(self) -> int:
        return self.costs.counts.weights

    @property
    def biases(self) -> int:
        return self.costs.counts.biases

    @property
    def params(self) -> int:
        return self.costs.counts.weights + self.costs.counts.biases

    @property
    def param_bytes(self) -> int:
        return self.params * self.element_bytes

    @property
    def buffers(self) -> int:
        return self.costs.counts.buffers

    @property
    def macs(self) -> int:
        return self.costs.counts.macs

    @property
    def flops(self) -> int:
        return self.costs.counts.flops

    @property
    def connections(self) -> int:
        return self.costs.counts.connections

    @property
    def activation_bytes(self) -> int:
        return self.activation_elements * self.element_bytes

    @property
    def name(self) -> str:
        return self.node.path

    @property
    def layer(self) -> Layer:
        assert self.node.layer is not None
        return self.node.layer

    @property
    def type(self) -> str:
        return self.layer.type

    @property
    def activation(self) -> str | None:
        return self.node.activation

    @property
    def output(self) -> Volume:
        return self.costs.output

    @property
    def place(self) -> Place:
        return self.node.place


class Totals(NamedTuple):
    """Sums over the layers; activation memory counts the input as well."""

    layers: int
    weights: int
    biases: int
    params: int
    buffers: int
    param_bytes: int
    macs: int
    flops: int
    connections: int
    depth: int
    activation_elements: int
    activation_bytes: int
    peak_bytes: int
    peak_layer: str


class GroupAnalysis(NamedTuple):
    """A group, an instance of a block, or one copy, with the layers that it covers."""

    name: str
    block: str | None
    place: Place
    region: Region


class Analysis(NamedTuple):
    """Every quantity of a network for one input, batch size and element type."""

    architecture: Architecture
    graph: Graph
    input: Volume
    batch: int
    dtype: str
    layers: list[LayerAnalysis]
    totals: Totals
    groups: list[GroupAnalysis]
    outputs: list[tuple[str, Volume]]
    diagnostics: list[Diagnostic]

    def covered(self, region: Region) -> Iterable[LayerAnalysis]:
        return self.layers[region.start : region.stop]


def analyze(
    architecture: Architecture,
    graph: Graph,
    findings: Findings,
    volume: Volume,
    batch: int = 1,
    dtype: str = "float32",
) -> Analysis | None:
    """The analysis of a graph; None where mistakes, which go to the findings, prevent one."""
    walk = Walk(graph, findings, volume)
    walk.run()
    if findings:
        return None
    elements = [known.output.elements for known in walk.costs if known]
    outputs = [index for _, index in graph.outputs]
    memory = allocate(graph.nodes, elements, volume.elements, outputs)
    size = ELEMENT_BYTES[dtype]
    layers = [
        _layer(walk, index, memory.volumes[index] * batch, size)
        for index in range(len(graph.nodes))
    ]
    where = graph.nodes[memory.peak_node].path if memory.peak_node >= 0 else "input"
    depth = max((walk.depth(index) for index in outputs), default=0)
    totals = _totals(layers, depth, memory.total * batch, memory.peak * batch, where, size)
    named = [(name, walk.volume(index) or volume) for name, index in graph.outputs]
    groups = [GroupAnalysis(g.region.path, g.block, g.place, g.region) for g in graph.groups]
    return Analysis(architecture, graph, volume, batch, dtype, layers, totals, groups, named, [])


def _layer(walk: Walk, index: int, elements: int, size: int) -> LayerAnalysis:
    node, known, field = walk.graph.nodes[index], walk.costs[index], walk.fields[index]
    assert known is not None
    assert field is not None
    nodes = walk.graph.nodes
    names = tuple(["input" if i == INPUT else nodes[i].path for i in node.inputs])
    volumes = walk.inputs[index]
    return LayerAnalysis(node, names, volumes, known, field, walk.depths[index], elements, size)


def _totals(
    layers: list[LayerAnalysis], depth: int, elements: int, peak: int, where: str, size: int
) -> Totals:
    counts = [layer.costs.counts for layer in layers]
    sums = Counts(*(map(sum, zip(*counts, strict=True)) if counts else [0] * 6))
    return Totals(
        layers=len(layers),
        weights=sums.weights,
        biases=sums.biases,
        params=sums.weights + sums.biases,
        buffers=sums.buffers,
        param_bytes=(sums.weights + sums.biases) * size,
        macs=sums.macs,
        flops=sums.flops,
        connections=sums.connections,
        depth=depth,
        activation_elements=elements,
        activation_bytes=elements * size,
        peak_bytes=peak * size,
        peak_layer=where,
    )
