"""What a layer's stride is warned of."""

from __future__ import annotations

from nets import net

from archcalc.diagnostics import Diagnostic


def finding(entry: str, input: str) -> Diagnostic | None:
    found = [d for d in net(entry, input).diagnostics if d.rule == "illegal-stride"]
    assert len(found) <= 1
    return found[0] if found else None


def reported(entry: str, input: str) -> Diagnostic:
    found = finding(entry, input)
    assert found is not None
    return found
