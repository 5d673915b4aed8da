"""Short files for tests of the language, and what they come to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from archcalc import api
from archcalc.analysis.quantities import VOCABULARY
from archcalc.api import Analysis
from archcalc.archfile.declaration import Architecture
from archcalc.archfile.expansion import expand
from archcalc.archfile.reader import read
from archcalc.diagnostics import Diagnostic, Fault, Findings, Source, SpecError
from archcalc.network.network import INPUT, Network

Finding = tuple[str, int, int]


def file(layers: str, head: str = "", size: str = "32x32x3") -> str:
    """A file with these layers, written from the first column, and other keys before them."""
    return f"name: test\ninput: {size}\n{head}layers:\n{layers}"


def analysis(text: str, **options: object) -> Analysis:
    return api.analyze(api.loads(text), **options)  # type: ignore[arg-type]


def network(text: str) -> Network:
    findings = Findings()
    found = expand(read(text, "test.yaml", findings, VOCABULARY), findings)
    assert findings.sorted() == []
    return found


def wiring(text: str) -> dict[str, tuple[str, ...]]:
    """The paths of all rows, each with the paths of what feeds it."""
    nodes = network(text).nodes
    return {
        node.path: tuple(nodes[feed].path for feed in node.inputs) for node in nodes[INPUT + 1 :]
    }


def paths(text: str) -> list[str]:
    return [node.path for node in network(text).nodes[INPUT + 1 :]]


def declaration(text: str) -> Architecture:
    findings = Findings()
    found = read(text, "test.yaml", findings, VOCABULARY)
    assert findings.sorted() == []
    return found


def diagnostics(text: str) -> list[Diagnostic]:
    """The mistakes of a file; none where it has an analysis."""
    try:
        api.run(Source("test.yaml", text))
    except SpecError as error:
        return error.diagnostics
    return []


def mistakes(text: str) -> list[Finding]:
    """The rule, line and column of every mistake."""
    return [(d.rule, d.span.line, d.span.column) for d in diagnostics(text) if d.span]


def mistake(text: str) -> Diagnostic:
    """The only mistake."""
    found = diagnostics(text)
    assert len(found) == 1, found
    return found[0]


def fault_of(function: Callable[..., Any], *args: Any) -> Fault:
    """The fault that a call ends in."""
    with pytest.raises(Fault) as raised:
        function(*args)
    return raised.value
