"""What a layer gives and costs on certain inputs, wherever it stands."""

from __future__ import annotations

from functools import cache

from archcalc.network.layers import ACTIVATIONS, Layer, Product
from archcalc.network.layers.base import Reach, Volumes
from archcalc.network.volume import Volume, Window
from archcalc.record import Record


class Counts(Record):
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


class Costs(Record):
    """What a layer gives on certain inputs, wherever it stands; counts are of one sample.

    ``inputs`` are followed by the volumes of which only the size is read. The factors of a count
    are found when they are asked for, since most are not.
    """

    layer: Layer
    inputs: Volumes
    output: Volume
    windows: tuple[Window, ...]
    reach: Reach
    positional: tuple[bool, ...]
    counts: Counts
    activation_flops: int

    @property
    def weights(self) -> Product:
        return self.layer.weights(self.inputs)

    @property
    def biases(self) -> Product:
        return self.layer.biases(self.inputs)

    @property
    def buffers(self) -> Product:
        return self.layer.buffers(self.inputs)

    @property
    def macs(self) -> Product:
        return self.layer.macs(self.inputs, self.output)

    @property
    def operations(self) -> Product:
        return self.layer.operations(self.inputs, self.output)

    @property
    def flops(self) -> int:
        return self.counts.flops

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
    after = _activation(activation).operations((output,), output).value if activation else 0
    biases, products = layer.biases(inputs).value, layer.macs(inputs, output)
    macs = products.value
    bias_uses = biases * output.positions if products else 0
    own = 2 * macs + bias_uses if products else layer.operations(inputs, output).value
    counts = Counts(
        layer.weights(inputs).value,
        biases,
        layer.buffers(inputs).value,
        macs,
        own + after,
        macs + bias_uses,
    )
    return Costs(
        layer,
        inputs,
        output,
        layer.windows(inputs[0]),
        layer.reach(inputs, output),
        tuple(layer.positional(inputs)) if layer.merges else (),
        counts,
        after,
    )


@cache
def _activation(name: str) -> Layer:
    return ACTIVATIONS[name]()
