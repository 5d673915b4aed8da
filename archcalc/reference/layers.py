"""The reference of layer types, from their declarations, each with a calculated example."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archcalc import api
from archcalc.analysis.analysis import LayerAnalysis
from archcalc.network.layers import LAYERS, Layer
from archcalc.network.layers.keys import Key
from archcalc.renderers.markup import escaped
from archcalc.renderers.wrapping import wrapped
from archcalc.views.explanation.base import written
from archcalc.wording import shown

WIDTH = 100
INDENT = " " * 10


def text(names: Iterable[str] | None = None, *, width: int | None = None) -> str:
    """All layer types, or those named, in at most `WIDTH` columns."""
    room = min(WIDTH, width or WIDTH)
    lines = (
        wrapped(line, room, INDENT) for name in names or LAYERS for line in _text(LAYERS[name])
    )
    return "\n".join(part for line in lines for part in line)


def markdown(names: Iterable[str] | None = None) -> str:
    """All layer types, or those named, with a table of keys each."""
    return "\n".join(line for name in names or LAYERS for line in _markdown(LAYERS[name])) + "\n"


def default(key: Key) -> str:
    """The default as a file writes it; ``required`` where there is none."""
    if key.required:
        return "required"
    if key.default is None:
        return ""
    return shown(key.default)


def example(kind: type[Layer]) -> list[LayerAnalysis]:
    """The rows that the example of a layer type becomes."""
    text = f"name: example\ninput: {kind.example.input}\nlayers:\n"
    text += "".join(f"  - {entry}\n" for entry in kind.example.entries)
    rows = api.analyze(api.loads(text)).layers
    return rows[bool(kind.example.before) : len(rows) - bool(kind.example.after)]


def _facts(kind: type[Layer]) -> Iterator[tuple[str, str]]:
    """Labelled lines about the example: volumes, and every count as its factors."""
    for row in example(kind):
        inputs = " and ".join(map(str, row.input_volumes))
        yield "output", f"{inputs} -> {row.output}"
        for name in ("weights", "biases", "buffers", "macs"):
            factors = getattr(row.costs, name)
            if factors:
                yield "MACs" if name == "macs" else name, written(factors)
        if row.flops:
            yield "FLOPs", f"{row.flops:,}"


def _text(kind: type[Layer]) -> Iterator[str]:
    yield f"{kind.type}: {kind.summary}"
    yield f"  output  {kind.formula}"
    yield f"  memory  {kind.memory.value}"
    declared = kind.keys().values()
    for key in declared:
        given = default(key)
        shown_default = f" ({given})" if given else ""
        yield f"  {key.name}{shown_default}: {key.doc}; {key.takes.text}"
    yield f"  example {kind.example.entry} on {kind.example.input}"
    for label, value in _facts(kind):
        yield f"          {label}: {value}"
    yield ""


def _markdown(kind: type[Layer]) -> Iterator[str]:
    yield f"## {escaped(kind.type)}"
    yield ""
    yield f"{escaped(kind.summary)}. Output: {escaped(kind.formula)}. Memory: {kind.memory.value}."
    yield ""
    declared = kind.keys().values()
    if declared:
        yield "| key | default | meaning | value |"
        yield "| --- | --- | --- | --- |"
        for key in declared:
            given = f"`{default(key)}`" if default(key) else ""
            yield f"| `{key.name}` | {given} | {escaped(key.doc)} | {escaped(key.takes.text)} |"
        yield ""
    yield f"`{kind.example.entry}` on {kind.example.input}:"
    yield ""
    for label, value in _facts(kind):
        yield f"- {label}: {escaped(value)}"
    yield ""
