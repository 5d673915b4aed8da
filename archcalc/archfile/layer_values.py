"""Reads the values of a layer's keys, and builds the layer where no expression stands in them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cache
from typing import Any

from archcalc.archfile.checks import Checks, is_dynamic, unknown_key
from archcalc.archfile.declaration import LayerEntry
from archcalc.archfile.keys import LAYER, MERGE
from archcalc.archfile.nodes import UNKNOWN, MappingNode, ScalarNode, SequenceNode, YamlNode
from archcalc.archfile.values import ValueReader
from archcalc.diagnostics import Fault, Findings
from archcalc.network.layers import ACTIVATIONS, LAYERS, Layer
from archcalc.network.synonyms import meant_type
from archcalc.network.values import Choice, ValueType
from archcalc.wording import did_you_mean, listed, quoted


def _meant(word: str) -> tuple[str, ...]:
    return did_you_mean(meant_type(word, ACTIVATIONS))


ACTIVATION = Choice(
    ACTIVATIONS,
    f"one of {', '.join(ACTIVATIONS)} (prelu and maxout are layers of their own)",
    _meant,
)


class LayerValues(Checks):
    """Layers that are written alike are one object."""

    def __init__(self, findings: Findings, names: Collection[str], blocks: Collection[str]) -> None:
        super().__init__(findings, names, blocks)
        self._alike: dict[tuple[Any, ...], tuple[Layer, str | None]] = {}
        self._values = ValueReader()

    def values(self, node: MappingNode, layer_type: type[Layer]) -> dict[str, YamlNode]:
        known, required = keys_of(layer_type.type)
        meant: set[str] = set()
        if not known.keys() >= node.pairs.keys():
            meant = self.unknown_keys(node, known, layer_type.type)
        if not required <= node.pairs.keys():
            forgotten = [n for n in known if n in required - node.pairs.keys() - meant]
            if forgotten:
                self.findings.fault(missing_keys(layer_type, forgotten), node.span)
        return {name: value for name, value in node.pairs.items() if known.get(name)}

    def build(self, entry: LayerEntry) -> None:
        """Builds the layer where no expression stands in it, else checks what is constant."""
        assert entry.layer_type is not None
        known, required = keys_of(entry.layer_type.type)
        texts = [value.text for value in entry.values.values() if type(value) is ScalarNode]
        alike = (
            (entry.layer_type, *entry.values, *texts) if len(texts) == len(entry.values) else None
        )
        built = self._alike.get(alike) if alike else None
        if built and not entry.broken:
            entry.layer, entry.activation = built
            return
        read, pending = dict[str, Any](), False
        for name, value in entry.values.items():
            if is_dynamic(value):
                entry.varies = self.expressions(value) or entry.varies
                pending = True
                continue
            takes = known[name]
            assert takes is not None
            try:
                read[name] = self._values.read(takes, value)
            except Fault as fault:
                self.findings.fault(fault, value.span, about=f"{name} ")
                entry.broken = True
            else:
                entry.broken = entry.broken or read[name] is UNKNOWN
        entry.broken = entry.broken or not required <= entry.values.keys()
        if entry.broken or pending:
            return
        if not entry.layer_type.keys().get("activation"):
            entry.activation = read.pop("activation", None)
        try:
            entry.layer = entry.layer_type.of_checked(read)
        except Fault as fault:
            self.findings.fault(fault, entry.span_of(fault.key))
            entry.broken = True
            return
        if alike:
            self._alike[alike] = (entry.layer, entry.activation)


@cache
def keys_of(name: str) -> tuple[dict[str, ValueType[Any] | None], frozenset[str]]:
    """The keys that a layer may have, with what its own take, and those that it must have."""
    declared = LAYERS[name].keys().values()
    known: dict[str, ValueType[Any] | None] = dict.fromkeys(MERGE if LAYERS[name].merges else LAYER)
    if LAYERS[name].splits:
        del known["activation"]
    else:
        known["activation"] = ACTIVATION
    known.update({key.name: key.takes for key in declared})
    return known, frozenset(key.name for key in declared if key.required)


def missing_keys(layer_type: type[Layer], names: list[str]) -> Fault:
    return Fault("missing-key", f"{layer_type.type} needs {listed(names)}")


def unknown_type(text: str, blocks: Collection[str]) -> Fault:
    """The fault of a word that is no layer type."""
    fact = f"{quoted(text)} is no layer type" if text else "type takes a layer type"
    hints = did_you_mean(meant_type(text, LAYERS))
    if text in blocks:
        hints = (f"`block: {text}` instantiates a block",)
    return Fault("unknown-type", fact, suggestions=hints)


def unmerged(entry: LayerEntry, layer_type: type[Layer]) -> Fault | None:
    """The fault of a merge without branches that names no list of inputs."""
    if not layer_type.merges or layer_type.takes_one_for_all:
        return None
    if isinstance(entry.feeds, SequenceNode) or is_dynamic(entry.feeds):
        return None
    fact = f"{layer_type.type} merges several inputs: give branches, or a list of names in from"
    return Fault("missing-key", fact)


def key_faults(entry: LayerEntry, layer_type: type[Layer]) -> Iterator[Fault]:
    """What is wrong with the keys of an entry for the type that was chosen."""
    assert entry.choice is not None
    (known, required), written = keys_of(layer_type.type), entry.choice.keys
    meant = set[str | None]()
    for name in entry.values:
        if not known.get(name):
            fault, close = unknown_key(name, written, known, layer_type.type)
            fault.span = written[name]
            meant.add(close)
            yield fault
    forgotten = [name for name in known if name in required - written.keys() - meant]
    if forgotten:
        yield missing_keys(layer_type, forgotten)
    merge = unmerged(entry, layer_type)
    if merge:
        yield merge
