"""Names that a file gives to values: variables, arguments of blocks and of code."""

from __future__ import annotations

from collections.abc import Mapping

from archcalc.archfile.entries import EntryReader
from archcalc.archfile.nodes import (
    UNKNOWN,
    MappingNode,
    ScalarNode,
    SequenceNode,
    YamlNode,
    mappings,
)
from archcalc.archfile.values import pictured
from archcalc.diagnostics import Findings
from archcalc.limits import NAME_LIMIT, VALUES_LIMIT
from archcalc.wording import quoted

Pairs = Mapping[str, YamlNode]


class Definitions:
    """Reads names and their values; mistakes go to the findings."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.accepted: set[str] = set()

    def pairs(self, node: YamlNode, what: str) -> Pairs:
        if isinstance(node, MappingNode):
            return node.pairs
        self.findings.error(
            "wrong-value", f"{what} takes a mapping, not {pictured(node)}", node.span
        )
        return {}

    def values(self, node: YamlNode, what: str) -> Pairs:
        pairs = self.pairs(node, what)
        if len(pairs) <= VALUES_LIMIT:
            return pairs
        self.findings.error(
            "limit-exceeded", f"{len(pairs):,} {what}; at most {VALUES_LIMIT} are read", node.span
        )
        return dict(list(pairs.items())[:VALUES_LIMIT])

    def default(self, name: str, value: YamlNode, reader: EntryReader) -> bool:
        """Checks the value of a variable, or the default of an argument; whether it reads sizes.

        It may use the names of the reader, which are those before it.
        """
        if isinstance(value, ScalarNode) and "$" not in value.text:
            return False
        for mapping in mappings(value):
            is_or_holds = "is" if mapping is value else "holds"
            self.findings.error(
                "wrong-value",
                f"{quoted(name)} {is_or_holds} a mapping; it may be a number, a word, "
                "a truth value or a list",
                mapping.span,
            )
        return reader.expressions(value)

    def accepts(self, name: str, value: YamlNode) -> bool:
        if name in self.accepted:
            return True
        if _is_variable(name) and len(name) <= NAME_LIMIT:
            self.accepted.add(name)
            return True
        self.findings.error(
            "wrong-value",
            f"{quoted(name)} is no name of a value: letters, digits and _, no digit first",
            value.key_span,
        )
        return False

    def arguments(self, node: YamlNode) -> Pairs:
        """The arguments of a block; of a list of names, which is a mistake, the names."""
        if isinstance(node, MappingNode):
            return self.values(node, "arguments")
        self.findings.error(
            "wrong-value",
            "arguments takes a mapping of argument to default, such as "
            f"{{filters: required, stride: 1}}, not {pictured(node)}",
            node.span,
        )
        items = node.items if isinstance(node, SequenceNode) else []
        names = [item for item in items if isinstance(item, ScalarNode)]
        return {
            item.text: ScalarNode("", item.place, value=UNKNOWN)
            for item in names[:VALUES_LIMIT]
            if _is_variable(item.text)
        }


def _is_variable(name: str) -> bool:
    """Whether it has letters, digits and _ alone, and no digit first."""
    return name.isascii() and name.isidentifier()
