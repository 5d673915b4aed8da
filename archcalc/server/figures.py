"""The figures of entries, as they stand behind their lines: sums of what is known, else nothing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from archcalc.analysis.analysis import LayerAnalysis
from archcalc.analysis.quantities import QUANTITIES
from archcalc.network.volume import Volume
from archcalc.server.document import BlockInstance, Document
from archcalc.wording import si, sized, visible

SEPARATOR = " · "


class Figures:
    """The quantities of a document's instances; each quantity is added up once."""

    def __init__(self, document: Document) -> None:
        self.layers = document.known.layers
        self._sums: dict[str, list[int]] = {}
        unknown = (layer is None for layer in self.layers)
        self._unknown = list(accumulate(unknown, initial=0))

    def is_known(self, instance: BlockInstance) -> bool:
        is_there = instance.output >= 0 and instance.start < instance.stop
        return is_there and self._unknown[instance.start] == self._unknown[instance.stop]

    def output(self, instance: BlockInstance) -> LayerAnalysis | None:
        return self.layers[instance.output] if instance.output >= 0 else None

    def count(self, name: str, instance: BlockInstance) -> int | None:
        """A count of an instance, summed over its layers; None where a mistake hides some."""
        if not self.is_known(instance):
            return None
        if name not in self._sums:
            of_layer = QUANTITIES[name].of_layer
            assert of_layer is not None
            counts = [of_layer(layer) if layer else 0 for layer in self.layers]
            numbers = [count if isinstance(count, int) else 0 for count in counts]
            self._sums[name] = list(accumulate(numbers, initial=0))
        sums = self._sums[name]
        return sums[instance.stop] - sums[instance.start]

    def label(self, instances: Sequence[BlockInstance], quantities: Sequence[str]) -> str:
        """``55x55x96 · 34.9k · 105M``; of several instances from the least to the most.

        It is empty where nothing is known.
        """
        parts = (self._part(instances, name) for name in quantities)
        return SEPARATOR.join(part for part in parts if part)

    def _part(self, instances: Sequence[BlockInstance], name: str) -> str:
        if QUANTITIES[name].is_count:
            known = [n for i in instances if (n := self.count(name, i)) is not None]
            write = sized if QUANTITIES[name].unit == "bytes" else si
            return _between([write(n) for n in (min(known), max(known))]) if known else ""
        rows = [row for i in instances if (row := self.output(i))]
        of_layer = QUANTITIES[name].of_layer
        texts = [_written(of_layer(row)) for row in rows] if of_layer else []
        return _between([text for text in texts if text])


def _between(texts: list[str]) -> str:
    if not texts:
        return ""
    first, last = texts[0], texts[-1]
    if len(set(texts)) == 1:
        return first
    return f"{first} to {last}" if first != last else f"{first} and others"


def _written(value: object) -> str:
    if isinstance(value, Volume):
        return visible(str(value))
    return "x".join(map(str, value)) if isinstance(value, tuple) else ""
