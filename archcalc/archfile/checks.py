"""What can be said of an entry's values before any instance of it: keys, constants, expressions."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from archcalc.archfile import arithmetic, expressions
from archcalc.archfile.declaration import Block
from archcalc.archfile.expressions import COPY
from archcalc.archfile.nodes import UNKNOWN, MappingNode, ScalarNode, SequenceNode, YamlNode
from archcalc.archfile.values import read
from archcalc.diagnostics import Fault, Findings
from archcalc.network.synonyms import meant_key
from archcalc.network.values import ValueType
from archcalc.wording import did_you_mean, nearest, quoted


def given(findings: Findings, name: str, node: YamlNode, more: str = "") -> YamlNode:
    """The value of a variable or argument; one that is left out is a mistake."""
    if not isinstance(node, ScalarNode) or node.text or node.value is not None:
        return node
    findings.error("wrong-value", f"{quoted(name)} has no value{more}", node.span)
    return node._replace(value=UNKNOWN)


class Checks:
    """Reports mistakes; ``names`` are the arguments and variables that expressions may use.

    ``used`` are those that they do use. ``copies`` has an item for each repeated entry around what
    is read, from the outside: whether an expression uses the index of its copies.
    """

    def __init__(self, findings: Findings, names: Collection[str], blocks: Collection[str]) -> None:
        self.findings = findings
        self.names = dict.fromkeys(names)
        self.blocks = blocks
        self.used: set[str] = set()
        self.copies: list[bool] = []

    def constant(self, name: str, takes: ValueType[Any] | None, node: YamlNode) -> None:
        """Reports a value that is wrong and no expression."""
        if takes is None or is_dynamic(node):
            return
        try:
            read(takes, node)
        except Fault as fault:
            self.findings.fault(fault, node.span, about=f"{name} ")

    def unknown_keys(
        self, node: MappingNode, known: Collection[str], what: str, hint: str | None = None
    ) -> set[str]:
        """Reports keys that are not known; the keys not there that were probably meant."""
        meant = set()
        for name, value in node.pairs.items():
            if name not in known:
                fault, close = unknown_key(name, node.pairs, known, what, hint)
                meant.update([close] if close else [])
                self.findings.fault(fault, value.key_span)
        return meant

    def expressions(self, node: YamlNode) -> bool:
        """Reports what is wrong with the expressions below a node whatever their values are.

        Returns:
            Whether one of them reads a size of a layer, or the index of a copy.
        """
        if not is_dynamic(node):
            return False
        varies = False
        for scalar in scalars(node):
            if "$" not in scalar.text:
                continue
            try:
                expression = expressions.parse(scalar.text)
                if not expression.names and not expression.paths:
                    arithmetic.evaluate(expression, {})
            except Fault as fault:
                self.findings.fault(fault, scalar.span)
                continue
            varies = varies or bool(expression.paths)
            self.used.update(expression.names)
            self.used.update(path.partition(".")[0] for path in expression.paths)
            for name in expression.names:
                if name == COPY and name not in self.names and self.copies:
                    self.copies[-1] = varies = True
                elif name not in self.names:
                    self.findings.fault(self._undefined(name, scalar.text), scalar.span)
        return varies

    def _undefined(self, name: str, text: str) -> Fault:
        """That there is no such variable; it may be a part of a layer's name, ``a`` of ``a-b``."""
        unknown = arithmetic.undefined(name, self.names)
        for other in expressions.other_names(text):
            if other.startswith(f"{name}-"):
                unknown.suggestions = expressions.no_name(other).suggestions
        return unknown


def unknown_key(
    name: str, written: Collection[str], known: Collection[str], what: str, hint: str | None = None
) -> tuple[Fault, str | None]:
    """What there is to say of a key that is not known, and the key that was probably meant."""
    close = meant_key(name, [key for key in known if key not in written])
    hints = (*([hint] if hint else []), *did_you_mean(close))
    return Fault("unknown-key", f"{what} has no key {quoted(name)}", suggestions=hints), close


def unknown_argument(block: Block, name: str) -> Fault:
    has = ", ".join(list(block.arguments)[:12]) or "none"
    return Fault(
        "unknown-argument",
        f"{quoted(block.name)} has no argument {quoted(name)}; it has: {has}",
        suggestions=nearest(name, block.arguments),
    )


def unknown_block(name: str, blocks: Collection[str]) -> Fault:
    fact = f"{quoted(name)} is no block" if name else "block takes the name of a block"
    return Fault("unknown-block", fact, suggestions=nearest(name, blocks))


def is_dynamic(node: YamlNode | None) -> bool:
    if isinstance(node, ScalarNode):
        return "$" in node.text
    return node is not None and any("$" in scalar.text for scalar in scalars(node))


def scalars(node: YamlNode) -> Iterable[ScalarNode]:
    """All scalars below a node, keys not among them."""
    if isinstance(node, ScalarNode):
        return (node,)
    below = node.items if isinstance(node, SequenceNode) else node.pairs.values()
    return [scalar for item in below for scalar in scalars(item)]
