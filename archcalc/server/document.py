"""One open file: its text, its version, and what is known of it, calculated once for each text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property

from archcalc.archfile.nodes import MappingNode
from archcalc.archfile.parse import parse
from archcalc.diagnostics import Diagnostic, Findings, Source, Span
from archcalc.examining import Examined, examined, tried
from archcalc.network.network import Region, RegionKind
from archcalc.record import Record
from archcalc.server.names import Names
from archcalc.server.text import EditedText

LANGUAGE = "archcalc"
_OURS = tuple(
    re.compile(rf"(?m)^(?:['\"]?)(?:{key})(?:['\"]?)[ \t]*:") for key in ("layers", "inputs?")
)


class BlockInstance(Record):
    """What an entry became once: a node, or a region of several; the output is that of the last."""

    path: str
    start: int
    stop: int
    output: int
    block: str | None = None

    @property
    def is_layer(self) -> bool:
        return self.stop - self.start == 1


class Document:
    """The state of a file at one version. Another version is another document."""

    def __init__(
        self, uri: str, version: int | None, text: EditedText, language: str | None = None
    ) -> None:
        self.uri = uri
        self.version = version
        self.text = text
        self.language = language

    @cached_property
    def is_ours(self) -> bool:
        """Whether it has layers and an input at its top, or the client says that it is ours."""
        if self.language == LANGUAGE:
            return True
        text = self.text.text
        if text.lstrip()[:1] == "{":
            tree = self.tree
            return (
                tree is not None
                and "layers" in tree.pairs
                and bool({"input", "inputs"} & {*tree.pairs})
            )
        return all(pattern.search(text) for pattern in _OURS)

    @cached_property
    def known(self) -> Examined:
        return examined(Source(self.uri.rsplit("/", 1)[-1], self.text.text))

    @cached_property
    def tree(self) -> MappingNode | None:
        """The tree of the text, or of what is left of it where it is no YAML."""
        return parse(self.known.left, Findings())

    @cached_property
    def tried(self) -> list[Diagnostic]:
        """What is wrong, with the suggestions of rules that hold: they take longest."""
        known = self.known
        return tried(known.analysis) if known.analysis else known.diagnostics

    @cached_property
    def names(self) -> Names:
        return Names(self.text, self.tree)

    @cached_property
    def instances(self) -> Mapping[Span, list[BlockInstance]]:
        """What each entry became, by where it is written, in the order of the network."""
        network, found = self.known.network, dict[Span, list[BlockInstance]]()
        if network is None:
            return found
        for region in network.regions:
            origin = region.origin
            if origin and region.kind not in (RegionKind.BRANCH, RegionKind.COPY):
                found.setdefault(origin.span, []).append(_of_region(region))
        for span, regions in found.items():
            found[span] = _outermost(regions)
        inside = {span: _covered(regions) for span, regions in found.items()}
        for index, node in enumerate(network.nodes):
            if index >= network.first_layer and node.origin:
                span = node.origin.span
                if index not in inside.get(span, ()):
                    made = BlockInstance(node.path, index, index + 1, index)
                    found.setdefault(span, []).append(made)
        return dict(sorted(found.items()))

    @cached_property
    def nodes(self) -> Mapping[str, int]:
        """The indices of the nodes by path."""
        network = self.known.network
        return {node.path: i for i, node in enumerate(network.nodes)} if network else {}

    @cached_property
    def entries(self) -> list[Span]:
        """Where the entries of the network are written, in the order of the file."""
        return list(self.instances)

    def entry_at(self, place: tuple[int, int]) -> Span | None:
        """The innermost entry of the network around a place."""
        around = [span for span in self.entries if span.start <= place <= span.end]
        return max(around, key=lambda span: span.start, default=None)

    @cached_property
    def sections(self) -> Mapping[str, Span]:
        """The keys at the top of the file."""
        tree = self.tree
        return {} if tree is None else {name: n.key_span for name, n in tree.pairs.items()}


def calls_of(document: Document, block: str) -> list[BlockInstance]:
    """The instances of a block, each copy by itself."""
    network = document.known.network
    regions = [r for r in network.regions if r.block == block] if network else []
    groups = {r.path.rpartition(".")[0] for r in regions if r.kind is RegionKind.COPY}
    return [_of_region(r) for r in regions if r.kind is RegionKind.COPY or r.path not in groups]


def _of_region(region: Region) -> BlockInstance:
    return BlockInstance(region.path, region.start, region.stop, region.output, region.block)


def _outermost(regions: list[BlockInstance]) -> list[BlockInstance]:
    """Those that lie in no other: copies of an entry are in the region of all copies."""
    kept = list[BlockInstance]()
    for region in sorted(regions, key=lambda r: (r.start, -r.stop)):
        if not kept or region.stop > kept[-1].stop or region.start >= kept[-1].stop:
            kept.append(region)
    return kept


def _covered(regions: list[BlockInstance]) -> set[int]:
    return {index for region in regions for index in range(region.start, region.stop)}
