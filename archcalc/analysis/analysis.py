"""One walk over the nodes: every quantity of every layer, and the totals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from archcalc.analysis.costs import Costs, Counts
from archcalc.analysis.dtypes import DTYPES
from archcalc.analysis.liveness import allocate
from archcalc.analysis.walk import Walk
from archcalc.diagnostics import Diagnostic, Findings, Span
from archcalc.network.layers import Layer
from archcalc.network.layers.base import Volumes
from archcalc.network.network import INPUT, Network, Node, Region
from archcalc.network.receptive_field import ReceptiveField
from archcalc.network.volume import Volume
from archcalc.network.window import Window
from archcalc.record import Record

if TYPE_CHECKING:
    from archcalc.analysis.training import Inference, Training


class LayerMemory(Record):
    """What a layer keeps for the backward pass of a batch, and gradients of its parameters."""

    saved_bytes: int
    gradient_bytes: int


class LayerAnalysis(Record):
    """One layer with its quantities: memory of the whole batch, all else of one sample.

    ``memory`` of training is None where nobody asks for it (`archcalc.analysis.training`). A layer
    ``shared_with`` another uses its weights.
    """

    node: Node
    inputs: tuple[str, ...]
    costs: Costs
    field: ReceptiveField
    depth: int
    activation_elements: int
    element_bytes: int
    memory: LayerMemory | None = None
    shared_with: str | None = None

    def __repr__(self) -> str:
        volumes = ", ".join(map(str, self.input_volumes))
        return f"<{self.name}: {self.layer!r}, {volumes} -> {self.output}>"

    @property
    def input_volumes(self) -> Volumes:
        volumes = self.costs.shape.inputs
        return volumes[: len(self.inputs)] if self.node.likes else volumes

    @property
    def windows(self) -> tuple[Window, ...]:
        """One window per axis, where there is a division by a stride."""
        return self.costs.shape.windows

    @property
    def geometry(self) -> Mapping[str, Any]:
        """Kernel, stride, padding and dilation per axis, and groups, where it has them."""
        return self.layer.geometry(self.costs.shape)

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
    def frozen_params(self) -> int:
        return self.params if self.node.frozen else 0

    @property
    def used_params(self) -> int:
        """The parameters that it uses, be they its own or of another layer."""
        return self.costs.used.weights + self.costs.used.biases

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
    def macs_of_activations(self) -> int:
        return self.costs.counts.macs_of_activations

    @property
    def macs_of_weights(self) -> int:
        return self.macs - self.macs_of_activations

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
    def saved_bytes(self) -> int | None:
        return self.memory.saved_bytes if self.memory else None

    @property
    def gradient_bytes(self) -> int | None:
        return self.memory.gradient_bytes if self.memory else None

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
        return self.costs.shape.output

    @property
    def span(self) -> Span | None:
        return self.node.span


class Totals(Record):
    """Sums over the layers; activation memory counts the inputs as well."""

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
    macs_of_activations: int = 0

    @property
    def macs_of_weights(self) -> int:
        return self.macs - self.macs_of_activations


class Analysis(Record):
    """Every quantity of a network for one batch size and element type.

    ``nodes`` has what is calculated of each node of the network, the inputs among them; fields are
    those of the input ``field_of``. The memory of ``training``, and of ``inference``, is None where
    nobody asks for it.
    """

    network: Network
    batch: int
    dtype: str
    nodes: list[LayerAnalysis]
    layers: list[LayerAnalysis]
    totals: Totals
    diagnostics: list[Diagnostic]
    training: Training | None = None
    inference: Inference | None = None
    field_of: int = INPUT

    @property
    def name(self) -> str:
        return self.network.name

    @property
    def input(self) -> Volume:
        """The first input."""
        return self.network.input

    @property
    def inputs(self) -> dict[str, Volume]:
        """The inputs by name; the only input of most networks is ``input``."""
        return self.network.inputs

    @property
    def seen(self) -> Volume:
        """The input of which fields are shown."""
        return self.nodes[self.field_of].output

    @property
    def outputs(self) -> list[tuple[str, Volume]]:
        """The network's outputs by name."""
        return [(name, self.nodes[index].output) for name, index in self.network.outputs]

    @property
    def groups(self) -> list[Region]:
        """Groups, instances of blocks, and their copies."""
        return [region for region in self.network.regions if region.is_group]

    def covered(self, region: Region) -> Sequence[LayerAnalysis]:
        return self.nodes[region.start : region.stop]


def analyze(
    network: Network,
    findings: Findings,
    batch: int = 1,
    dtype: str = "float32",
    field_of: int = INPUT,
) -> Analysis | None:
    """The analysis of a network; None where mistakes, which go to the findings, prevent one."""
    walk = Walk(network, findings, field_of)
    walk.run()
    if findings:
        return None
    outputs = [index for _, index in network.outputs]
    memory = allocate(network.nodes, outputs, network.first_layer)
    size, paths = DTYPES[dtype], [node.path for node in network.nodes]
    nodes = [
        LayerAnalysis(node, _names(node.inputs, paths), found, field, depth, held * batch, size)
        for node, found, field, depth, held in zip(
            network.nodes, walk.costs, walk.fields, walk.depths, memory.volumes, strict=True
        )
        if found and field
    ]
    if any(node.shares is not None for node in network.nodes):
        nodes = [
            layer
            if layer.node.shares is None
            else layer._replace(shared_with=paths[layer.node.shares])
            for layer in nodes
        ]
    layers = nodes[network.first_layer :]
    depth = max((walk.depths[index] for index in outputs), default=0)
    peak = paths[memory.peak_node]
    totals = _totals(layers, depth, memory.total * batch, memory.peak * batch, peak, size)
    return Analysis(network, batch, dtype, nodes, layers, totals, [], field_of=field_of)


def _names(feeds: tuple[int, ...], paths: list[str]) -> tuple[str, ...]:
    return (paths[feeds[0]],) if len(feeds) == 1 else tuple([paths[feed] for feed in feeds])


def _totals(
    layers: list[LayerAnalysis], depth: int, elements: int, peak: int, where: str, size: int
) -> Totals:
    counts = [layer.costs.counts for layer in layers]
    sums = Counts(*(map(sum, zip(*counts, strict=True)) if counts else [0] * 7))
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
        macs_of_activations=sums.macs_of_activations,
    )
