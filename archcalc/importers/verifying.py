"""Whether a file says what a graph says, row by row, before anybody sees it."""

from __future__ import annotations

from archcalc.analysis import analysis as core
from archcalc.analysis.analysis import Analysis
from archcalc.analysis.quantities import VOCABULARY
from archcalc.archfile.expansion import expand
from archcalc.archfile.reader import read
from archcalc.diagnostics import Enough, Findings, Source, SpecError
from archcalc.importers.graph import Graph, flat_network
from archcalc.network.network import INPUT, Network


class Unlike(Exception):
    """A file that differs from its graph: a defect of ours."""


def verify(text: str, graph: Graph) -> None:
    """Reads a text and holds every row, the wiring, the outputs and the totals against a graph.

    Raises:
        Unlike: for the first difference.
    """
    written = _read(text, graph.name)
    theirs, ours = flat_network(graph), written
    if len(theirs.nodes) != len(ours.nodes):
        raise Unlike(f"{len(ours.nodes) - 1} rows for {len(theirs.nodes) - 1}")
    source, file = _analysed(theirs), _analysed(ours)
    for mine, wanted in zip(file.layers, source.layers, strict=True):
        for what, here, there in (
            ("type", mine.type, wanted.type),
            ("activation", mine.activation, wanted.activation),
            ("output", mine.output, wanted.output),
            ("params", mine.params, wanted.params),
            ("MACs", mine.macs, wanted.macs),
            ("inputs", mine.node.inputs, wanted.node.inputs),
            ("weights of", mine.node.shares, wanted.node.shares),
            ("frozen", mine.node.frozen, wanted.node.frozen),
        ):
            if here != there:
                raise Unlike(f"{mine.name}: {what} {here}, and in the source {there}")
    if [index for _, index in ours.outputs] != [index for _, index in theirs.outputs]:
        raise Unlike("other outputs than the source")
    if ours.nodes[INPUT].shape != theirs.nodes[INPUT].shape:
        raise Unlike("another input than the source")


def _read(text: str, name: str) -> Network:
    findings, source = Findings(), Source(name, text)
    try:
        network = expand(read(text, name, findings, VOCABULARY), findings)
    except Enough:
        raise SpecError(findings.sorted(), source) from None
    if findings:
        raise SpecError(findings.sorted(), source)
    return network


def _analysed(network: Network) -> Analysis:
    findings = Findings()
    analysis = core.analyze(network, findings, 1, "float32")
    if analysis is None:
        raise SpecError(findings.sorted(), network.source)
    return analysis
