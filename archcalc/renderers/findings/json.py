"""Findings as JSON, version 1."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from archcalc.diagnostics import Severity
from archcalc.renderers.json import indented
from archcalc.rules.figures import Held, written
from archcalc.views.against import Agreement
from archcalc.views.document import diagnostic
from archcalc.views.findings import Checked, failing, tally


def render(files: Sequence[Checked], strict: bool) -> str:
    counts = tally(files)
    document = {
        "version": 1,
        "files": [_file(checked, strict) for checked in files],
        "summary": {
            "files": len(files),
            "failed": sum(bool(failing(checked, strict)) for checked in files),
            **{f"{severity.value}s": counts[severity] for severity in Severity},
            "allowed": sum(checked.allowed for checked in files),
        },
    }
    return indented(document)


def _file(checked: Checked, strict: bool) -> dict[str, Any]:
    return {
        "file": checked.source.filename,
        "failed": bool(failing(checked, strict)),
        "diagnostics": map(diagnostic, checked.diagnostics),
        "figures": [_figure(held) for held in checked.figures],
        **({"against": _against(checked.against)} if checked.against else {}),
    }


def _against(agreement: Agreement) -> dict[str, Any]:
    return {
        "source": agreement.source,
        "agreeing": agreement.rows,
        "differing": len(agreement.differing),
        "following": agreement.following,
    }


def _figure(held: Held) -> dict[str, Any]:
    return {
        "kind": held.kind,
        "at": held.path,
        "quantity": held.figure.quantity,
        "stated": written(held.stated),
        "computed": written(held.computed),
        "holds": held.holds,
        "line": held.figure.span.line if held.figure.span else None,
        "variants": [dict(variant) for variant in held.variants],
    }
