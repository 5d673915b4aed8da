"""Which layers use the weights of others, and which are not trained."""

from __future__ import annotations

from archcalc.archfile.budget import Budget
from archcalc.archfile.building import Building
from archcalc.archfile.declaration import Entry
from archcalc.archfile.references import References
from archcalc.archfile.scope import Hidden, Scope, Target
from archcalc.archfile.values import read
from archcalc.diagnostics import Fault, Findings
from archcalc.network.counts import Sum
from archcalc.network.layers.base import Shape
from archcalc.network.network import Network, Node
from archcalc.network.values import TRUTH
from archcalc.wording import counted, quoted

Rows = tuple[int, int]
Weights = tuple[str, Sum, Sum, Sum]


class Sharing:
    """Applies ``share`` and ``frozen`` to the nodes that an entry became."""

    def __init__(
        self, findings: Findings, budget: Budget, building: Building, references: References
    ) -> None:
        self.findings = findings
        self.budget = budget
        self.building = building
        self.references = references
        self._weights: dict[tuple[int, str], Weights] = {}

    def apply(self, entry: Entry, scope: Scope, network: Network, target: Target) -> None:
        (start, stop), nodes = target.rows, network.nodes
        self.budget.spend(stop - start, entry.span)
        if entry.frozen is not None and self._is_frozen(entry, scope):
            network.has_frozen = True
            for index in range(start, stop):
                nodes[index] = nodes[index]._replace(frozen=True)
        if entry.share is None:
            return
        value = self.building.value(entry.share, scope, None)
        if value is True:
            copies = [] if isinstance(target.inner, Hidden) else list(target.inner.values())
            if entry.repeat is None:
                fact = "true is for the copies of an entry: it needs repeat"
                self.findings.once(Fault("missing-key", fact), entry.share.span, "share ")
            for copy in copies[1:] if entry.repeat is not None else ():
                self._pair(entry, nodes, copy.rows, copies[0].rows, "0")
        elif value is not False:
            source = self.references.shared(entry.share, value, scope)
            if source is not None:
                self._pair(entry, nodes, target.rows, source.rows, str(value))

    def _is_frozen(self, entry: Entry, scope: Scope) -> bool:
        assert entry.frozen is not None
        try:
            return read(TRUTH, self.building.substituted(entry.frozen, scope)) is True
        except Fault as fault:
            self.findings.once(fault, entry.frozen.span, "frozen ")
            return False

    def _pair(self, entry: Entry, nodes: list[Node], rows: Rows, source: Rows, name: str) -> None:
        """Layers with weights use those of the others, in order."""
        self.budget.spend(source[1] - source[0], entry.span)
        mine, theirs = self._with_weights(nodes, rows), self._with_weights(nodes, source)
        if mine is None or theirs is None:
            return
        if len(mine) != len(theirs) or not mine:
            those = counted(len(theirs), "layer")
            fact = f"it has {counted(len(mine), 'layer')} with weights, and {quoted(name)} {those}"
            self.findings.once(Fault("weights-mismatch", fact), entry.span_of("share"))
            return
        for index, other in zip(mine, theirs, strict=True):
            node, owner = nodes[index], nodes[other]
            if self._of(node) != self._of(owner):
                own, others = _described(self._of(node)), _described(self._of(owner))
                fact = f"it has {own}, and {quoted(owner.path)} {others}"
                fault = Fault("weights-mismatch", fact)
                self.findings.fault(fault, entry.span_of("share"), layer=node.path)
            nodes[index] = node._replace(shares=other if owner.shares is None else owner.shares)

    def _with_weights(self, nodes: list[Node], rows: Rows) -> list[int] | None:
        """The nodes that have weights of their own or of another; None where a mistake hides it."""
        found = []
        for index in range(*rows):
            if nodes[index].layer is None or nodes[index].shape is None:
                return None
            if any(self._of(nodes[index])[1:]):
                found.append(index)
        return found

    def _of(self, node: Node) -> Weights:
        """What a node has to train and to keep; equal layers on equal inputs have one shape."""
        layer, shape = node.layer, node.shape
        assert layer is not None
        assert isinstance(shape, Shape)
        at = id(shape), layer.type
        if at not in self._weights:
            sums = layer.weights(shape), layer.biases(shape), layer.buffers(shape)
            self._weights[at] = (layer.type, *sums)
        return self._weights[at]


def _described(weights: Weights) -> str:
    """``the weights of a conv, F x F x C x K = 3 x 3 x 64 x 64, with biases K = 64``."""
    kind, *sums = weights
    parts = [
        f"{name} {count.symbols} = {count.numbers}"
        for name, count in zip(("weights", "biases", "buffers"), sums, strict=True)
        if count
    ]
    return f"{', '.join(parts)} ({kind})"
