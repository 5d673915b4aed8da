"""Reads lists of layers: every key is checked, whether the entry is used or not."""

from __future__ import annotations

from collections.abc import Mapping

from archcalc.archfile.checks import given, is_dynamic, unknown_block
from archcalc.archfile.declaration import (
    AnyEntry,
    BlockEntry,
    Branch,
    Common,
    GroupEntry,
    LayerEntry,
    TypeChoice,
)
from archcalc.archfile.keys import BRANCH, GROUP, INSTANCE, LAYER
from archcalc.archfile.layer_values import ACTIVATION, LayerValues, unknown_type, unmerged
from archcalc.archfile.naming import check_reference, give_names, given_name
from archcalc.archfile.nodes import MappingNode, ScalarNode, SequenceNode, YamlNode, mappings
from archcalc.archfile.values import is_unknown, pictured
from archcalc.diagnostics import Span
from archcalc.network.layers import LAYERS, Layer
from archcalc.network.names import unfit_name
from archcalc.network.network import Origin
from archcalc.wording import nearest, quoted


class EntryReader(LayerValues):
    """Reads entries in one scope of values.

    ``inputs`` are those of the network that have names, where they may be named in ``from``.
    """

    inputs: Mapping[str, Span] = {}

    def sequence(self, node: YamlNode, what: str, *, empty: bool = False) -> list[AnyEntry]:
        """The entries of a list, with their running-number names."""
        if not isinstance(node, SequenceNode) or not (node.items or empty):
            fact = "an empty list" if isinstance(node, SequenceNode) else pictured(node)
            self.findings.error(
                "wrong-value", f"{what} takes a list of entries, not {fact}", node.span
            )
            return []
        entries = [self.entry(item) for item in node.items]
        give_names(entries, self.findings, self.inputs)
        return entries

    def entry(self, node: YamlNode) -> AnyEntry:
        around = len(self.copies)
        entry = self._entry(node)
        if len(self.copies) > around:
            entry.uses_copy = self.copies.pop()
        return entry

    def _entry(self, node: YamlNode) -> AnyEntry:
        if is_unknown(node):
            return self._broken(MappingNode({}, node.span))
        if not isinstance(node, MappingNode):
            self.findings.error(
                "wrong-value",
                f"an entry is a mapping such as {{type: conv, filters: 64, kernel: 3}}, "
                f"not {pictured(node)}",
                node.span,
            )
            return self._broken(MappingNode({}, node.span))
        ways: list[str] = [key for key in ("type", "block", "layers") if key in node.pairs]
        if len(ways) != 1:
            self._no_way(node, ways)
            return self._broken(node)
        if ways == ["type"]:
            return self.layer(node)
        return self.instance(node) if ways == ["block"] else self.group(node)

    def _no_way(self, node: MappingNode, ways: list[str]) -> None:
        if ways:
            span = node.pairs[ways[1]].key_span
            fact = f"an entry has one of type, block and layers; this one has {' and '.join(ways)}"
            self.findings.error("conflicting-keys", fact, span)
            return
        of_layers = set[str]().union(*(layer.keys() for layer in LAYERS.values()))
        words = [key for key in node.pairs if key not in of_layers]
        near = [hint for key in words for hint in nearest(key, ("type", "block", "layers"))]
        self.findings.error(
            "missing-key", "an entry needs one of type, block and layers", node.span, near[:1]
        )

    def _broken(self, node: MappingNode) -> LayerEntry:
        """Keeps the name and the place of an entry that cannot be read."""
        entry = LayerEntry(self.common(node), layer_type=None, values={})
        entry.broken = True
        return entry

    def common(self, node: MappingNode) -> Common:
        """What all entries have; an unnamed one gets its name from `give_names`.

        What is read after it, until the entry is whole, is of a copy where the entry is repeated.
        """
        name = node.get("name")
        given = given_name(name, self.findings) if name is not None else None
        feeds, when, repeat = node.get("from"), node.get("when"), node.get("repeat")
        share, frozen = node.get("share"), node.get("frozen")
        for value in (feeds, when, repeat, share, frozen):
            if value is not None:
                self.expressions(value)
        if share is not None:
            self._check_share(share, repeat)
        if frozen is not None:
            self.constant("frozen", LAYER["frozen"].takes, frozen)
        if feeds is not None:
            check_reference(feeds, self.findings)
        if when is not None:
            self.constant("when", LAYER["when"].takes, when)
        if repeat is not None:
            self.constant("repeat", LAYER["repeat"].takes, repeat)
            self.copies.append(False)
        keys = {key: value.span for key, value in node.pairs.items()}
        word = node.get("type")
        written = word.text if isinstance(word, ScalarNode) and not is_dynamic(word) else None
        origin = Origin(node.span, keys, written, node.in_flow)
        return (
            origin,
            given or "",
            given is not None,
            feeds,
            when,
            repeat,
            share,
            frozen,
            False,
            False,
        )

    def _check_share(self, node: YamlNode, repeat: YamlNode | None) -> None:
        if not isinstance(node, ScalarNode) or not node.text:
            fact = f"share takes the name of a layer, or true, not {pictured(node)}"
            self.findings.error("wrong-value", fact, node.span)
        elif node.text == "true" and repeat is None:
            fact = "`share: true` is for the copies of an entry: it needs repeat"
            self.findings.error("missing-key", fact, node.span)

    def layer(self, node: MappingNode) -> LayerEntry:
        word = node.pairs["type"]
        text = word.text if isinstance(word, ScalarNode) else ""
        if "$" in text:
            return self._chosen(node, word)
        layer_type = LAYERS.get(text)
        if layer_type is None:
            self.findings.fault(unknown_type(text, self.blocks), word.span)
            return self._broken(node)
        entry = LayerEntry(self.common(node), layer_type, self.values(node, layer_type))
        if layer_type.merges and "branches" in node.pairs:
            entry.branches = self._branches(node, layer_type)
        elif fault := unmerged(entry, layer_type):
            self.findings.fault(fault, node.span)
            entry.broken = True
        self.build(entry)
        return entry

    def _chosen(self, node: MappingNode, word: YamlNode) -> LayerEntry:
        """A layer whose type an expression gives: which keys it may have is known then."""
        common = self.common(node)
        others = LAYER.keys() - {"activation"}
        values = {name: value for name, value in node.pairs.items() if name not in others}
        keys = {name: value.key_span for name, value in node.pairs.items()}
        entry = LayerEntry(common, None, values, TypeChoice(word, keys))
        for value in (word, *values.values()):
            entry.varies = self.expressions(value) or entry.varies
        if "activation" in values:
            self.constant("activation", ACTIVATION, values["activation"])
        if values.pop("branches", None):
            fact = "branches need a merge that is written out, and type is an expression"
            self.findings.error("conflicting-keys", fact, keys["branches"])
            entry.broken = True
        return entry

    def _branches(self, node: MappingNode, layer_type: type[Layer]) -> list[Branch]:
        value, origin = node.pairs["branches"], node.get("from")
        if isinstance(origin, SequenceNode):
            self.findings.error(
                "conflicting-keys",
                "branches start at one input: from takes one name beside branches, not a list",
                origin.span,
            )
        if isinstance(value, SequenceNode) and value.items:
            named = [(str(index), item) for index, item in enumerate(value.items)]
        elif isinstance(value, MappingNode) and value.pairs:
            named = list(value.pairs.items())
            for name, item in named:
                fact = unfit_name(name)
                if fact:
                    fact = f"{quoted(name)} is no name: {fact}"
                    self.findings.error("wrong-value", fact, item.key_span)
        else:
            self.findings.error(
                "wrong-value",
                f"branches takes a list of sequences, or a mapping of name to sequence, "
                f"not {'an empty one' if not isinstance(value, ScalarNode) else pictured(value)}",
                value.span,
            )
            return []
        return [self._branch(name, item) for name, item in named]

    def _branch(self, name: str, node: YamlNode) -> Branch:
        when, layers = None, node
        if isinstance(node, MappingNode) and not BRANCH.keys().isdisjoint(node.pairs):
            self.unknown_keys(node, BRANCH, "a branch")
            when = node.get("when")
            if when is not None:
                self.expressions(when)
                self.constant("when", BRANCH["when"].takes, when)
            layers = node.get("layers") or SequenceNode([], node.span)
            if "layers" not in node.pairs:
                self.findings.error("missing-key", "a branch with `when` needs layers", node.span)
        return Branch(name, self.sequence(layers, f"branch {name}", empty=True), when)

    def group(self, node: MappingNode) -> GroupEntry:
        self.unknown_keys(node, GROUP, "a group")
        return GroupEntry(
            self.common(node),
            layers=self.sequence(node.pairs["layers"], "layers"),
        )

    def instance(self, node: MappingNode) -> BlockEntry:
        self.unknown_keys(
            node, INSTANCE, "a block's instance", "arguments of the block stand under `with`"
        )
        word = node.pairs["block"]
        choice = word if isinstance(word, ScalarNode) and is_dynamic(word) else None
        name = word.text if isinstance(word, ScalarNode) and not choice else ""
        if name not in self.blocks and not choice:
            self.findings.fault(unknown_block(name, self.blocks), word.span)
        for key in ("first", "last"):
            if key in node.pairs and "repeat" not in node.pairs:
                fact = f"{key} speaks of the {key} copy: it needs repeat"
                self.findings.error("missing-key", fact, node.pairs[key].key_span)
        common = self.common(node)
        if choice:
            self.expressions(choice)
        entry = BlockEntry(
            common,
            block=name,
            choice=choice,
            arguments=self._arguments(node, "with"),
            first=self._arguments(node, "first"),
            last=self._arguments(node, "last"),
        )
        entry.broken = name not in self.blocks and not choice
        return entry

    def _arguments(self, node: MappingNode, key: str) -> Mapping[str, YamlNode]:
        value = node.get(key)
        if value is None:
            return {}
        if not isinstance(value, MappingNode):
            self.findings.error(
                "wrong-value",
                f"{key} takes a mapping of argument to value, not {pictured(value)}",
                value.span,
            )
            return {}
        pairs = {
            name: given(self.findings, name, argument) for name, argument in value.pairs.items()
        }
        for name, argument in pairs.items():
            for mapping in mappings(argument):
                self.findings.error(
                    "wrong-value",
                    f"{quoted(name)} is given a mapping; an argument is a number, a word, "
                    "a truth value or a list",
                    mapping.span,
                )
            self.expressions(argument)
        return pairs
