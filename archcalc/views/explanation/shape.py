"""The volumes of a layer and the formula of its output's size."""

from __future__ import annotations

from fractions import Fraction

from archcalc.analysis.analysis import LayerAnalysis
from archcalc.network.layers.pool import AdaptivePooling
from archcalc.network.layers.transposed import ConvTranspose
from archcalc.network.layers.window import Windowed
from archcalc.network.volume import TransposedWindow, Window
from archcalc.rules.illegal_stride import formula
from archcalc.views.explanation.base import Section, together, value


def volumes(layer: LayerAnalysis) -> Section:
    lines = [
        ("input", f"{volume.described()}, from {name}")
        for name, volume in zip(layer.inputs, layer.input_volumes, strict=True)
    ]
    return Section("", [*lines, ("output", layer.output.described())])


def output_size(layer: LayerAnalysis) -> Section:
    """The formula of the layer type and, per spatial axis, the formula with its numbers."""
    axes = layer.input_volumes[0].axis_names
    kind = layer.layer
    if isinstance(kind, Windowed):
        lines = [(a, _window(w)) for a, w in zip(axes, layer.windows, strict=True)]
    elif isinstance(kind, ConvTranspose):
        windows = kind.transposed(layer.input_volumes[0])
        lines = [(a, _transposed(w)) for a, w in zip(axes, windows, strict=True)]
    elif isinstance(kind, AdaptivePooling):
        sizes = zip(axes, layer.input_volumes[0].spatial, layer.output.spatial, strict=True)
        lines = [(a, _adaptive(n, m)) for a, n, m in sizes]
    else:
        return Section("Output", [("", f"{kind.formula}: {layer.output}")])
    return Section(f"Output size: {kind.formula}", together(lines))


def _window(window: Window) -> str:
    exact = f"{formula(window)} = {value(window.exact)}"
    if window.divides:
        return exact
    if not window.ceil_mode:
        return f"{exact}, rounded down: {window.output}"
    up = -(-window.travel // window.stride) + 1
    if up == window.output:
        return f"{exact}, rounded up: {up}"
    return (
        f"{exact}, rounded up: {up}, less one because the last window would start behind the "
        f"input: {window.output}"
    )


def _transposed(w: TransposedWindow) -> str:
    return (
        f"({w.size} - 1) x {w.stride} - {w.before + w.after} + {w.dilation} x ({w.kernel} - 1) + "
        f"{w.output_padding} + 1 = {w.output}"
    )


def _adaptive(size: int, output: int) -> str:
    if output == 1:
        return f"1 output that reads all {size}"
    window = Fraction(size, output)
    if window.denominator == 1:
        return f"{output}, each from {size}/{output} = {window} rows"
    return (
        f"{output}; output o reads rows floor(o x {size}/{output}) to "
        f"ceil((o + 1) x {size}/{output}) - 1"
    )
