"""What a layer gives and costs on certain inputs, wherever it stands."""

from __future__ import annotations

from typing import NamedTuple

from archcalc.layers import ACTIVATIONS, Layer, Product
from archcalc.layers.base import Reach, Volumes
from archcalc.volume import Volume, Window


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

    @property
    def bias_uses(self) -> int:
        return self.biases.value * self.output.positions if self.macs else 0

    @property
    def flops(self) -> int:
        """2 x MACs + one per use of a bias, or the operations of a layer without MACs."""
        own = 2 * self.macs.value + self.bias_uses if self.macs else self.operations.value
        return own + self.activation_flops

    @property
    def connections(self) -> int:
        return self.macs.value + self.bias_uses


def costs(layer: Layer, activation: str | None, inputs: Volumes) -> Costs:
    """The costs of a layer with an activation on its inputs.

    Raises:
        Fault: where the layer cannot stand on these inputs.
    """
    output = layer.output_volume(inputs)
    after = ACTIVATIONS[activation]().operations((output,), output).value if activation else 0
    return Costs(
        output,
        layer.windows(inputs[0]),
        layer.weights(inputs),
        layer.biases(inputs),
        layer.buffers(inputs),
        layer.macs(inputs, output),
        layer.operations(inputs, output),
        after,
        layer.reach(inputs, output),
        tuple(layer.positional(inputs)) if layer.merges else (),
    )
