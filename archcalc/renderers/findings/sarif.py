"""Findings as SARIF 2.1.0 (OASIS, Static Analysis Results Interchange Format)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from archcalc.diagnostics import Diagnostic, Severity
from archcalc.renderers.json import indented
from archcalc.rules.base import Rule
from archcalc.rules.catalogue import RULES
from archcalc.version import __version__
from archcalc.views.findings import Checked
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
        "results": [
            _result(each, checked.source.filename, places)
            for checked in files
            for each in checked.diagnostics
        ],
    }
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return indented(document)


def _rule(rule: Rule) -> dict[str, Any]:
    about = f"{rule.summary}. {rule.manual}".strip()
    passes = f"passes:\n\n```yaml\n{rule.passes}```"
    fails = f"fails:\n\n```yaml\n{rule.fails}```"
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": about},
        "help": {"text": about, "markdown": f"{about}\n\n{passes}\n\n{fails}\n"},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
    }


def _result(each: Diagnostic, filename: str, places: dict[str, int]) -> dict[str, Any]:
    copies = f" (and {each.copies - 1:,} more like it)" if each.copies > 1 else ""
    layer = f"{each.layer}: " if each.layer else ""
    hints = "".join(f"\n{visible(hint)}" for hint in each.suggestions)
    location: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(filename.replace("\\", "/"))},
            "region": {"startLine": each.span.line, "startColumn": each.span.column},
        }
    }
    if each.layer:
        location["logicalLocations"] = [{"fullyQualifiedName": each.layer, "kind": "object"}]
    return {
        "ruleId": each.rule,
        "ruleIndex": places[each.rule],
        "level": LEVELS[each.severity],
        "message": {"text": f"{layer}{visible(each.message)}{copies}{hints}"},
        "locations": [location],
    }
