"""What a variant has of some quantities, or why it does not fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from archcalc.analysis.analysis import analyze
from archcalc.analysis.costs import Counts, costs
from archcalc.analysis.quantities import QUANTITIES, check_total
from archcalc.analysis.whole import whole
from archcalc.archfile.arguments import VariableError, parse_variables, parse_volume
from archcalc.archfile.declaration import Architecture
from archcalc.archfile.expansion import expand
from archcalc.diagnostics import Diagnostic, Enough, Findings
from archcalc.limits import LAYER_LIMIT
from archcalc.network.layers import Layer
from archcalc.network.layers.base import Shape
from archcalc.network.network import INPUT, Network
from archcalc.record import Record
from archcalc.variants.space import Variant

NO_PATH = "unknown-path"  # of a variant without the entry for which a value is given
MEMORY = 20_000  # layers on inputs whose counts are remembered

# Totals that need nothing but the counts of the layers.
SUMS: Mapping[str, tuple[str, ...]] = {
    "params": ("weights", "biases"),
    **{name: (name,) for name in Counts._fields},
}


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
        self._counts: dict[tuple[Layer, str | None, Shape, bool], Counts] = {}
        self._values: dict[tuple[str, str], Any] = {}

    def measure(self, variant: Variant) -> Measured:
        """The quantities of a variant in the order of the names.

        Raises:
            ValueError: for a variable that the file has not, or a value that is none.
        """
        findings = Findings()
        variables = {name: value for name, value in variant.items() if name != "input"}
        values = {name: self.value(name, value) for name, value in variables.items()}
        input = self.value("input", variant["input"]) if "input" in variant else None
        try:
            network = expand(self.architecture, findings, values, input, limit=self.limit)
            if not findings:
                return self._of(network, findings)
        except VariableError as error:
            return Misfit(NO_PATH, None, str(error))
        except Enough:
            pass
        return _misfit(findings)

    def value(self, name: str, text: str) -> Any:
        """A value of a variable, or a size of the input, as the file's would be read.

        Raises:
            ValueError: for a variable that the file has not, or a value that is none.
        """
        key = name, text
        if key not in self._values:
            if name == "input":
                self._values[key] = parse_volume(text, self.architecture.input)
            else:
                self._values[key] = parse_variables(self.architecture, {name: text})[name]
        return self._values[key]

    def _of(self, network: Network, findings: Findings) -> Measured:
        if self.is_summed:
            sums = self._sums(network)
            return tuple([sum([sums[part] for part in SUMS[name]]) for name in self.names])
        analysis = analyze(network, findings, self.batch, self.dtype)
        if analysis is None:
            return _misfit(findings)
        analysis = whole(analysis)
        return tuple([QUANTITIES[name].total(analysis) for name in self.names])

    def _sums(self, network: Network) -> dict[str, int]:
        known = self._counts
        if len(known) > MEMORY:
            known.clear()
        rows = []
        for node in network.nodes[INPUT + 1 :]:
            assert node.layer is not None
            assert node.shape is not None
            key = node.layer, node.activation, node.shape, node.shares is not None
            counts = known.get(key)
            if counts is None:
                counts = known[key] = costs(*key).counts
            rows.append(counts)
        totals = map(sum, zip(*rows, strict=True)) if rows else [0] * len(Counts._fields)
        return dict(zip(Counts._fields, totals, strict=True))


def _misfit(findings: Findings) -> Misfit:
    first: Diagnostic = findings.sorted()[0]
    return Misfit(first.rule, first.layer, first.message)
