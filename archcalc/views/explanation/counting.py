"""Parameters, computation and memory of a layer, as products of named factors."""

from __future__ import annotations

from archcalc.analysis.analysis import Analysis, LayerAnalysis
from archcalc.analysis.dtypes import DTYPES
from archcalc.network.counts import named, product
from archcalc.network.layers import Memory
from archcalc.network.layers.factors import position_factors
from archcalc.views.explanation.base import Section, counted, written

WITHOUT = {
    Memory.VIEW: "a view of its input",
    Memory.STORED: "it is counted among the weights",
    Memory.IN_PLACE: "computed in place",
    Memory.OWN: "computed in place",
}


def parameters(analysis: Analysis, layer: LayerAnalysis) -> Section:
    costs = layer.costs
    if layer.shared_with:
        uses = f"none of its own: it uses those of {layer.shared_with}, {layer.used_params:,}"
        return Section("Parameters", [("", uses)])
    lines = [
        (name, written(factors))
        for name, factors in (
            ("weights", costs.weights),
            ("biases", costs.biases),
            ("buffers", costs.buffers),
        )
        if factors
    ]
    if costs.weights or costs.biases:
        size = DTYPES[analysis.dtype]
        lines += [
            ("params", f"{layer.weights:,} + {layer.biases:,} = {layer.params:,}"),
            ("bytes", f"{layer.params:,} x {size} ({analysis.dtype}) = {layer.param_bytes:,}"),
        ]
    return Section("Parameters", lines or [("", "none")])


def computation(layer: LayerAnalysis) -> Section:
    """MACs, uses of biases and FLOPs, of one sample."""
    costs = layer.costs
    lines: list[tuple[str, str]] = []
    terms: list[str] = []
    if costs.macs:
        lines += counted("MACs", costs.macs)
        terms.append(f"2 x {layer.macs:,}")
        if costs.bias_uses:
            biases = costs.used.biases
            uses = product(("biases", biases), *position_factors(layer.output))
            lines.append(("bias uses", written(uses)))
            total = f"{layer.macs:,} + {costs.bias_uses:,} = {layer.connections:,}"
            lines.append(("connections", f"MACs + bias uses = {total}"))
            terms.append(f"{costs.bias_uses:,}")
    if costs.operations:
        lines += counted("operations", costs.operations)
        terms.append(f"{costs.operations.value:,}")
    if costs.activation_flops:
        lines.append((f"{layer.activation}", f"one per element = {costs.activation_flops:,}"))
        terms.append(f"{costs.activation_flops:,}")
    if not terms:
        return Section("Computation of one sample", [("", "none that is counted")])
    total = " + ".join(terms)
    shown = total if total == f"{layer.flops:,}" else f"{total} = {layer.flops:,}"
    return Section("Computation of one sample", [*lines, ("FLOPs", shown)])


def memory(analysis: Analysis, layer: LayerAnalysis) -> Section:
    """Elements and bytes of the output's volume, of the whole batch."""
    output = layer.output
    if not layer.activation_elements:
        memory = layer.layer.memory_on(len(layer.inputs))
        return Section("Activation memory", [("", f"none: {WITHOUT[memory]}")])
    interim = layer.layer.interim(layer.costs.shape)
    label = "output" if interim else ""
    factors = named(label, *position_factors(output), ("channels", output.channels)).plus(interim)
    if analysis.batch > 1:
        factors = factors.times(("batch", analysis.batch))
    size = DTYPES[analysis.dtype]
    elements, total = layer.activation_elements, layer.activation_bytes
    lines = [
        *counted("elements", factors),
        ("bytes", f"{elements:,} x {size} ({analysis.dtype}) = {total:,}"),
    ]
    if layer.layer.memory_on(len(layer.inputs)) is not Memory.OWN:
        lines.append(("", "a volume of its own: its input must be kept"))
    return Section("Activation memory", lines)
