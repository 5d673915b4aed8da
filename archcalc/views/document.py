"""The JSON document, version 1: written key by key, so that no key changes by accident."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from typing import Any

from archcalc.analysis.analysis import Analysis, LayerAnalysis, Totals
from archcalc.analysis.quantities import QUANTITIES
from archcalc.diagnostics import Diagnostic, Edit, Fix
from archcalc.network.figures import Computed
from archcalc.network.receptive_field import Field, ReceptiveField
from archcalc.network.volume import Volume
from archcalc.network.window import Window, by_axis

JsonObject = dict[str, Any]

# The quantities that there were when the keys of version 1 were written; newer ones are added to
# them under their own names.
PHASES_SHOWN = 64
OF_VERSION_1 = (
    "output", "weights", "biases", "params", "buffers", "param_bytes", "macs", "flops",
    "connections", "depth", "activation_elements", "activation_bytes", "peak_bytes",
    "receptive_field",
)  # fmt: skip
FURTHER = [quantity for name, quantity in QUANTITIES.items() if name not in OF_VERSION_1]


def to_dict(analysis: Analysis) -> dict[str, Any]:
    """An analysis as plain data: integers, text, lists and mappings.

    Layers share equal parts as one object, which is cheaper to build: copy before you change any.
    """
    return {**about(analysis), "layers": list(layers(analysis)), **summary(analysis)}


def about(analysis: Analysis) -> dict[str, Any]:
    """The keys before the layers."""
    return {
        "version": 1,
        "name": analysis.network.name,
        "source": analysis.network.reference,
        "input": volume(analysis.input),
        **named_inputs(analysis),
        "batch": analysis.batch,
        "dtype": analysis.dtype,
    }


def named_inputs(analysis: Analysis) -> JsonObject:
    """All inputs, where they have names, and the one of which receptive fields are."""
    if not analysis.network.names_inputs:
        return {}
    listed = [{"name": name, "volume": volume(one)} for name, one in analysis.inputs.items()]
    return {"inputs": listed, "field_of": analysis.nodes[analysis.field_of].name}


def summary(analysis: Analysis) -> dict[str, Any]:
    """The keys after the layers."""
    return {
        "totals": {**totals(analysis.totals), **further_totals(analysis)},
        "groups": groups(analysis),
        "outputs": [
            {"name": analysis.nodes[index].name, "volume": volume(analysis.nodes[index].output)}
            for _, index in analysis.network.outputs
        ],
        "diagnostics": [diagnostic(finding) for finding in analysis.diagnostics],
    }


def volume(value: Volume) -> dict[str, Any]:
    return {"channels": value.channels, "spatial": list(value.spatial)}


def layers(analysis: Analysis) -> Iterator[dict[str, Any]]:
    """Every layer, in order; equal costs and fields are one object, which the analysis keeps."""
    shared: dict[tuple[int, int], JsonObject] = {}
    fields: dict[int, JsonObject] = {}
    for row in analysis.layers:
        costs, seen = (id(row.costs), row.activation_elements), id(row.field)
        if costs not in shared:
            shared[costs] = common(row)
        if seen not in fields:
            fields[seen] = field(analysis, row)
        yield {**own(row), **shared[costs], **fields[seen]}


def own(row: LayerAnalysis) -> JsonObject:
    node = row.node
    return {
        "name": node.path,
        "type": row.layer.type,
        "activation": node.activation,
        "inputs": list(row.inputs),
        "line": node.span.line if node.span else None,
        **({"shared_with": row.shared_with} if row.shared_with else {}),
        **further(row),
    }


def further(row: LayerAnalysis) -> JsonObject:
    """Quantities of a layer that are newer than the keys below."""
    known = (
        q
        for q in FURTHER
        if q.of_layer and (row.node.frozen if q.is_rare else row.memory or not q.is_of_training)
    )
    return {q.name: plain(q.of_layer(row)) for q in known if q.of_layer}


def further_totals(analysis: Analysis) -> JsonObject:
    known = (q for q in FURTHER if q.is_known_of(analysis))
    return {q.name: plain(q.of_network(analysis)) for q in known if q.of_network}


def plain(value: Computed | None) -> Any:
    if isinstance(value, Volume):
        return volume(value)
    return list(value) if isinstance(value, tuple) else value


def common(row: LayerAnalysis) -> JsonObject:
    """What layers share that are equal, have equal inputs and keep equally large volumes."""
    windows = row.windows
    return {
        "input": [volume(v) for v in row.input_volumes],
        "output": volume(row.output),
        **row.geometry,
        **({"exact": list(by_axis(exact, windows))} if windows else {}),
        "weights": row.weights,
        "biases": row.biases,
        "params": row.params,
        "buffers": row.buffers,
        "macs": row.macs,
        "flops": row.flops,
        "connections": row.connections,
        "activation_elements": row.activation_elements,
        "activation_bytes": row.activation_bytes,
        **_of_activations(row),
    }


def _of_activations(counted: LayerAnalysis | Totals) -> JsonObject:
    """MACs of weights and of two activations, where there are any of those."""
    if not counted.macs_of_activations:
        return {}
    return {
        "macs_of_weights": counted.macs_of_weights,
        "macs_of_activations": counted.macs_of_activations,
    }


def exact(window: Window) -> str:
    whole, rest = divmod(window.travel, window.stride)
    return str(window.exact if rest else whole + 1)


def field(analysis: Analysis, row: LayerAnalysis) -> JsonObject:
    """What layers with equal receptive fields share; null where they see another input alone."""
    if analysis.network.names_inputs and row.field.reads_nothing:
        return {"receptive_field": None}
    return {"receptive_field": receptive_field(row.field, whole(analysis.seen))}


def receptive_field(field: ReceptiveField, everything: JsonObject) -> JsonObject:
    local = None if field.axes is None else axes(field.axes)
    seen = everything if field.is_global or local is None else local
    return {**seen, "aligned": field.aligned, "global": field.is_global, "local": local}


def whole(network_input: Volume) -> JsonObject:
    """The field of an output that sees the whole input."""
    axes = len(network_input.spatial)
    return {"size": list(network_input.spatial), "stride": ["0"] * axes, "start": [0] * axes}


def axes(fields: tuple[Field, ...]) -> JsonObject:
    """A summary per axis: the largest size, the mean stride, the start of output 0.

    Where neighbouring outputs see fields of different sizes, ``phases`` has the first and last
    position of every output of a period, or null for one that reads nothing; an axis with a longer
    period than is shown has null.
    """
    summary: JsonObject = {
        "size": list(by_axis(_size, fields)),
        "stride": list(by_axis(_stride, fields)),
        "start": [field.start for field in fields],
    }
    if not all(field.is_even for field in fields):
        summary["phases"] = list(by_axis(_phases, fields))
    return summary


def _phases(field: Field) -> list[list[int] | None] | None:
    if len(field.spans) > PHASES_SHOWN:
        return None
    return [list(span) if span else None for span in field.spans]


def _size(field: Field) -> int:
    return field.size


def _stride(field: Field) -> str:
    return str(field.step if len(field.spans) == 1 else field.stride)


def totals(sums: Totals) -> JsonObject:
    return {
        "layers": sums.layers,
        "weights": sums.weights,
        "biases": sums.biases,
        "params": sums.params,
        "buffers": sums.buffers,
        "param_bytes": sums.param_bytes,
        "macs": sums.macs,
        "flops": sums.flops,
        "connections": sums.connections,
        "depth": sums.depth,
        "activation_elements": sums.activation_elements,
        "activation_bytes": sums.activation_bytes,
        "peak_bytes": sums.peak_bytes,
        "peak_layer": sums.peak_layer,
        **_of_activations(sums),
    }


def groups(analysis: Analysis) -> list[dict[str, Any]]:
    """Groups and instances of blocks, each with the sums over its layers."""
    counts = [node.costs.counts for node in analysis.nodes]
    params = [0, *accumulate(count.weights + count.biases for count in counts)]
    macs = [0, *accumulate(count.macs for count in counts)]
    return [
        {
            "name": region.path,
            "block": region.block,
            "line": region.origin.span.line if region.origin else None,
            "params": params[region.stop] - params[region.start],
            "macs": macs[region.stop] - macs[region.start],
        }
        for region in analysis.groups
    ]


def diagnostic(finding: Diagnostic) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "layer": finding.layer,
        "line": finding.span.line if finding.span else None,
        "column": finding.span.column if finding.span else None,
        "copies": finding.copies,
        "message": finding.message,
        "suggestions": list(finding.suggestions),
        "fixes": [fix(change) for change in finding.fixes],
        "allowed": finding.allowed,
        "allow": finding.allow,
        "variants": [dict(variant) for variant in finding.variants],
    }


def fix(value: Fix) -> dict[str, Any]:
    """A change that removes a finding: edits replace what stands from line:column to the end."""
    return {"title": value.title, "edits": [edit(part) for part in value.edits]}


def edit(value: Edit) -> dict[str, Any]:
    (line, column), (end_line, end_column) = value.span.start, value.span.end
    return {
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
        "text": value.text,
    }
