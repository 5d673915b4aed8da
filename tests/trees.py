"""What YAML parsers make of a text: a tree with places as plain data, and mistakes."""

from __future__ import annotations

from typing import Any

import yaml

from archcalc.archfile import parse as document
from archcalc.archfile.nodes import ScalarNode, SequenceNode, YamlNode
from archcalc.diagnostics import Findings, Span

FASTEST = document.LOADER
Flat = tuple[Any, ...]


def flat(node: YamlNode | None) -> Flat:
    if node is None:
        return ()
    if isinstance(node, ScalarNode):
        return (node.span, node.text)
    if isinstance(node, SequenceNode):
        return (node.span, [flat(item) for item in node.items])
    return (node.span, [(name, v.key_span, flat(v)) for name, v in node.pairs.items()])


def parsed(text: str, loader: Any = None) -> tuple[Flat, list[tuple[str, Span]]]:
    findings = Findings()
    kept, document.LOADER = document.LOADER, loader or document.LOADER
    try:
        tree = document.parse(text, findings)
    finally:
        document.LOADER = kept
    return flat(tree), [(found.rule, found.span or Span(0, 0)) for found in findings.sorted()]


def both(text: str) -> tuple[Flat, list[tuple[str, Span]]]:
    """What both parsers agree on."""
    fast, slow = parsed(text, FASTEST), parsed(text, yaml.BaseLoader)
    assert fast == slow
    return started(fast[0]), [(rule, Span(*span.start)) for rule, span in fast[1]]


def started(tree: Any) -> Any:
    """A tree with the places where things begin alone."""
    if isinstance(tree, Span):
        return Span(*tree.start)
    return type(tree)(map(started, tree)) if isinstance(tree, list | tuple) else tree
