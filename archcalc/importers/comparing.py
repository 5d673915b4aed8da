"""A file held against the code or model file that it describes."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from archcalc.analysis import analysis as core
from archcalc.analysis.analysis import Analysis
from archcalc.diagnostics import Diagnostic, Findings, Severity, Span, SpecError
from archcalc.importers.graph import Refused, flat_network
from archcalc.importers.sources import Request, graph_of
from archcalc.network.network import Code
from archcalc.views.against import RULE, Agreement, diagnostics, held_against
from archcalc.views.findings import Checked


def against(analysis: Analysis, request: Request) -> Agreement:
    """How a file compares with a source at the same input.

    Raises:
        Refused: where the source cannot be said in a file.
        OSError: where it cannot be read.
    """
    graph = graph_of(request._replace(input=analysis.input))
    network, findings = flat_network(graph), Findings()
    code = core.analyze(network, findings, 1, "float32")
    if code is None:
        raise SpecError(findings.sorted(), network.source)

    def where(index: int) -> str:
        return graph.operations[index - 1].where or network.nodes[index].path

    return held_against(analysis, code, where, request.source)


def compared(analysis: Analysis, checked: Checked, request: Request) -> Checked:
    """What was found in a file, with what differs from a source; or why that cannot be said.

    Raises:
        OSError: where the source cannot be read.
    """
    try:
        agreement = against(analysis, request)
    except Refused as refused:
        facts = [f"{request.source} is not compared: {fact}" for fact in str(refused).splitlines()]
        more = [Diagnostic(RULE, Severity.ERROR, fact, Span(1, 1)) for fact in facts]
        return checked._replace(diagnostics=[*more, *checked.diagnostics])
    found = sorted([*diagnostics(agreement), *checked.diagnostics], key=_line)
    return checked._replace(diagnostics=found, against=agreement)


def _line(found: Diagnostic) -> tuple[int, int]:
    return found.span.start if found.span else (0, 0)


def request_of(code: Code) -> Request:
    """What a file names under ``code``."""
    arguments = {name: _python(value) for name, value in code.arguments.items()}
    return Request(f"{code.module}:{code.callable}", arguments=arguments)


def _python(value: Any) -> Any:
    """A value of a file as Python code expects it."""
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else float(value)
    return [_python(item) for item in value] if isinstance(value, list | tuple) else value
