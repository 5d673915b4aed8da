"""Normalisations, and the scale and shift per channel."""

from __future__ import annotations

from archcalc.network.counts import NOTHING, Sum, product
from archcalc.network.layers.base import Example, Family, Layer, Shape, Volumes
from archcalc.network.layers.checks import divided
from archcalc.network.layers.keys import key
from archcalc.network.values import POSITIVE, TRUTH
from archcalc.network.volume import Volume

AFFINE = "scale and shift per channel"


class Normalisation(Layer):
    """Two FLOPs per element, affine or not; statistics are no part of a receptive field."""

    family = Family.NORMALISATION
    affine: bool

    def weights(self, shape: Shape) -> Sum:
        return product(("C", shape.inputs[0].channels)) if self.affine else NOTHING

    def biases(self, shape: Shape) -> Sum:
        return self.weights(shape)

    def operations(self, shape: Shape) -> Sum:
        return product(("operations", 2), ("elements", shape.output.elements))


class BatchNorm(Normalisation):
    type = "batchnorm"
    summary = "batch normalisation; running mean and variance are buffers"
    example = Example("{type: batchnorm, activation: relu}", "112x112x64")

    affine: bool = key(TRUTH, AFFINE, True)

    def buffers(self, shape: Shape) -> Sum:
        return product(("mean and variance", 2), ("C", shape.inputs[0].channels))


class LayerNorm(Normalisation):
    type = "layernorm"
    summary = "normalisation over the channels at each position"
    example = Example("{type: layernorm}", "56x56x96")

    affine: bool = key(TRUTH, AFFINE, True)


class InstanceNorm(Normalisation):
    type = "instancenorm"
    summary = "normalisation over the positions of each channel"
    example = Example("{type: instancenorm}", "64x64x128")

    affine: bool = key(TRUTH, AFFINE, True)


class GroupNorm(Normalisation):
    type = "groupnorm"
    summary = "normalisation over groups of channels"
    example = Example("{type: groupnorm, groups: 32}", "56x56x256")

    groups: int = key(POSITIVE, "number of groups of channels")
    affine: bool = key(TRUTH, AFFINE, True)

    def output_volume(self, inputs: Volumes) -> Volume:
        divided(inputs[0].channels, self.groups, "channels", "groups", "indivisible-groups")
        return inputs[0]


class LocalResponseNorm(Layer):
    type = "lrn"
    summary = "local response normalisation (AlexNet); no parameters"
    family = Family.NORMALISATION
    example = Example("{type: lrn, size: 5}", "55x55x96")

    size: int = key(POSITIVE, "number of neighbouring channels", 5)

    def operations(self, shape: Shape) -> Sum:
        return product(("2 size + 2", 2 * self.size + 2), ("elements", shape.output.elements))


class Scale(Layer):
    type = "scale"
    summary = "one coefficient (and bias) per channel"
    family = Family.NORMALISATION
    example = Example("{type: scale}", "28x28x64")

    bias: bool = key(TRUTH, "one number per channel, added", True)

    def weights(self, shape: Shape) -> Sum:
        return product(("C", shape.inputs[0].channels))

    def biases(self, shape: Shape) -> Sum:
        return product(("C", shape.inputs[0].channels)) if self.bias else NOTHING

    def operations(self, shape: Shape) -> Sum:
        return product(("operations", 2 if self.bias else 1), ("elements", shape.output.elements))


TYPES = (
    BatchNorm,
    LayerNorm,
    InstanceNorm,
    GroupNorm,
    LocalResponseNorm,
    Scale,
)
