"""The JSON document, version 1: written key by key, so that no key changes by accident."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from typing import Any

from archcalc.analysis.analysis import Analysis, LayerAnalysis
from archcalc.diagnostics import Diagnostic
from archcalc.network.receptive_field import Field, ReceptiveField
from archcalc.network.volume import Volume
from archcalc.network.window import Window, by_axis


def to_dict(analysis: Analysis) -> dict[str, Any]:
    """An analysis as plain data: integers, text, lists and mappings.

    What is equal in several layers is one object, so that it is made once: copy before you change.
    """
    return {**about(analysis), "layers": list(layers(analysis)), **summary(analysis)}


def about(analysis: Analysis) -> dict[str, Any]:
    """The keys before the layers."""
    return {
        "version": 1,
        "name": analysis.architecture.name,
        "source": analysis.architecture.reference,
        "input": volume(analysis.input),
        "batch": analysis.batch,
        "dtype": analysis.dtype,
    }


def summary(analysis: Analysis) -> dict[str, Any]:
    """The keys behind the layers."""
    return {
        "totals": dict(analysis.totals._asdict()),
        "groups": groups(analysis),
        "outputs": [{"name": name, "volume": volume(v)} for name, v in analysis.outputs],
        "diagnostics": [diagnostic(each) for each in analysis.diagnostics],
    }


def volume(value: Volume) -> dict[str, Any]:
    return {"channels": value.channels, "spatial": list(value.spatial)}


def layers(analysis: Analysis) -> Iterator[dict[str, Any]]:
    """Every layer, in order."""
    fixed: dict[int, Part] = {}
    fields: dict[int, Part] = {}
    everything = whole(analysis.input)
    for row in analysis.layers:
        costs, seen = id(row.costs), id(row.field)
        if costs not in fixed:
            fixed[costs] = common(row)
        if seen not in fields:
            fields[seen] = field(row, everything)
        yield {**own(row), **fixed[costs], **volumes(row), **fields[seen]}


Part = dict[str, Any]


def own(row: LayerAnalysis) -> Part:
    node = row.node
    return {
        "name": node.path,
        "type": row.layer.type,
        "activation": node.activation,
        "inputs": list(row.inputs),
        "line": node.entry.span.line,
    }


def volumes(row: LayerAnalysis) -> Part:
    """What equal sizes have in common."""
    return {
        "activation_elements": row.activation_elements,
        "activation_bytes": row.activation_bytes,
    }


def common(row: LayerAnalysis) -> dict[str, Any]:
    """What equal layers on equal inputs have in common."""
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
    }


def exact(window: Window) -> str:
    whole, rest = divmod(window.travel, window.stride)
    return str(window.exact if rest else whole + 1)


def field(row: LayerAnalysis, everything: Part) -> Part:
    """What equal receptive fields have in common."""
    return {"receptive_field": receptive_field(row.field, everything)}


def receptive_field(field: ReceptiveField, everything: Part) -> Part:
    local = None if field.axes is None else axes(field.axes)
    seen = everything if field.is_global or local is None else local
    return {**seen, "aligned": field.aligned, "global": field.is_global, "local": local}


def whole(network_input: Volume) -> Part:
    """The field of an output that sees the whole input."""
    axes = len(network_input.spatial)
    return {"size": list(network_input.spatial), "stride": ["0"] * axes, "start": [0] * axes}


def axes(fields: tuple[Field, ...]) -> dict[str, Any]:
    return {
        "size": list(by_axis(_size, fields)),
        "stride": list(by_axis(_stride, fields)),
        "start": [field.start for field in fields],
    }


def _size(field: Field) -> int:
    return field.size


def _stride(field: Field) -> str:
    return str(field.step if len(field.spans) == 1 else field.stride)


def groups(analysis: Analysis) -> list[dict[str, Any]]:
    """Groups and instances of blocks with the sums of what they cover."""
    counts = [layer.costs.counts for layer in analysis.layers]
    params = [0, *accumulate(each.weights + each.biases for each in counts)]
    macs = [0, *accumulate(each.macs for each in counts)]
    return [
        {
            "name": each.name,
            "block": each.block,
            "line": each.span.line,
            "params": params[each.region.stop] - params[each.region.start],
            "macs": macs[each.region.stop] - macs[each.region.start],
        }
        for each in analysis.groups
    ]


def diagnostic(each: Diagnostic) -> dict[str, Any]:
    return {
        "rule": each.rule,
        "severity": each.severity.value,
        "layer": each.layer,
        "line": each.span.line,
        "column": each.span.column,
        "copies": each.copies,
        "message": each.message,
        "suggestions": list(each.suggestions),
        "allowed": each.allowed,
    }
