"""Modules that a second file gives as blocks of ours, for models that have more than the known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from archcalc.analysis.quantities import VOCABULARY
from archcalc.archfile.declaration import Block
from archcalc.archfile.expansion import expand
from archcalc.archfile.nodes import MappingNode
from archcalc.archfile.parse import parse
from archcalc.archfile.reader import declared
from archcalc.diagnostics import Enough, Fault, Findings, Source, SpecError
from archcalc.importers.graph import Module
from archcalc.importers.ultralytics.scope import ModelScope
from archcalc.importers.write import scalar
from archcalc.network.network import INPUT, NOWHERE, Network
from archcalc.wording import counted, listed, quoted

READ = ("variables", "blocks")
CHANNELS = "filters"  # the argument that a scale multiplies
REPEATS = "repeats"


class Blocks:
    """The blocks of a file of ours; nothing else in it but its variables is read.

    Raises:
        SpecError: where there are none, or one has a mistake.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        findings = Findings()
        root = _parsed(source.text, findings, source)
        self.pairs = {key: root.pairs[key] for key in READ if key in root.pairs}
        if "blocks" not in self.pairs:
            findings.error("wrong-value", "a file of blocks has them under `blocks`", root.span)
        self.blocks: Mapping[str, Block] = {}
        try:
            network = self._network("name: a\ninput: 1x1x1\nlayers: [{type: identity}]", findings)
        except Enough:
            network = None
        if findings or network is None:
            raise SpecError(findings.sorted(), source)

    def _network(self, text: str, findings: Findings) -> Network:
        """The network of some keys in which the blocks are known; its lines are behind the file's.

        Raises:
            Enough: where there are too many mistakes.
        """
        lines = "\n" * (self.source.text.count("\n") + 1)
        root = _parsed(f"{lines}{text}\n", findings, self.source)
        whole = MappingNode({**self.pairs, **root.pairs}, root.span)
        architecture = declared(whole, self.source, findings, VOCABULARY)
        self.blocks = architecture.blocks
        return expand(architecture, findings)

    def given(self, name: str, arguments: Sequence[Any]) -> dict[str, Any]:
        """What a row gives to a block, by the names of its arguments: in their order.

        Raises:
            ValueError: where there are more than the block takes.
        """
        words = [word for word in self.blocks[name].arguments if word != REPEATS]
        if len(arguments) > len(words):
            takes = f"takes {counted(len(words), 'argument')}"
            more = f" ({listed(words)})" if words else ""
            raise ValueError(f"the block {quoted(name)} {takes}{more}, and has {len(arguments)}")
        return dict(zip(words, arguments, strict=False))

    def add(
        self, scope: ModelScope, x: int, name: str, given: Mapping[str, Any], repeats: int
    ) -> int:
        """The rows of a block; copies of it, where it has no argument for their number."""
        entry = [f"block: {name}", "name: row"]
        if REPEATS in self.blocks[name].arguments:
            given = {**given, REPEATS: repeats}
        elif repeats > 1:
            entry.append(f"repeat: {repeats}")
        pairs = [f"{word}: {_written(value)}" for word, value in given.items()]
        if pairs:
            entry.append(f"with: {{{', '.join(pairs)}}}")
        text = f"name: a\ninput: {scope.volume(x)}\nlayers: [{{{', '.join(entry)}}}]"
        findings = Findings()
        try:
            network = self._network(text, findings)
        except Enough:
            network = None
        if findings or network is None:
            return self._refused(scope, findings)
        try:
            return _copied(scope, x, network)
        except Fault as fault:
            return scope.assembly.refuse(fault.message, scope.where)

    def _refused(self, scope: ModelScope, findings: Findings) -> int:
        last = self.source.text.count("\n") + 1
        for found in findings.sorted():
            line = found.span.line if found.span else last + 1
            inside = f" ({self.source.filename}:{line})" if line <= last else ""
            scope.assembly.refuse(f"{found.message}{inside}", scope.where)
        return NOWHERE


def _parsed(text: str, findings: Findings, source: Source) -> MappingNode:
    try:
        root = parse(text, findings)
    except Enough:
        root = None
    if root is None:
        raise SpecError(findings.sorted(), source)
    return root


def _written(value: Any) -> str:
    return quoted(value, len(value)) if isinstance(value, str) else scalar(value)


def _copied(scope: ModelScope, x: int, network: Network) -> int:
    """Adds the rows of a network whose input is a node, with the blocks that they are of.

    Raises:
        Fault: where there are too many.
    """
    kinds = {region.path: region.block or "" for region in network.regions}
    places = {INPUT: x}
    for index, node in enumerate(network.nodes[1:], INPUT + 1):
        assert node.layer is not None
        parts = node.path.split(".")
        if parts[-1].rstrip("0123456789") == node.layer.type:
            parts.pop()  # a layer without a name of its own
        inner = [
            Module(part, kinds.get(".".join(parts[: place + 2]), ""))
            for place, part in enumerate(parts[1:])
        ]
        modules = (*scope.modules, *inner)
        inputs = tuple(places[feed] for feed in node.inputs)
        made = scope.assembly.add(node.layer, inputs, modules, scope.where)
        shares = None if node.shares is None else places[node.shares]
        scope.assembly.weigh(made, shares, node.frozen)
        if node.activation:
            made = scope.assembly.layer(node.activation, [made], modules, None, scope.where)
        places[index] = made
    return places[network.outputs[0][1]]
