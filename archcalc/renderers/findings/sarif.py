"""Findings as SARIF 2.1.0 (OASIS, Static Analysis Results Interchange Format)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from archcalc.diagnostics import Diagnostic, Fix, Severity, Span
from archcalc.renderers.json import indented
from archcalc.rules.acceptance import entry
from archcalc.rules.base import Rule
from archcalc.rules.catalogue import RULES
from archcalc.version import __version__
from archcalc.views.findings import Checked, statement
from archcalc.wording import visible

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}


def render(files: Sequence[Checked], strict: bool) -> str:
    places = {rule: index for index, rule in enumerate(RULES)}
    run = {
        "tool": {
            "driver": {
                "name": "archcalc",
                "semanticVersion": __version__,
                "rules": [_rule(rule) for rule in RULES.values()],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": (
            _result(finding, checked.source.filename, places)
            for checked in files
            for finding in checked.diagnostics
        ),
    }
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return indented(document)


def _rule(rule: Rule) -> dict[str, Any]:
    about = f"{rule.summary}. {rule.manual}".strip()
    passes = f"passes:\n\n```yaml\n{rule.passes}```"
    fails = f"fails:\n\n```yaml\n{rule.fails}```"
    accepted = f"to accept a finding:\n\n```yaml\nallow:\n  {entry(rule.id)}\n```"
    shown = (passes, fails) if rule.fails else ()
    examples = "\n\n".join((*shown, *([accepted] if rule.check else [])))
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": about},
        "help": {"text": about, "markdown": f"{about}\n\n{examples}".strip() + "\n"},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
    }


def _result(finding: Diagnostic, filename: str, places: dict[str, int]) -> dict[str, Any]:
    text = "\n".join((statement(finding), *map(visible, finding.suggestions)))
    artifact = {"uri": _uri(filename)}
    location: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": artifact,
            "region": _region(finding.span or Span(1, 1)),
        }
    }
    if finding.layer:
        location["logicalLocations"] = [{"fullyQualifiedName": finding.layer, "kind": "object"}]
    return {
        "ruleId": finding.rule,
        "ruleIndex": places[finding.rule],
        "level": LEVELS[finding.severity],
        "message": {"text": text},
        "locations": [location],
        **({"properties": properties} if (properties := _properties(finding)) else {}),
        **({"fixes": [_fix(fix, artifact) for fix in finding.fixes]} if finding.fixes else {}),
    }


def _properties(finding: Diagnostic) -> dict[str, Any]:
    found = {"allow": finding.allow, "variants": [dict(variant) for variant in finding.variants]}
    return {name: value for name, value in found.items() if value}


def _uri(filename: str) -> str:
    """A file name as a URI reference; bytes that are no UTF-8 are escaped as they are."""
    return quote(filename.replace("\\", "/"), errors="surrogateescape")


def _region(span: Span) -> dict[str, int]:
    (line, column), (end_line, end_column) = span.start, span.end
    return {
        "startLine": line,
        "startColumn": column,
        "endLine": end_line,
        "endColumn": end_column,
    }


def _fix(fix: Fix, artifact: dict[str, str]) -> dict[str, Any]:
    replacements = [
        {"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.text}}
        for edit in fix.edits
    ]
    return {
        "description": {"text": visible(fix.title)},
        "artifactChanges": [{"artifactLocation": artifact, "replacements": replacements}],
    }
