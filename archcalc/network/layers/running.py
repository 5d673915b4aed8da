"""Operations that layers of several types run as."""

from __future__ import annotations

from collections.abc import Callable
from math import prod

from archcalc.network.layers.base import Layer, Shape
from archcalc.network.steps import INDEX_BYTES, SAMPLE, Flow, Home, Precision, Step, Steps
from archcalc.network.window import Window


def alike(window: Window) -> bool:
    """Whether it is padded alike on both sides, as PyTorch's convolutions can pad."""
    return window.before == window.after


def alike_by_half(window: Window) -> bool:
    """The same, by at most half a kernel, as its poolings can."""
    return alike(window) and 2 * window.before <= window.kernel


def unpadded(window: Window) -> bool:
    return not (window.before or window.after)


def padded_before(shape: Shape, itself: Callable[[Window], bool] = alike) -> Steps:
    """A padded copy, unless PyTorch's layer pads every window by ``itself``."""
    windows = shape.windows
    if all(map(itself, windows)):
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
