"""What a layer gives and costs on certain inputs, wherever it stands."""

from __future__ import annotations

from typing import NamedTuple

from archcalc.layers import ACTIVATIONS, Layer, Product
from archcalc.layers.base import Reach, Volumes
from archcalc.volume import Volume, Window


class Counts(NamedTuple):
    """The counts of a layer, of one sample.

    FLOPs are 2 x MACs + one per use of a bias, or the operations of a layer without MACs, and those
    of the activation. Connections are MACs + one per use of a bias.
    """

    weights: int
    biases: int
    buffers: int
    macs: int
    flops: int
    connections: int


class Costs(NamedTuple):
    """What a layer gives on certain inputs, wherever it stands; counts are of one sample."""

    output: Volume
    windows: tuple[Window, ...]
    weights: Product
    biases: Product
    buffers: Product
    macs: Product
    operations: Product
    activation_flops: int
    reach: Reach
    positional: tuple[bool, ...]
    counts: Counts

    @property
    def flops(self) -> int:
        return self.counts.flops

    @property
    def connections(self) -> int:
        return self.counts.connections

    @property
    def bias_uses(self) -> int:
        """Additions of a bias: biases x output positions; 0 for a layer without MACs."""
        return self.counts.connections - self.counts.macs


def costs(layer: Layer, activation: str | None, inputs: Volumes) -> Costs:
    """The costs of a layer with an activation on its inputs.

    Raises:
        Fault: where the layer cannot stand on these inputs.
    """
    output = layer.output_volume(inputs)
    after = ACTIVATIONS[activation]().operations((output,), output).value if activation else 0
    weights, biases = layer.weights(inputs), layer.biases(inputs)
    buffers, macs = layer.buffers(inputs), layer.macs(inputs, output)
    operations = layer.operations(inputs, output)
    bias_uses = biases.value * output.positions if macs else 0
    own = 2 * macs.value + bias_uses if macs else operations.value
    counts = Counts(
        weights.value,
        biases.value,
        buffers.value,
        macs.value,
        own + after,
        macs.value + bias_uses,
    )
    return Costs(
        output,
        layer.windows(inputs[0]),
        weights,
        biases,
        buffers,
        macs,
        operations,
        after,
        layer.reach(inputs, output),
        tuple(layer.positional(inputs)) if layer.merges else (),
        counts,
    )
