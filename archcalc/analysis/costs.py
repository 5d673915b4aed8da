"""What a layer gives and costs on certain inputs, wherever it stands."""

from __future__ import annotations

from functools import cache

from archcalc.network.counts import NOTHING, Sum
from archcalc.network.layers import ACTIVATIONS, Layer
from archcalc.network.layers.base import Reach, Shape
from archcalc.record import Record


class Counts(Record):
    """The counts of a layer, of one sample.

    MACs are of weights, and of two activations. FLOPs are 2 x MACs + one per use of a bias + the
    operations beside them, and those of the activation. Connections are MACs + one per use of a
    bias.
    """

    weights: int
    biases: int
    buffers: int
    macs: int
    flops: int
    connections: int
    macs_of_activations: int = 0


class Costs(Record):
    """What a layer gives on certain inputs, wherever it stands; counts are of one sample.

    The products of a count are written out when they are asked for, since most are not. ``used``
    are the counts with the weights that the layer uses, be they its own or of another layer.
    """

    layer: Layer
    shape: Shape
    reach: Reach
    reaches: tuple[Reach, ...]
    counts: Counts
    activation_flops: int
    used: Counts

    @property
    def shares(self) -> bool:
        """Whether its weights are those of another layer."""
        return self.counts is not self.used

    @property
    def weights(self) -> Sum:
        return NOTHING if self.shares else self.layer.weights(self.shape)

    @property
    def biases(self) -> Sum:
        return NOTHING if self.shares else self.layer.biases(self.shape)

    @property
    def buffers(self) -> Sum:
        return NOTHING if self.shares else self.layer.buffers(self.shape)

    @property
    def macs(self) -> Sum:
        return self.layer.macs(self.shape).plus(self.layer.macs_of_activations(self.shape))

    @property
    def operations(self) -> Sum:
        return self.layer.operations(self.shape)

    @property
    def bias_uses(self) -> int:
        """Additions of a bias: biases x output positions; 0 for a layer without MACs."""
        return self.counts.connections - self.counts.macs


def costs(
    layer: Layer,
    activation: str | None,
    shape: Shape,
    shares: bool = False,
    known: dict[Reach, Reach] | None = None,
) -> Costs:
    """The costs of a layer, with an activation, on its inputs; it may share another's weights.

    Equal reaches are one object, the one that is ``known``.
    """
    biases, products = layer.biases(shape).value, layer.macs(shape)
    of_activations = layer.macs_of_activations(shape).value
    macs = products.value + of_activations
    bias_uses = biases * shape.output.positions if products else 0
    own = 2 * macs + bias_uses + layer.operations(shape).value
    after = _activation_flops(activation, shape) if activation else 0
    used = counts = Counts(
        layer.weights(shape).value,
        biases,
        layer.buffers(shape).value,
        macs,
        own + after,
        macs + bias_uses,
        of_activations,
    )
    reach = layer.reach(shape)
    reaches = layer.reaches(shape) if layer.merges else ()
    if known is not None:
        reach = known.setdefault(reach, reach)
        reaches = tuple([known.setdefault(path, path) for path in reaches])
    if shares:
        counts = used._replace(weights=0, biases=0, buffers=0)
    return Costs(layer, shape, reach, reaches, counts, after, used)


def _activation_flops(name: str, shape: Shape) -> int:
    layer = _activation(name)
    return layer.operations(layer.on((shape.output,))).value


@cache
def _activation(name: str) -> Layer:
    return ACTIVATIONS[name]()
