"""Code lenses: totals above the network, shares above its groups, calls and blocks."""

from __future__ import annotations

from collections.abc import Iterator

from archcalc.analysis.analysis import Analysis
from archcalc.diagnostics import Span
from archcalc.record import Record
from archcalc.server.document import BlockInstance, Document, calls_of
from archcalc.server.settings import EditorSettings
from archcalc.wording import counted, share, si, sized, visible


class Lens(Record):
    """A line of text above a span; the one over the file ``opens`` its page."""

    span: Span
    title: str
    opens: bool = False


def lenses(document: Document, settings: EditorSettings) -> Iterator[Lens]:
    """Those of a file that is whole: totals and shares are of everything."""
    if not (settings.lenses and document.is_ours):
        return
    analysis = document.known.analysis
    if document.tree is None or analysis is None:
        return
    top = min((node.key_span for node in document.tree.pairs.values()), key=lambda s: s.start)
    yield Lens(top, _totals(analysis), opens=True)
    for name, symbol in document.names.blocks.items():
        calls = calls_of(document, name)
        shares = _shares(analysis, _rows(calls))
        yield Lens(symbol.span, f"{counted(len(calls), 'instance')}: {shares}")
    for span, instances in document.instances.items():
        if all(instance.is_layer for instance in instances):
            continue
        yield Lens(span, _shares(analysis, _rows(instances)))


def _rows(instances: list[BlockInstance]) -> set[int]:
    return {index for one in instances for index in range(one.start, one.stop)}


def _totals(analysis: Analysis) -> str:
    totals = analysis.totals
    peak = sized(totals.peak_bytes)
    return (
        f"{visible(analysis.name)}: {counted(totals.layers, 'layer')}, {si(totals.params)} params, "
        f"{si(totals.macs)} MACs, peak {peak} (open the page)"
    )


def _shares(analysis: Analysis, rows: set[int]) -> str:
    covered = [analysis.nodes[index] for index in rows]
    params, macs = sum(row.params for row in covered), sum(row.macs for row in covered)
    return (
        f"{share(params, analysis.totals.params)} of params, "
        f"{share(macs, analysis.totals.macs)} of MACs"
    )
