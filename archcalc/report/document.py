"""The JSON document, version 1: written key by key, so that no key changes by accident."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from archcalc.analysis import Analysis, GroupAnalysis, LayerAnalysis
from archcalc.diagnostics import Diagnostic
from archcalc.receptive_field import Field, ReceptiveField
from archcalc.volume import Volume


def to_dict(analysis: Analysis) -> dict[str, Any]:
    """An analysis as plain data: integers, text, lists and mappings."""
    return {
        "version": 1,
        "name": analysis.architecture.name,
        "source": analysis.architecture.reference,
        "input": volume(analysis.input),
        "batch": analysis.batch,
        "dtype": analysis.dtype,
        "layers": [layer(each, analysis.input) for each in analysis.layers],
        "totals": dict(analysis.totals._asdict()),
        "groups": [group(each, analysis) for each in analysis.groups],
        "outputs": [{"name": name, "volume": volume(v)} for name, v in analysis.outputs],
        "diagnostics": [diagnostic(each) for each in analysis.diagnostics],
    }


def volume(value: Volume) -> dict[str, Any]:
    return {"channels": value.channels, "spatial": list(value.spatial)}


def layer(row: LayerAnalysis, network_input: Volume) -> dict[str, Any]:
    windows = row.costs.windows
    return {
        "name": row.name,
        "type": row.type,
        "activation": row.activation,
        "inputs": list(row.inputs),
        "line": row.place.line,
        "input": [volume(v) for v in row.input_volumes],
        "output": volume(row.output),
        **row.layer.geometry(row.input_volumes),
        **({"exact": [str(window.exact) for window in windows]} if windows else {}),
        "weights": row.weights,
        "biases": row.biases,
        "params": row.params,
        "buffers": row.buffers,
        "macs": row.macs,
        "flops": row.flops,
        "connections": row.connections,
        "activation_elements": row.activation_elements,
        "activation_bytes": row.activation_bytes,
        "receptive_field": receptive_field(row.field, network_input),
    }


def receptive_field(field: ReceptiveField, network_input: Volume) -> dict[str, Any]:
    local = None if field.axes is None else axes(field.axes)
    everything = {
        "size": list(network_input.spatial),
        "stride": ["0"] * len(network_input.spatial),
        "start": [0] * len(network_input.spatial),
    }
    seen = everything if field.is_global or local is None else local
    return {**seen, "aligned": field.aligned, "global": field.is_global, "local": local}


def axes(fields: Iterable[Field]) -> dict[str, Any]:
    known = list(fields)
    return {
        "size": [field.size for field in known],
        "stride": [str(field.stride) for field in known],
        "start": [field.start for field in known],
    }


def group(each: GroupAnalysis, analysis: Analysis) -> dict[str, Any]:
    layers = list(analysis.covered(each.region))
    return {
        "name": each.name,
        "block": each.block,
        "line": each.place.line,
        "params": sum(layer.params for layer in layers),
        "macs": sum(layer.macs for layer in layers),
    }


def diagnostic(each: Diagnostic) -> dict[str, Any]:
    return {
        "rule": each.rule,
        "severity": each.severity.value,
        "layer": each.layer,
        "line": each.place.line,
        "column": each.place.column,
        "copies": each.copies,
        "message": each.message,
        "suggestions": list(each.suggestions),
        "allowed": each.allowed,
    }
