"""Operations that layers of several types run as."""

from __future__ import annotations

from math import prod

from archcalc.network.layers.base import Layer, Shape
from archcalc.network.steps import INDEX_BYTES, SAMPLE, Flow, Home, Precision, Step, Steps


def padded_before(shape: Shape, pools: bool = False) -> Steps:
    """A padded copy, where PyTorch's layer cannot pad by itself.

    It pads alike on both sides, and in a pooling at most half a kernel.
    """
    windows = shape.windows
    if all(w.before == w.after and not (pools and 2 * w.before > w.kernel) for w in windows):
        return ()
    sizes = [w.size + w.before + w.after for w in windows]
    return (Step(shape.inputs[0].channels * prod(sizes)),)


def convolved(layer: Layer, shape: Shape) -> Steps:
    """A product that keeps its input, whatever is trained."""
    padded = padded_before(shape)
    product = Step(
        shape.output.elements,
        (~0 if padded else 0,),
        precision=Precision.HALF,
        keeps=(0,),
        weights=layer.weights(shape).value,
        biases=layer.biases(shape).value,
    )
    return (*padded, product)


def largest(elements: int, read: int = 0) -> Step:
    """A maximum keeps its input, and where each one stood."""
    return Step(elements, (read,), keeps=(0,), kept=INDEX_BYTES * elements * SAMPLE)


def viewed(elements: int) -> Step:
    """The same elements in another shape."""
    return Step(elements, home=Home.VIEW, flow=Flow.VIEW)


def untouched(elements: int) -> Step:
    """The input itself."""
    return Step(elements, home=Home.VIEW, flow=Flow.PASSED)
