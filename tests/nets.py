"""Small networks for the tests: a few entries in, an analysis or the rules they break out."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

import archcalc
from archcalc.analysis.analysis import LayerAnalysis


def text(entries: str | Iterable[str], input: str, **top: str) -> str:
    """A file with these layers, an entry each, and other top-level keys."""
    listed = [entries] if isinstance(entries, str) else entries
    keys = "".join(f"{key}: {value}\n" for key, value in top.items())
    layers = "".join(f"  - {entry}\n" for entry in listed)
    return f"name: net\ninput: {input}\n{keys}layers:\n{layers}"


def net(entries: str | Iterable[str], input: str, **top: str) -> archcalc.Analysis:
    return archcalc.analyze(archcalc.loads(text(entries, input, **top)))


def last(entries: str | Iterable[str], input: str, **top: str) -> LayerAnalysis:
    """The last layer of a network."""
    return net(entries, input, **top).layers[-1]


def local(layer: LayerAnalysis) -> list[tuple[int, Fraction, int | None]]:
    """Size, stride and start of a receptive field, per axis."""
    assert layer.field.axes is not None
    return [(field.size, field.stride, field.start) for field in layer.field.axes]


def broken(entries: str | Iterable[str], input: str, **top: str) -> list[tuple[str, str]]:
    """The rules that a network breaks, each with its message."""
    try:
        net(entries, input, **top)
    except archcalc.SpecError as error:
        return [(found.rule, found.message) for found in error.diagnostics]
    return []


def rules(entries: str | Iterable[str], input: str, **top: str) -> list[str]:
    return [rule for rule, _ in broken(entries, input, **top)]


def quantities(layer: LayerAnalysis) -> dict[str, object]:
    """What a layer gives and costs, without what is nothing."""
    found: dict[str, object] = {
        "output": str(layer.output),
        "weights": layer.weights,
        "biases": layer.biases,
        "buffers": layer.buffers,
        "macs": layer.macs,
        "flops": layer.flops,
        "connections": layer.connections,
        "depth": layer.layer.depth,
    }
    return {name: value for name, value in found.items() if value != 0}
