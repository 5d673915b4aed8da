"""What differs between two analyses: their totals, and their layers.

Layers are matched by path, and by what they are where they have another name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from archcalc.analysis.analysis import Analysis, LayerAnalysis
from archcalc.analysis.quantities import QUANTITIES, layer_counts, network_counts
from archcalc.analysis.whole import alike
from archcalc.record import Record
from archcalc.views.document import field
from archcalc.views.inputs import volumes
from archcalc.views.renaming import grouped, renaming

# Bytes of parameters and elements of activations differ where their siblings do.
TOTALS = (
    QUANTITIES["params"],
    *network_counts("params", "param_bytes", "activation_elements"),
)
FACTS = layer_counts(
    "params", "param_bytes", "flops", "connections", "depth", "activation_elements",
)  # fmt: skip


# A layer has its depth, its activations and its memory behind what copies share.
DEPTH = LayerAnalysis._fields.index("depth")


class Change(Record):
    """A named fact in the old analysis and in the new one; None where a layer does not have it."""

    name: str
    old: Any
    new: Any

    @property
    def differs(self) -> bool:
        return bool(self.old != self.new)

    @property
    def step(self) -> int | None:
        """How much a count has grown; None if either value is not known."""
        are_counts = isinstance(self.old, int) and isinstance(self.new, int)
        return self.new - self.old if are_counts else None


class ChangedLayer(Record):
    """A layer of both analyses, by its path, and the facts that differ."""

    path: str
    changes: tuple[Change, ...]


class Difference(Record):
    """How two analyses differ.

    Layers in ``added`` are only in the new analysis, those in ``removed`` only in the old one;
    those that were ``renamed`` are in neither. ``names`` are the new paths of these, by old path.
    """

    old: Analysis
    new: Analysis
    name: Change
    input: Change
    outputs: Change
    totals: tuple[Change, ...]
    added: tuple[LayerAnalysis, ...]
    removed: tuple[LayerAnalysis, ...]
    changed: tuple[ChangedLayer, ...]
    renamed: tuple[tuple[str, str], ...]
    names: Mapping[str, str]

    @property
    def is_empty(self) -> bool:
        layers = (self.added, self.removed, self.changed, self.renamed)
        return not (self.totals or any(layers) or self.input.differs)

    @property
    def headings(self) -> Iterator[Change]:
        """What differs about the networks as a whole, apart from their totals."""
        return (change for change in (self.name, self.input, self.outputs) if change.differs)


def difference(old: Analysis, new: Analysis) -> Difference:
    """What differs."""
    old, new = alike([old, new])
    names = renaming(old, new)
    before = {names.get(layer.name, layer.name): layer for layer in old.layers}
    after = {layer.name: layer for layer in new.layers}
    is_same = _Sameness(old.inputs == new.inputs, names)
    both = [
        ChangedLayer(path, changes(_facts(before[path], old, names), _facts(after[path], new)))
        for path in after
        if path in before and not is_same(before[path], after[path])
    ]
    return Difference(
        old,
        new,
        Change("name", old.network.name, new.network.name),
        Change("input", volumes(old), volumes(new)),
        Change("output", _outputs(old), _outputs(new)),
        changes(_totals(old), _totals(new)),
        tuple(layer for path, layer in after.items() if path not in before),
        tuple(layer for path, layer in before.items() if path not in after),
        tuple(layer for layer in both if layer.changes),
        tuple(grouped(names, old)),
        names,
    )


class _Sameness:
    """Whether two layers have the same facts, which most have: compared without naming any.

    What copies of a layer share is compared once.
    """

    def __init__(self, of_same_input: bool, names: Mapping[str, str]) -> None:
        self.of_same_input = of_same_input
        self.names = names
        self.known: dict[tuple[int, int], bool] = {}

    def __call__(self, old: LayerAnalysis, new: LayerAnalysis) -> bool:
        return (
            self.of_same_input
            and old.activation == new.activation
            and old.node.frozen == new.node.frozen
            and _named(old.inputs, self.names) == new.inputs
            and old[DEPTH:] == new[DEPTH:]
            and self._are_equal(old.costs, new.costs)
            and self._are_equal(old.field, new.field)
        )

    def _are_equal(self, old: object, new: object) -> bool:
        pair = id(old), id(new)
        if pair not in self.known:
            self.known[pair] = old == new
        return self.known[pair]


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Change, ...]:
    """The facts that differ, in the order of the old ones, then of the new."""
    every = (Change(name, old.get(name), new.get(name)) for name in {**old, **new})
    return tuple(change for change in every if change.differs)


def _totals(analysis: Analysis) -> dict[str, int | None]:
    counts = {quantity.name: quantity.total(analysis) for quantity in TOTALS}
    return {"layers": analysis.totals.layers, **counts}


def _outputs(analysis: Analysis) -> str:
    return ", ".join(f"{name} {volume}" for name, volume in analysis.outputs)


def _named(paths: tuple[str, ...], names: Mapping[str, str]) -> tuple[str, ...]:
    return tuple([names.get(path, path) for path in paths]) if names else paths


def _facts(
    layer: LayerAnalysis, analysis: Analysis, names: Mapping[str, str] = {}
) -> dict[str, Any]:
    """The facts about a layer that are compared, under their names in the JSON document."""
    return {
        "type": layer.type,
        "activation": layer.activation,
        "inputs": list(_named(layer.inputs, names)),
        **layer.geometry,
        "output": layer.output,
        **{quantity.name: quantity.of_layers([layer], layer) for quantity in FACTS},
        "receptive_field": _field(layer, analysis),
    }


def _field(layer: LayerAnalysis, analysis: Analysis) -> Any:
    """The sizes of the receptive field; None where it does not see the input."""
    seen = field(analysis, layer)["receptive_field"]
    return seen and seen["size"]
