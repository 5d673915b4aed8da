"""What the page of a network shows, as columns: equal layers, fields and lines are said once.

A document of its own, which only the script of the page reads: it may change from one version to
the next. Indices count the nodes, the input among them. Every count is exact: sums are made here,
and what a script would round is text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from archcalc.analysis.analysis import Analysis
from archcalc.analysis.whole import trained
from archcalc.network.volume import Volume
from archcalc.views import totals
from archcalc.views.document import JsonObject
from archcalc.views.page.course import course
from archcalc.views.page.layers import columns
from archcalc.views.page.lives import lives
from archcalc.views.page.numbers import exact
from archcalc.views.page.tree import tree
from archcalc.views.page.words import arithmetic, source_text, told
from archcalc.wording import si, visible

VERSION = 1

LATER = {"training": None, "explained": None, "unexplained": ""}


def document(analysis: Analysis, name: str, *, is_whole: bool = True) -> dict[str, Any]:
    """The document of an analysis; ``name`` is what its file is called, without its folder.

    Where it is not ``is_whole``, the course of a step of training is told later, and whoever shows
    it asks for the arithmetic of a layer.
    """
    network = analysis.network
    return {
        "version": VERSION,
        "name": visible(network.name),
        "about": about(analysis),
        "file": visible(name),
        "input": str(analysis.input),
        "axes": list(analysis.input.axis_names),
        "sizes": list(analysis.input.spatial),
        "batch": analysis.batch,
        "dtype": analysis.dtype,
        "outputs": [index for _, index in network.outputs],
        "cards": [list(card) for card in cards(analysis)],
        "totals": sums(analysis),
        **columns(analysis),
        "tree": tree(analysis),
        "lives": lives(analysis),
        **(_last(analysis, name) if is_whole else LATER),
        "findings": told(analysis.diagnostics),
        **source_text(analysis),
    }


def _last(analysis: Analysis, name: str) -> JsonObject:
    return {"training": course(analysis), **arithmetic(trained(analysis), name)}


def about(analysis: Analysis) -> str:
    """The description and where the network is from, on one line."""
    said = filter(None, (analysis.network.description, totals.source(analysis)))
    return visible(" · ".join(" ".join(text.split()) for text in said))


def cards(analysis: Analysis) -> Sequence[tuple[str, str, str]]:
    """Totals: the label, what is shown large, and the whole number for whoever wants it."""
    t = analysis.totals
    outputs = [f"{path} {volume}" for path, volume in analysis.outputs]
    more = f" and {len(outputs) - 1:,} more" if len(outputs) > 1 else ""
    return (
        ("input", _signed(analysis.input), analysis.input.described()),
        (
            "output",
            f"{_signed(analysis.outputs[-1][1])}{more}",
            ", ".join(map(visible, outputs[:8])),
        ),
        ("layers", f"{t.layers:,}", f"{t.layers:,} layers, {t.depth:,} of weights in depth"),
        ("parameters", si(t.params), f"{t.params:,} parameters, {t.param_bytes:,} bytes"),
        ("MACs", si(t.macs), f"{t.macs:,} MACs, {t.flops:,} FLOPs"),
        ("activations", f"{si(t.activation_bytes)}B", f"{t.activation_bytes:,} bytes"),
        ("peak", f"{si(t.peak_bytes)}B", f"{t.peak_bytes:,} bytes at {visible(t.peak_layer)}"),
    )


def _signed(volume: Volume) -> str:
    return str(volume).replace("x", "×")


def sums(analysis: Analysis) -> JsonObject:
    """The totals that columns of the table add up to."""
    t = analysis.totals
    return {
        "params": exact(t.params),
        "macs": exact(t.macs),
        "bytes": exact(t.activation_bytes),
        "peak": exact(t.peak_bytes),
        "peak_layer": visible(t.peak_layer),
    }
