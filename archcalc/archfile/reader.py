"""Reads a file into its declaration and reports every mistake that needs no graph to be seen."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import chain
from typing import Any

from archcalc.archfile import parse as document
from archcalc.archfile.checks import given, is_dynamic, unknown_argument
from archcalc.archfile.declaration import (
    Architecture,
    Block,
    InputEntry,
    instances,
)
from archcalc.archfile.definitions import Definitions, Pairs
from archcalc.archfile.entries import EntryReader
from archcalc.archfile.figures import FigureReader
from archcalc.archfile.keys import BLOCK, CALL, CODE, FILE, NAMED_INPUTS, RANGE, TRAIN
from archcalc.archfile.nodes import (
    MappingNode,
    ScalarNode,
    SequenceNode,
    YamlNode,
)
from archcalc.archfile.values import pictured
from archcalc.diagnostics import Findings, Source, Span
from archcalc.network.figures import Vocabulary
from archcalc.network.names import unfit_input, unfit_name
from archcalc.network.training import Settings
from archcalc.network.values import VOLUME
from archcalc.wording import nearest, quoted


def read(text: str, filename: str, findings: Findings, vocabulary: Vocabulary) -> Architecture:
    """The declaration of a file, as far as it can be read; mistakes go to the findings.

    ``vocabulary`` has the quantities that the file may state figures of.
    """
    root = document.parse(text, findings)
    return declared(root, Source(filename, text), findings, vocabulary)


def declared(
    root: MappingNode | None, source: Source, findings: Findings, vocabulary: Vocabulary
) -> Architecture:
    """The declaration of a tree; of none, an empty one."""
    architecture = Architecture(source)
    if root is not None:
        _FileReader(architecture, findings, vocabulary).file(root)
    return architecture


class _FileReader:
    def __init__(
        self, architecture: Architecture, findings: Findings, vocabulary: Vocabulary
    ) -> None:
        self.architecture = architecture
        self.findings = findings
        self.figures = FigureReader(findings, vocabulary)
        self.definitions = Definitions(findings)

    def file(self, root: MappingNode) -> None:
        net = self.architecture
        file = NAMED_INPUTS if "inputs" in root.pairs else FILE
        values = self.figures.section(root, file, "the file")
        net.name = values.get("name") or ""
        net.description, net.year = values.get("description"), values.get("year")
        net.reference = values.get("source")
        self._with(root, "variables", self.variables)
        self._inputs(root)
        self._with(root, "blocks", self.blocks)
        self._with(root, "layers", self.layers)
        self._check_arguments()
        self._with(root, "outputs", self.outputs)
        self._with(root, "expect", lambda node: net.expect.extend(self.figures.expectations(node)))
        self._with(root, "budget", lambda node: net.budget.extend(self.figures.budgets(node)))
        self._with(root, "allow", lambda node: net.allow.extend(self.figures.allowances(node)))
        self._with(root, "published", self.published)
        self._with(root, "train", self.train)
        self._with(root, "code", self.code)
        self._with(root, "sweep", self.sweep)

    def _with(self, root: MappingNode, key: str, read: Callable[[YamlNode], Any]) -> None:
        node = root.get(key)
        if node is not None:
            read(node)

    def sweep(self, node: YamlNode) -> None:
        """The values to try of variables, of the input or of keys of layers, as lists or ranges."""
        net = self.architecture
        names = [*net.variables, *(net.inputs if len(net.inputs) > 1 else {"input", *net.inputs})]
        for name, value in self.definitions.values(node, "sweep").items():
            if "." not in name and name not in names:
                self.findings.error(
                    "unknown-key",
                    f"there is no variable or input {quoted(name)}",
                    value.key_span,
                    nearest(name, names),
                )
                continue
            text = self._swept(value)
            if text:
                net.sweep[name] = text

    def _swept(self, node: YamlNode) -> str | None:
        if isinstance(node, SequenceNode) and node.items and not is_dynamic(node):
            texts = [_flat(item) for item in node.items]
            if all(texts):
                return ",".join(text or "" for text in texts)
        if isinstance(node, MappingNode):
            read = self.figures.section(node, RANGE, "a range")
            pairs = node.pairs
            if any(read.get(key) is None for key in ("from", "to", *pairs)):
                return None
            step = pairs.get("step")
            ends = f"{_flat(pairs['from'])}..{_flat(pairs['to'])}"
            if read["from"] <= read["to"] and read.get("step", 1) > 0:
                return f"{ends}:{_flat(step)}" if step else ends
            fact = f"{ends} is no range from a lower to a higher number by a step"
        else:
            fact = f"takes a list of values, or {{from, to, step}}, not {pictured(node)}"
        self.findings.error("wrong-value", fact, node.span)
        return None

    def train(self, node: YamlNode) -> None:
        """How the network is trained; a key with a wrong value is as if it was not there."""
        pairs = self.definitions.pairs(node, "train")
        if not isinstance(node, MappingNode):
            return
        values = self.figures.section(node, TRAIN, "train")
        values = {name: value for name, value in values.items() if value is not None}
        for name in {"fit", "reserve"} & values.keys():
            values[name] = int(values[name].value)
        settings = self.architecture.train = Settings(**values)
        spans = {name: value.span for name, value in pairs.items()}
        self.architecture.train_spans = spans
        if settings.contradiction and not {"fit", "reserve"} & pairs.keys() - values.keys():
            self.findings.error("wrong-value", settings.contradiction, spans["reserve"])

    def _inputs(self, root: MappingNode) -> None:
        """The only input, or those with names."""
        if "inputs" not in root.pairs:
            self._with(root, "input", partial(self._input, "input"))
            return
        node = root.pairs["inputs"]
        if "input" in root.pairs:
            fact = "a file has either input or inputs; this one has both"
            self.findings.error("conflicting-keys", fact, node.key_span)
        named = self.definitions.values(node, "inputs")
        if isinstance(node, MappingNode) and not named:
            fact = "inputs takes a mapping of name to volume, not an empty one"
            self.findings.error("wrong-value", fact, node.span)
        for name, value in named.items():
            unfit = unfit_input(name)
            known = self.architecture.variables.get(name)
            if unfit:
                self.findings.error(
                    "wrong-value", f"{quoted(name)} is no name: {unfit}", value.key_span
                )
                continue
            if known:
                line = known.key_span.line
                fact = f"{quoted(name)} is the name of the variable in line {line} already"
                self.findings.error("name-clash", fact, value.key_span)
            self._input(name, value)

    def _input(self, name: str, node: YamlNode) -> None:
        net = self.architecture
        if not is_dynamic(node):
            net.inputs[name] = InputEntry(node.span, self.figures.read(name, VOLUME, node))
            return
        net.inputs[name] = InputEntry(node.span, None, node)
        reader = EntryReader(self.findings, net.variables, ())
        reader.expressions(node)
        net.used |= reader.used

    def published(self, node: YamlNode) -> None:
        net = self.architecture
        for claim in self.figures.published(node, net.variables):
            if claim.input and claim.span and net.names_inputs:
                fact = "input is of a network with one; figures are of the inputs under `inputs`"
                self.findings.error("conflicting-keys", fact, claim.span)
            net.published.append(claim)

    def code(self, node: YamlNode) -> None:
        """The code that the file describes: where it is, and what it is called with."""
        net, place = self.architecture, node
        if isinstance(node, MappingNode):
            values = self.figures.section(node, CODE, "code")
            net.code, place = values.get("call"), node.get("args") or node
        else:
            net.code = self.figures.read("code", CALL, node)
        if not isinstance(node, MappingNode) or "args" not in node.pairs:
            return
        reader = EntryReader(self.findings, net.variables, ())
        for name, value in self.definitions.values(place, "args").items():
            if self.definitions.accepts(name, value):
                self.definitions.default(name, value, reader)
                net.code_arguments[name] = value
        net.used |= reader.used

    def variables(self, node: YamlNode) -> None:
        reader = EntryReader(self.findings, (), ())
        for name, value in self.definitions.values(node, "variables").items():
            if self.definitions.accepts(name, value):
                value = given(self.findings, name, value)
                self.definitions.default(name, value, reader)
                self.architecture.variables[name] = value
                reader.names[name] = None
        self.architecture.used |= reader.used

    def blocks(self, node: YamlNode) -> None:
        pairs = self.definitions.pairs(node, "blocks")
        for name, value in pairs.items():
            span, fact = value.key_span, unfit_name(name)
            if fact:
                self.findings.error("wrong-value", f"{quoted(name)} is no name: {fact}", span)
            block = self._block(name, span, value, pairs)
            if block:
                self.architecture.blocks[name] = block

    def _block(self, name: str, span: Span, node: YamlNode, blocks: Pairs) -> Block | None:
        if not isinstance(node, MappingNode):
            self.findings.error(
                "wrong-value", f"a block is a mapping with layers, not {pictured(node)}", node.span
            )
            return None
        self.figures.section(node, BLOCK, "a block")
        arguments: dict[str, YamlNode | None] = {}
        declared, reads_sizes = node.get("arguments"), False
        variables = self.architecture.variables
        before = EntryReader(self.findings, variables, ())
        words, names = self.definitions.accepted, before.names
        for word, value in self.definitions.arguments(declared).items() if declared else ():
            if word not in words and not self.definitions.accepts(word, value):
                continue
            text = value.text if isinstance(value, ScalarNode) else ""
            if not text or "$" in text:
                more = " (`required` where there is no default)"
                value = given(self.findings, word, value, more)
                reads_sizes = self.definitions.default(word, value, before) or reads_sizes
            arguments[word] = None if text == "required" else value
            names[word] = None
        body = node.get("layers")
        reader = EntryReader(self.findings, names, blocks)
        layers = reader.sequence(body, "layers") if body else []
        self.architecture.used |= before.used & variables.keys()
        self.architecture.used |= reader.used.difference(arguments)
        return Block(name, span, arguments, layers, reads_sizes)

    def _check_arguments(self) -> None:
        """Reports arguments that a block has not, in instances that are left out as well."""
        net = self.architecture
        bodies = [net.layers, *(block.layers for block in net.blocks.values())]
        for entry in chain.from_iterable(map(instances, bodies)):
            block = net.blocks.get(entry.block)
            given = (entry.arguments, entry.first, entry.last)
            for name, value in chain.from_iterable(values.items() for values in given):
                if block and name not in block.arguments:
                    self.findings.once(unknown_argument(block, name), value.key_span)

    def layers(self, node: YamlNode) -> None:
        net = self.architecture
        reader = EntryReader(self.findings, net.variables, net.blocks)
        if net.names_inputs:
            reader.inputs = {name: given.span for name, given in net.inputs.items()}
        net.layers = reader.sequence(node, "layers")
        net.used |= reader.used

    def outputs(self, node: YamlNode) -> None:
        nodes = node.items if isinstance(node, SequenceNode) else [node]
        for item in nodes:
            if not isinstance(item, ScalarNode) or not item.text:
                self.findings.error(
                    "wrong-value", f"outputs takes names, not {pictured(item)}", item.span
                )
                continue
            self.architecture.outputs.append(item)
        if not nodes:
            self.findings.error("wrong-value", "outputs takes names, not an empty list", node.span)


def _flat(node: YamlNode) -> str | None:
    """A scalar, or a list of scalars in brackets, as one writes it on the command line."""
    if isinstance(node, ScalarNode):
        return node.text or None
    if isinstance(node, SequenceNode):
        texts = [item.text for item in node.items if isinstance(item, ScalarNode)]
        return f"[{','.join(texts)}]" if len(texts) == len(node.items) and all(texts) else None
    return None
