"""What the network is, and its totals."""

from __future__ import annotations

from archcalc.analysis.analysis import Analysis
from archcalc.renderers.markup import code, escaped, table
from archcalc.views import inputs
from archcalc.views.totals import FURTHER, said, source
from archcalc.wording import counted, exact, si


def section(analysis: Analysis) -> list[str]:
    net = analysis.network
    facts = [
        ("", net.description),
        ("", _in_short(analysis)),
        ("Source: ", source(analysis)),
        (f"{inputs.word(analysis).capitalize()}: ", inputs.described(analysis)),
        ("Calculated for ", f"a batch of {analysis.batch:,}, {analysis.dtype}."),
    ]
    lines = []
    for label, text in facts:
        if text:
            lines += ["", f"{label}{escaped(text)}"]
    headings = [("total", False), ("", True), ("", False)]
    return [*lines, "", "## Summary", "", *table(headings, _rows(analysis))]


def _in_short(analysis: Analysis) -> str:
    """A sentence for people who do not build networks."""
    totals = analysis.totals
    outputs = sum(volume.elements for _, volume in analysis.outputs)
    given = sum(volume.elements for volume in analysis.inputs.values())
    what = f"{analysis.input} input" if len(analysis.inputs) == 1 else "set of inputs"
    return (
        f"From every {what}, {counted(given, 'number')}, it "
        f"calculates {counted(outputs, 'number')} in {counted(totals.layers, 'layer')}; that takes "
        f"{si(totals.params)} numbers that training sets (parameters) and {si(totals.macs)} "
        "multiplications with them (MACs)."
    )


def _rows(analysis: Analysis) -> list[tuple[str, str, str]]:
    t = analysis.totals
    outputs = ", ".join(f"{code(name)} {volume}" for name, volume in analysis.outputs[:8])
    return [
        ("layers", exact(t.layers), f"depth {t.depth}: layers with MACs on the longest path"),
        ("outputs", exact(len(analysis.outputs)), outputs),
        ("params", exact(t.params), f"{exact(t.weights)} weights + {exact(t.biases)} biases"),
        ("param bytes", exact(t.param_bytes), f"{si(t.param_bytes)}B of {analysis.dtype}"),
        *([("buffers", exact(t.buffers), "kept with the weights, not trained")] * bool(t.buffers)),
        ("MACs", exact(t.macs), f"{si(t.macs)} multiply-adds of one sample"),
        ("FLOPs", exact(t.flops), f"{si(t.flops)} operations of one sample"),
        (
            "activation bytes",
            exact(t.activation_bytes),
            f"{exact(t.activation_elements)} elements with the {inputs.word(analysis)}",
        ),
        ("peak bytes", exact(t.peak_bytes), f"largest sum alive at once, at {code(t.peak_layer)}"),
        *(
            (quantity.heading, said(quantity, analysis, exact), escaped(quantity.doc))
            for quantity in FURTHER
            if quantity.is_known_of(analysis)
        ),
    ]
