"""The text around a table: what it was calculated for, the totals, and where the cost is."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from archcalc.analysis.analysis import Analysis
from archcalc.analysis.published import verdicts
from archcalc.analysis.quantities import Quantity, network_counts
from archcalc.network.layers import Family
from archcalc.views import inputs
from archcalc.views.verdicts import brief
from archcalc.wording import percent

# Totals that no line below words get a line of their own.
FURTHER = network_counts(
    "weights", "biases", "params", "buffers", "param_bytes", "macs", "flops", "connections",
    "depth", "activation_elements", "activation_bytes", "peak_bytes",
)  # fmt: skip


def heading(analysis: Analysis) -> list[str]:
    """Lines with the name and description, the source, and what it was calculated for."""
    net = analysis.network
    lines = [net.name + (f": {net.description}" if net.description else "")]
    lines += [source(analysis)] if source(analysis) else []
    lines = [" ".join(line.split()) for line in lines]
    size = f"{inputs.word(analysis)} {inputs.described(analysis)}"
    lines.append(f"{size}, batch {analysis.batch}, {analysis.dtype}")
    return lines


def source(analysis: Analysis) -> str:
    """The source and the year of the network; empty if the file names neither."""
    net = analysis.network
    return ", ".join(filter(None, (net.reference, str(net.year or ""))))


def totals(analysis: Analysis, number: Callable[[int], str]) -> list[tuple[str, str]]:
    """The totals as labelled lines."""
    t = analysis.totals
    trained = f"{number(t.weights)} weights + {number(t.biases)} biases"
    buffers = f"; {number(t.buffers)} in buffers" if t.buffers else ""
    outputs = ", ".join(f"{name} {volume}" for name, volume in analysis.outputs[:8])
    more = f", and {len(analysis.outputs) - 8} more" if len(analysis.outputs) > 8 else ""
    return [
        ("layers", f"{number(t.layers)}, depth {t.depth}"),
        ("output", outputs + more),
        ("params", f"{number(t.params)} ({trained}{buffers}), {number(t.param_bytes)} bytes"),
        ("MACs", f"{number(t.macs)} ({number(t.flops)} FLOPs)"),
        (
            "activations",
            f"{number(t.activation_elements)} elements with the {inputs.word(analysis)}, "
            f"{number(t.activation_bytes)} bytes",
        ),
        ("peak", f"{number(t.peak_bytes)} bytes at {t.peak_layer}"),
        *((q.heading, said(q, analysis, number)) for q in FURTHER if q.is_known_of(analysis)),
        ("cost", "; ".join(shares(analysis)) or "no parameters and no MACs"),
        *(("published", line) for line in published(analysis)),
    ]


def said(quantity: Quantity, analysis: Analysis, number: Callable[[int], str]) -> str:
    """A total with its unit."""
    total = quantity.total(analysis)
    return "not known" if total is None else f"{number(total)} {quantity.unit}".rstrip()


def shares(analysis: Analysis) -> Iterator[str]:
    """Per family of layers, in the order of the network, its shares of parameters and MACs."""
    families: dict[Family, tuple[int, int]] = {}
    for layer in analysis.layers:
        params, macs = families.get(layer.layer.family, (0, 0))
        families[layer.layer.family] = (params + layer.params, macs + layer.macs)
    for family, (params, macs) in families.items():
        if 200 * params >= analysis.totals.params > 0 or 200 * macs >= analysis.totals.macs > 0:
            yield (
                f"{family.value}: {percent(params, analysis.totals.params)} of the parameters, "
                f"{percent(macs, analysis.totals.macs)} of the MACs"
            )


def published(analysis: Analysis) -> Iterator[str]:
    """How many printed figures agree and which differ, if there are any for these inputs."""
    if not analysis.network.published or analysis.inputs != analysis.network.written_inputs:
        return
    yield brief(verdicts(analysis))
