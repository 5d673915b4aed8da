"""The nodes as columns: names and inputs of each, and what equal ones share said once."""

from __future__ import annotations

from typing import Any

from archcalc.analysis.analysis import Analysis, LayerAnalysis
from archcalc.network.receptive_field import Field, ReceptiveField
from archcalc.network.window import Window
from archcalc.views.cells import written
from archcalc.views.columns import COLUMNS
from archcalc.views.flowchart import window_of
from archcalc.views.page.numbers import exact
from archcalc.views.rows import row_of
from archcalc.wording import exact as digits

SPANS_SHOWN = 1 << 16  # of all fields together


def columns(analysis: Analysis) -> dict[str, Any]:
    """A column for each fact; ``kind`` and ``field`` are places in ``kinds`` and ``fields``."""
    kinds: dict[tuple[int, int], int] = {}
    fields: dict[int, int] = {}
    kind, seen, shown, axes = list[int](), list[int](), list[Any](), list[Any]()
    spans = 0
    for node in analysis.nodes:
        key = (id(node.costs), node.activation_elements)
        if key not in kinds:
            kinds[key] = len(kinds)
            shown.append(_kind(node, analysis))
        kind.append(kinds[key])
        at = id(node.field)
        if at not in fields:
            fields[at] = len(fields)
            spans += sum(axis.period for axis in node.field.axes or ())
            axes.append(_field(node, analysis, spans <= SPANS_SHOWN))
        seen.append(fields[at])
    return {
        "names": [node.name for node in analysis.nodes],
        "inputs": [_inputs(index, node) for index, node in enumerate(analysis.nodes)],
        "likes": [[i, list(n.node.likes)] for i, n in enumerate(analysis.nodes) if n.node.likes],
        "shares": [
            [i, n.node.shares] for i, n in enumerate(analysis.nodes) if n.node.shares is not None
        ],
        "lines": [node.span.line if node.span else 0 for node in analysis.nodes],
        "kind": kind,
        "kinds": shown,
        "field": seen,
        "fields": axes,
    }


def _inputs(index: int, node: LayerAnalysis) -> int | list[int]:
    """How far back the one input is, or the indices of several."""
    feeds = node.node.inputs
    return index - feeds[0] if len(feeds) == 1 else list(feeds)


def _kind(node: LayerAnalysis, analysis: Analysis) -> dict[str, Any]:
    """What equal layers on equal inputs have in common."""
    output = node.output
    found: dict[str, Any] = {"type": node.type, "out": [*output.spatial, output.channels]}
    if node.type == "input":
        return {**found, "family": "input", "bytes": exact(node.activation_bytes)}
    found["family"] = node.layer.family.value
    if node.activation:
        found["activation"] = node.activation
    if window := window_of(node):
        found["window"] = window.strip()
    if node.layer.merges:
        found["merges"] = 1
    if node.params:
        found["params"] = exact(node.params)
    if node.macs:
        found["macs"] = exact(node.macs)
    if node.activation_bytes:
        found["bytes"] = exact(node.activation_bytes)
    if node.windows:
        names = node.input_volumes[0].axis_names
        found["windows"] = [
            [name, *_window(window)] for name, window in zip(names, node.windows, strict=True)
        ]
    return found


def _window(window: Window) -> list[Any]:
    return [
        window.size,
        window.kernel,
        window.stride,
        window.before,
        window.after,
        window.dilation,
        window.output,
        window.unread,
        window.unread_input,
        window.overhang,
        window.arithmetic,
    ]


def _field(node: LayerAnalysis, analysis: Analysis, has_spans: bool) -> dict[str, Any]:
    """The text of a field, and per axis its step and the spans of a period."""
    field: ReceptiveField = node.field
    row = row_of(node, analysis.totals)
    found: dict[str, Any] = {
        "text": written(COLUMNS["receptive_field"].value(row), digits),
        "stride": written(COLUMNS["field_stride"].value(row), digits),
    }
    if field.is_global:
        found["all"] = 1
    if not field.aligned:
        found["unaligned"] = 1
    if field.axes is not None and has_spans:
        found["axes"] = [_axis(axis) for axis in field.axes]
    return found


def _axis(axis: Field) -> list[Any]:
    return [
        exact(axis.step),
        [[exact(span[0]), exact(span[1])] if span else None for span in axis.spans],
    ]
