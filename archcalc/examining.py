"""What is known of a file however many mistakes it has: for whoever shows it while it is typed."""

from __future__ import annotations

from archcalc import api
from archcalc.analysis.analysis import LayerAnalysis
from archcalc.analysis.dtypes import DTYPES
from archcalc.analysis.quantities import VOCABULARY
from archcalc.analysis.walk import Walk
from archcalc.archfile.expansion import expand
from archcalc.archfile.expressions import SIZES
from archcalc.archfile.nodes import MappingNode, YamlNode
from archcalc.archfile.parse import parse
from archcalc.archfile.reader import read
from archcalc.archfile.recovery import recovered
from archcalc.diagnostics import Diagnostic, Enough, Findings, Source, Span, SpecError
from archcalc.network.network import Network
from archcalc.record import Record
from archcalc.rules.catalogue import CHECKS
from archcalc.rules.describing import refused

DTYPE = "float32"


class Examined(Record):
    """A file: its tree, its network as far as it is known, and what is wrong with it.

    ``left`` is the text or, where that is no YAML, what is left of it. Of ``layers``, one for each
    node, those are None that a mistake hides. There is an ``analysis`` where there is no mistake.
    """

    source: Source
    left: str
    diagnostics: list[Diagnostic]
    analysis: api.Analysis | None = None
    network: Network | None = None
    layers: tuple[LayerAnalysis | None, ...] = ()


def examined(source: Source) -> Examined:
    """All that is known of a text. Suggestions of rules are not tried yet (`tried`)."""
    try:
        analysis = api.run(source, chosen=())
    except SpecError as error:
        return _with_mistakes(source, error.diagnostics)
    found = [d._replace(suggestions=()) for d in refused(analysis, CHECKS, ())[0]]
    layers = tuple(analysis.nodes)
    return Examined(source, source.text, found, analysis, analysis.network, layers)


def tried(analysis: api.Analysis) -> list[Diagnostic]:
    """What the rules find, with the suggestions that hold."""
    return api.check(analysis)


def _with_mistakes(source: Source, diagnostics: list[Diagnostic]) -> Examined:
    left, tree = source.text, parse(source.text, Findings())
    if tree is None:
        left = recovered(source.text) or ""
        tree = parse(left, Findings()) if left else None
    found = Examined(source, left, diagnostics)
    findings = Findings()
    try:
        architecture = read(left, source.filename, findings, VOCABULARY)
        misread = findings.sorted()
        network = expand(architecture, findings)
        walk = Walk(network, findings)
        walk.run()
    except Enough:
        return found
    hidden = _hidden(network, tree, misread)
    names = [node.path for node in network.nodes]
    layers = tuple(
        LayerAnalysis(
            node, tuple([names[feed] for feed in node.inputs]), costs, field, depth, 0,
            DTYPES[DTYPE],
        )
        if costs and field and not is_hidden
        else None
        for node, costs, field, depth, is_hidden in zip(
            network.nodes, walk.costs, walk.fields, walk.depths, hidden, strict=True
        )
    )  # fmt: skip
    return found._replace(network=network, layers=layers)


def _hidden(network: Network, tree: MappingNode | None, misread: list[Diagnostic]) -> list[bool]:
    """For each node, whether it, or what it stands on, is in doubt: its entry was misread.

    An entry with a key too many is built without it, which shows other mistakes; its figures are
    not what its author means.
    """
    places = [found.span for found in misread if found.span]
    if not places or tree is None:
        return [False] * len(network.nodes)
    entries = {origin.span for node in network.nodes if (origin := node.origin)}
    entries |= {origin.span for region in network.regions if (origin := region.origin)}
    wrong, blocks, is_all = set[Span](), set[str](), False
    for place in places:
        around = [span for span in entries if span.start <= place.start < span.end]
        if around:
            wrong.add(max(around, key=lambda span: span.start))
            continue
        section, value = _section(tree, place)
        is_all = is_all or section in ("variables", "input", "")
        if section == "blocks" and isinstance(value, MappingNode):
            blocks.add(_section(value, place)[0])
    hidden = [is_all or (node.origin is not None and node.span in wrong) for node in network.nodes]
    for region in network.regions:
        if region.block in blocks or (region.origin and region.origin.span in wrong):
            hidden[region.start : region.stop] = [True] * (region.stop - region.start)
    reads_sizes = any(f".{size}" in network.source.text for size in SIZES)
    for index, node in enumerate(network.nodes):
        if reads_sizes and index and hidden[index - 1]:
            hidden[index] = True  # an expression may read a size of what is in doubt
        elif any(feed >= 0 and hidden[feed] for feed in (*node.inputs, *node.likes)):
            hidden[index] = True
    return hidden


def _section(tree: MappingNode, place: Span) -> tuple[str, YamlNode | None]:
    """The last key above a place, and its value."""
    pairs = tree.pairs.items()
    above = [(name, node) for name, node in pairs if node.key_span.start <= place.start]
    return max(above, key=lambda pair: pair[1].key_span.start, default=("", None))
