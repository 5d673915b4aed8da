"""Reads expectations, budgets, accepted findings and published figures."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, TypeGuard

from archcalc.archfile.checks import is_dynamic
from archcalc.archfile.keys import ALLOWANCE, PUBLISHED, Section
from archcalc.archfile.nodes import UNKNOWN, MappingNode, SequenceNode, YamlNode
from archcalc.archfile.substitution import value_of_argument
from archcalc.archfile.values import ValueReader, pictured
from archcalc.diagnostics import Fault, Findings, Span
from archcalc.limits import WILDCARDS_LIMIT
from archcalc.network.figures import (
    Allowance,
    Expected,
    Figure,
    Published,
    Vocabulary,
)
from archcalc.network.names import is_word
from archcalc.network.values import Amount, ValueType
from archcalc.wording import nearest, quoted

Quantities = Mapping[str, ValueType[Any]]


class FigureReader:
    """``vocabulary`` has the quantities that a file may state figures of."""

    def __init__(self, findings: Findings, vocabulary: Vocabulary) -> None:
        self.findings = findings
        self.vocabulary = vocabulary
        self._values = ValueReader()

    def expectations(self, node: YamlNode) -> list[Expected]:
        if not self._mapping(node, "expect"):
            return []
        known = self.vocabulary
        return list(self._parts(node, "layers", known.of_network, known.of_layers, whole=True))

    def budgets(self, node: YamlNode) -> list[Expected]:
        if not self._mapping(node, "budget"):
            return []
        known = self.vocabulary
        return list(self._parts(node, "groups", known.bounded, known.bounded_of_layers))

    def _parts(
        self,
        node: MappingNode,
        key: str,
        of_network: Quantities,
        of_layers: Quantities,
        *,
        whole: bool = False,
    ) -> Iterator[Expected]:
        """Figures of the network, and below a key those of paths."""
        rest = MappingNode({k: v for k, v in node.pairs.items() if k != key}, node.span)
        yield from self._expected(rest, None, of_network, whole=whole, other_keys=[key])
        parts, stars = node.get(key), 0
        if parts is None or not self._mapping(parts, key):
            return
        for path, value in parts.pairs.items():
            span = value.key_span
            stars += "*" in path
            if stars > WILDCARDS_LIMIT:
                fact = f"more than {WILDCARDS_LIMIT} paths with *"
                self.findings.error("limit-exceeded", fact, span)
                return
            if self._path(path, span, stars=True) and self._mapping(value, path):
                yield from self._expected(value, path, of_layers, whole=whole)

    def _expected(
        self,
        node: MappingNode,
        at: str | None,
        quantities: Quantities,
        *,
        whole: bool = False,
        other_keys: Iterable[str] = (),
    ) -> Iterator[Expected]:
        for name, value in node.pairs.items():
            span = value.key_span
            if name not in quantities:
                there_are = f"there are: {', '.join([*quantities, *other_keys])}"
                self.findings.error(
                    "unknown-key",
                    f"{quoted(name)} is no quantity {'of a layer' if at else 'of a network'}; "
                    f"{there_are}",
                    span,
                    nearest(name, [*quantities, *other_keys]),
                )
                continue
            figure = self._figure(name, quantities[name], value, whole=whole)
            if figure is not None:
                yield Expected(at, name, figure, value.span)

    def _figure(
        self, quantity: str, takes: ValueType[Any], node: YamlNode, *, whole: bool = False
    ) -> Figure | None:
        figure: Figure | None = self.read(quantity, takes, node)
        if whole and isinstance(figure, Amount) and figure.value.denominator != 1:
            self.findings.error(
                "not-an-integer", f"{quantity} is {figure.text}, which is not whole", node.span
            )
            return None
        return figure

    def allowances(self, node: YamlNode) -> list[Allowance]:
        return list(self._items(node, "allow", ALLOWANCE, self._allowance))

    def _allowance(self, node: MappingNode, read: dict[str, Any]) -> Allowance | None:
        at = read.get("at")
        if at is not None and not self._path(at, node.pairs["at"].span, stars=True):
            return None
        return Allowance(read["rule"], at, read["because"], node.pairs["rule"].span)

    def published(self, node: YamlNode, variables: Collection[str]) -> list[Published]:
        """Printed figures; they may be of other values of the file's ``variables``."""
        make = partial(self._published, variables)
        return list(self._items(node, "published", PUBLISHED, make))

    def _published(
        self, variables: Collection[str], node: MappingNode, read: dict[str, Any]
    ) -> Published | None:
        at, name, span = read.get("at"), read["quantity"], node.pairs["value"].span
        if at is not None and not self._path(at, node.pairs["at"].span, stars=False):
            return None
        quantities = self.vocabulary.of_layers if at else self.vocabulary.of_network
        if name not in quantities:
            self.findings.error(
                "wrong-value",
                f"{quoted(name)} is no quantity {'of a layer' if at else 'of a network'}",
                node.pairs["quantity"].span,
                nearest(name, quantities),
            )
            return None
        figure = self._figure(name, quantities[name], node.pairs["value"])
        values = self._values_of(node.pairs["with"], variables) if "with" in read else ()
        if figure is None or values is None:
            return None
        source, note, size = read["source"], read.get("note"), read.get("input")
        return Published(at, name, figure, source, note, size, span, values)

    def _values_of(
        self, node: YamlNode, variables: Collection[str]
    ) -> tuple[tuple[str, Any], ...] | None:
        """Values of variables by name; None where there is a mistake."""
        if not self._mapping(node, "with"):
            return None
        values = []
        for name, value in node.pairs.items():
            if name not in variables:
                there_are = ", ".join(variables) or "none"
                self.findings.error(
                    "unknown-key",
                    f"there is no variable {quoted(name)}; there are: {there_are}",
                    value.key_span,
                    nearest(name, variables),
                )
            elif is_dynamic(value) or isinstance(value, MappingNode):
                fact = f"with takes values of variables, not {pictured(value)}"
                self.findings.error("wrong-value", fact, value.span)
            else:
                values.append((name, value_of_argument(value, None)))
        return tuple(values) if len(values) == len(node.pairs) else None

    def _items(
        self,
        node: YamlNode,
        what: str,
        section: Section,
        make: Callable[[MappingNode, dict[str, Any]], Any],
    ) -> Iterator[Any]:
        if not isinstance(node, SequenceNode):
            self.findings.error(
                "wrong-value", f"{what} takes a list of mappings, not {pictured(node)}", node.span
            )
            return
        for item in node.items:
            if not self._mapping(item, what):
                continue
            read = self.section(item, section, what)
            if all(read.get(key.name) is not None for key in section.values() if key.required):
                made = make(item, read)
                if made is not None:
                    yield made

    def section(self, node: MappingNode, section: Section, what: str) -> dict[str, Any]:
        """What the keys of a section hold; None for a key with a wrong value."""
        for name, value in node.pairs.items():
            if name not in section:
                self.findings.error(
                    "unknown-key",
                    f"{what} has no key {quoted(name)}",
                    value.key_span,
                    nearest(name, section),
                )
        missing = [name for name, k in section.items() if k.required and name not in node.pairs]
        if missing:
            self.findings.error("missing-key", f"{what} needs {' and '.join(missing)}", node.span)
        pairs = node.pairs
        return {
            name: self.read(name, key.takes, pairs[name]) if key.takes else True
            for name, key in section.items()
            if name in pairs
        }

    def read(self, name: str, takes: ValueType[Any], node: YamlNode) -> Any:
        try:
            value = self._values.read(takes, node)
        except Fault as fault:
            self.findings.fault(fault, node.span, about=f"{name} ")
            return None
        return None if value is UNKNOWN else value

    def _mapping(self, node: YamlNode, what: str) -> TypeGuard[MappingNode]:
        if isinstance(node, MappingNode):
            return True
        self.findings.error(
            "wrong-value", f"{what} takes a mapping, not {pictured(node)}", node.span
        )
        return False

    def _path(self, path: str, span: Span, *, stars: bool) -> bool:
        words = path.split(".")
        if all(is_word(word) or (stars and word == "*") for word in words):
            return True
        fact = "names and indices joined by dots" + (", or * for any one" if stars else "")
        self.findings.error("wrong-value", f"{quoted(path)} is no path: {fact}", span)
        return False
