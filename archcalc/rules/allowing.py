"""Which findings a file accepts."""

from __future__ import annotations

from collections.abc import Iterable

from archcalc.network.figures import Allowance


def allowance(allowances: Iterable[Allowance], rule: str, layer: str | None) -> Allowance | None:
    """The entry of ``allow`` that accepts a finding of a rule at a layer's path, if one does."""
    for allowed in allowances:
        if allowed.rule == rule and (allowed.at is None or _covers(allowed.at, layer)):
            return allowed
    return None


def _covers(at: str, layer: str | None) -> bool:
    """Whether a path, in which ``*`` is any one part, names a layer or what it is inside."""
    if layer is None:
        return False
    wanted, parts = at.split("."), layer.split(".")
    return len(wanted) <= len(parts) and all(
        want in ("*", part) for want, part in zip(wanted, parts, strict=False)
    )
