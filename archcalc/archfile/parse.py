"""From text to a tree with places, on YAML's events; `tree` builds it."""

from __future__ import annotations

from typing import Any

import yaml

from archcalc.archfile.nodes import MappingNode, ScalarNode, SequenceNode, YamlNode
from archcalc.archfile.text import check_characters, check_directive, too_large
from archcalc.archfile.tree import TreeBuilder
from archcalc.diagnostics import Fault, Findings, Span
from archcalc.limits import FILE_LIMIT
from archcalc.wording import quoted

LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

# The longest text, in characters, that is read again where a parser gives up: half a second.
PLACES_LIMIT = 250_000


def parse(text: str, findings: Findings) -> MappingNode | None:
    """The tree of a document; None where it is not one mapping. Mistakes go to the findings."""
    try:
        if len(text) > FILE_LIMIT:
            raise too_large()
        check_characters(text)
        check_directive(text)
        builder = _built(text)
    except Fault as fault:
        findings.fault(fault, Span(1, 1))
        return None
    for mistake in builder.faults:
        findings.fault(mistake, Span(1, 1))
    return _root(builder.root, findings)


def broken_line(text: str) -> int | None:
    """The line, from 0, in which something begins that keeps a text from being YAML, if any does.

    It is where a bracket or quote is opened that is never closed, else where a parser gives up.
    """
    try:
        if len(text) > FILE_LIMIT:
            raise too_large()
        check_characters(text)
        check_directive(text)
        builder = TreeBuilder(text)
        builder.take_all(LOADER(text).get_event)
        builder.check_tabs()
    except yaml.MarkedYAMLError as error:
        is_open = any(word in (error.context or "") for word in ("quoted", "flow"))
        mark = (error.context_mark if is_open else None) or error.problem_mark
        return mark.line if mark else 0
    except Fault as fault:
        return fault.span.line - 1 if fault.span else 0
    return None


def _built(text: str) -> TreeBuilder:
    """The tree of a text.

    Parsers place mistakes differently, and one refuses what another reads. What yaml's own says,
    which every machine has, counts, except in files that take it long to read.

    Raises:
        Fault: ``invalid-yaml`` or ``limit-exceeded``.
    """
    try:
        return TreeBuilder(text).build(LOADER)
    except Fault:
        if LOADER is yaml.BaseLoader or len(text) > PLACES_LIMIT:
            raise
    return TreeBuilder(text).build(yaml.BaseLoader)


def _root(root: YamlNode | None, findings: Findings) -> MappingNode | None:
    if isinstance(root, MappingNode):
        return root
    needed = "an architecture is a mapping with name, input and layers"
    if root is None or (isinstance(root, ScalarNode) and not root.text):
        findings.error("wrong-value", f"the file is empty: {needed}", Span(1, 1))
    else:
        what = "a list" if isinstance(root, SequenceNode) else quoted(root.text)
        findings.error("wrong-value", f"the file holds {what}: {needed}", root.span)
    return None
