"""What differs between two analyses: totals, and layer by layer, matched by path."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from archcalc.analysis.analysis import Analysis, LayerAnalysis
from archcalc.network.volume import Volume
from archcalc.record import Record
from archcalc.renderers.markdown import escaped
from archcalc.views.document import receptive_field, whole
from archcalc.views.numbers import exact
from archcalc.wording import decimal, visible

TOTALS = (
    "layers", "params", "weights", "biases", "buffers", "macs", "flops", "connections", "depth",
    "activation_bytes", "peak_bytes",
)  # fmt: skip


class Change(Record):
    old: Any
    new: Any


class Difference(Record):
    """Totals that differ, and the layers that are only in one analysis or not the same in both."""

    names: Change
    input: Change
    outputs: Change
    totals: Mapping[str, Change]
    added: list[LayerAnalysis]
    removed: list[LayerAnalysis]
    changed: Mapping[str, Mapping[str, Change]]

    @property
    def is_empty(self) -> bool:
        parts = (self.totals, self.added, self.removed, self.changed)
        return not any(parts) and self.input.old == self.input.new


def difference(old: Analysis, new: Analysis) -> Difference:
    """What differs; a renamed layer is one that was removed and one that was added."""
    before = {layer.name: layer for layer in old.layers}
    after = {layer.name: layer for layer in new.layers}
    both = [name for name in after if name in before]
    changed = {name: _changes(_facts(before[name], old), _facts(after[name], new)) for name in both}
    totals = {name: (getattr(old.totals, name), getattr(new.totals, name)) for name in TOTALS}
    return Difference(
        Change(old.architecture.name, new.architecture.name),
        Change(str(old.input), str(new.input)),
        Change(_outputs(old), _outputs(new)),
        {name: Change(*pair) for name, pair in totals.items() if pair[0] != pair[1]},
        [layer for name, layer in after.items() if name not in before],
        [layer for name, layer in before.items() if name not in after],
        {name: changes for name, changes in changed.items() if changes},
    )


def _outputs(analysis: Analysis) -> str:
    return ", ".join(f"{name} {volume}" for name, volume in analysis.outputs)


def _facts(layer: LayerAnalysis, analysis: Analysis) -> dict[str, Any]:
    """What is compared of a layer, by the names of the JSON document."""
    return {
        "type": layer.type,
        "activation": layer.activation,
        "inputs": list(layer.inputs),
        **layer.layer.geometry(layer.input_volumes),
        "output": layer.output,
        "weights": layer.weights,
        "biases": layer.biases,
        "buffers": layer.buffers,
        "macs": layer.macs,
        "activation_bytes": layer.activation_bytes,
        "receptive_field": receptive_field(layer.field, whole(analysis.input))["size"],
    }


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Change]:
    keys = dict.fromkeys((*old, *new))
    pairs = {key: Change(old.get(key), new.get(key)) for key in keys}
    return {key: pair for key, pair in pairs.items() if pair.old != pair.new}


def written(value: Any) -> str:
    """A compared value as text."""
    if value is None:
        return "none"
    if isinstance(value, Volume):
        return str(value)
    if isinstance(value, int):
        return exact(value)
    if isinstance(value, list):
        same = len(value) > 1 and all(part == value[0] for part in value)
        return written(value[0]) if same else f"[{', '.join(map(written, value))}]"
    return str(value)


def by_how_much(change: Change) -> str:
    """``+1,413,120 (+2.3 %)``."""
    step = change.new - change.old
    share = f" ({'+' if step > 0 else ''}{_percent(step, change.old)}%)" if change.old else ""
    return f"{step:+,}{share}"


def _percent(step: int, whole: int) -> str:
    from fractions import Fraction

    return decimal(Fraction(100 * step, whole), 1)


def _header(found: Difference) -> Iterator[tuple[str, Change]]:
    for label, change in (("name", found.names), ("input", found.input), ("output", found.outputs)):
        if change.old != change.new:
            yield label, change


def text(found: Difference) -> str:
    """Lines with ``+``, ``-`` and ``~`` for what was added, removed and changed."""
    lines = [f"{label:<17} {c.old} -> {c.new}" for label, c in _header(found)]
    lines += [
        f"{name:<17} {exact(c.old)} -> {exact(c.new)}  {by_how_much(c)}"
        for name, c in found.totals.items()
    ]
    lines += [f"- {_described(layer)}" for layer in found.removed]
    lines += [f"+ {_described(layer)}" for layer in found.added]
    for name, changes in found.changed.items():
        what = "; ".join(f"{k} {written(c.old)} -> {written(c.new)}" for k, c in changes.items())
        lines.append(f"~ {name}: {what}")
    return "".join(f"{visible(line)}\n" for line in lines or ["no difference"])


def _described(layer: LayerAnalysis) -> str:
    return (
        f"{layer.name}: {layer.type} {layer.output}, {exact(layer.params)} params, "
        f"{exact(layer.macs)} MACs"
    )


def markdown(found: Difference) -> str:
    """Tables of totals and of layers, for a pull request."""
    title = found.names.new if found.names.old == found.names.new else " -> ".join(found.names)
    lines = [f"### {escaped(title)}", ""]
    if found.is_empty:
        return "\n".join((*lines, "No difference.", ""))
    lines += [f"- {label}: {escaped(c.old)} → {escaped(c.new)}" for label, c in _header(found)]
    if found.totals:
        lines += ["", "| total | old | new | difference |", "| --- | ---: | ---: | ---: |"]
        lines += [
            f"| {name} | {exact(c.old)} | {exact(c.new)} | {by_how_much(c)} |"
            for name, c in found.totals.items()
        ]
    if found.added or found.removed or found.changed:
        lines += ["", "| layer | change |", "| --- | --- |"]
        lines += [f"| `{x.name}` | removed: {escaped(_cells(x))} |" for x in found.removed]
        lines += [f"| `{x.name}` | added: {escaped(_cells(x))} |" for x in found.added]
        for name, changes in found.changed.items():
            what = "<br>".join(
                f"{key}: {escaped(written(c.old))} → {escaped(written(c.new))}"
                for key, c in changes.items()
            )
            lines.append(f"| `{name}` | {what} |")
    return "\n".join(lines) + "\n"


def _cells(layer: LayerAnalysis) -> str:
    return f"{layer.type} {layer.output}, {exact(layer.params)} params, {exact(layer.macs)} MACs"


def to_json(found: Difference) -> str:
    """The difference as JSON, version 1."""
    document = {
        "version": 1,
        "name": _pair(found.names),
        "input": _pair(found.input),
        "outputs": _pair(found.outputs),
        "totals": {
            name: {**_pair(c), "difference": c.new - c.old} for name, c in found.totals.items()
        },
        "layers": {
            "added": [_layer(layer) for layer in found.added],
            "removed": [_layer(layer) for layer in found.removed],
            "changed": [
                {"name": name, "changes": {key: _pair(c) for key, c in changes.items()}}
                for name, changes in found.changed.items()
            ],
        },
    }
    return json.dumps(document, indent=1, ensure_ascii=True) + "\n"


def _pair(change: Change) -> dict[str, Any]:
    return {"old": _plain(change.old), "new": _plain(change.new)}


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Volume) else value


def _layer(layer: LayerAnalysis) -> dict[str, Any]:
    return {
        "name": layer.name,
        "type": layer.type,
        "output": str(layer.output),
        "params": layer.params,
        "macs": layer.macs,
    }
