"""What a variant has of some quantities, or why it does not fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from archcalc.analysis.analysis import analyze
from archcalc.analysis.costs import Counts, costs
from archcalc.analysis.quantities import QUANTITIES, check_total
from archcalc.analysis.whole import alike
from archcalc.archfile.arguments import own_inputs, parse_inputs, parse_variables
from archcalc.archfile.declaration import Architecture, Setting, VariableError
from archcalc.archfile.expansion import expand
from archcalc.archfile.folding import Folded, Folding, is_foldable, is_foldable_with
from archcalc.diagnostics import Diagnostic, Enough, Findings
from archcalc.limits import LAYER_LIMIT
from archcalc.network.layers import Layer
from archcalc.network.layers.base import Shape
from archcalc.network.network import Network, Node
from archcalc.network.volume import Volume
from archcalc.record import Record
from archcalc.variants.space import Variant

NO_PATH = "unknown-path"  # of a variant without the entry for which a value is given
MEMORY = 4_000  # layers on inputs whose counts are remembered

# Totals that need nothing but the counts of the layers.
SUMS: Mapping[str, tuple[str, ...]] = {
    "params": ("weights", "biases"),
    **{name: (name,) for name in Counts._fields},
}

SUMMED = (*Counts._fields, "layers")


class Misfit(Record):
    """Why a variant is none: the rule, the layer, and the first message."""

    rule: str
    layer: str | None
    message: str


Measured = tuple[int | None, ...] | Misfit


class Measurer:
    """Builds variants of an architecture one after the other and gives totals of each.

    Layers that are equal on equal inputs are counted once for all variants.
    """

    def __init__(
        self,
        architecture: Architecture,
        names: Sequence[str],
        *,
        batch: int = 1,
        dtype: str = "float32",
        limit: int = LAYER_LIMIT,
    ) -> None:
        self.architecture = architecture
        self.names = tuple(map(check_total, names))
        self.batch, self.dtype, self.limit = batch, dtype, limit
        self.is_summed = all(name in SUMS for name in self.names)
        self.inputs = {"input", *architecture.inputs}
        self._counts: dict[tuple[Layer, str | None, Shape, bool], tuple[int, ...]] = {}
        folds = self.is_summed and is_foldable(architecture)
        self._folding = Folding(architecture, self._sums) if folds else None
        self._values: dict[tuple[str, str], Any] = {}
        self._unfoldable: set[tuple[str, str]] = set()

    def measure(self, variant: Variant) -> Measured:
        """The quantities of a variant in the order of the names.

        Raises:
            ValueError: for a variable that the file has not, or a value that is none.
        """
        sizes = [name for name in variant if name in self.inputs]
        values = {name: self.value(name, variant[name]) for name in variant.keys() - sizes}
        inputs = dict[str, Volume]()
        for name in sizes:
            inputs |= self._sizes(name, variant[name], values)
        if self._folding and self._unfoldable.isdisjoint(variant.items()):
            quick = self._measured(values, inputs, self._folding)
            if quick is not None:
                return quick
        measured = self._measured(values, inputs, None)
        assert measured is not None
        return measured

    def _measured(
        self, values: Mapping[str, Any], inputs: Mapping[str, Volume], folding: Folding | None
    ) -> Measured | None:
        """Measured with instances folded, or without; None where that is not enough."""
        findings = Findings()
        try:
            network = expand(
                self.architecture, findings, values, inputs, limit=self.limit, folding=folding
            )
            if not findings:
                return self._of(network, findings, folding)
        except VariableError as error:
            return None if folding else Misfit(NO_PATH, None, str(error))
        except Enough:
            pass
        return _misfit(findings)

    def value(self, name: str, text: str) -> Any:
        """A value of a variable, or a size of an input, as the file's would be read.

        Raises:
            ValueError: for a variable that the file has not, or a value that is none.
        """
        key = name, text
        if key not in self._values:
            if name in self.inputs:
                self._values[key] = self._sizes(name, text, {})
            else:
                value = parse_variables(self.architecture, {name: text})[name]
                if isinstance(value, Setting) and not is_foldable_with(value):
                    self._unfoldable.add(key)
                self._values[key] = value
        return self._values[key]

    def _sizes(self, name: str, text: str, values: Mapping[str, Any]) -> dict[str, Volume]:
        """A size of an input, which the file may have by expressions over variables."""
        own = own_inputs(self.architecture, values)
        return parse_inputs(text if name == "input" else {name: text}, own)

    def _of(self, network: Network, findings: Findings, folding: Folding | None) -> Measured | None:
        if self.is_summed:
            rows = [(0,) * len(SUMMED), *map(self._sums, network.nodes[network.first_layer :])]
            sums = dict(zip(SUMMED, map(sum, zip(*rows, strict=True)), strict=True))
            if folding and sums["layers"] > self.limit:
                return None
            return tuple([sum([sums[part] for part in SUMS[name]]) for name in self.names])
        analysis = analyze(network, findings, self.batch, self.dtype)
        if analysis is None:
            return _misfit(findings)
        (analysis,) = alike([analysis], self.names)
        return tuple([QUANTITIES[name].total(analysis) for name in self.names])

    def _sums(self, node: Node) -> tuple[int, ...]:
        """The counts of a layer, or of the layers that a node stands for, and how many they are."""
        layer: Any = node.layer
        if type(layer) is Folded:
            return layer.sums
        assert node.shape is not None
        known, key = self._counts, (layer, node.activation, node.shape, node.shares is not None)
        counts = known.get(key)
        if counts is None:
            if len(known) > MEMORY:
                known.clear()
            counts = known[key] = (*costs(*key).counts, 1)
        return counts


def _misfit(findings: Findings) -> Misfit:
    first: Diagnostic = findings.sorted()[0]
    return Misfit(first.rule, first.layer, first.message)
