"""What a kind of file has no words for: all of it at once, where it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress

from archcalc.diagnostics import Diagnostic, Enough, Findings, Severity, SpecError
from archcalc.network.layers.base import Layer
from archcalc.network.network import Network

Unwritable = Callable[[Layer], Iterable[tuple[str, str]]]
"""The keys of a layer that cannot be written, each with the fact."""


def refuse(network: Network, unwritable: Unwritable) -> None:
    """Holds every layer against what can be written.

    Raises:
        SpecError: where there is one that cannot.
    """
    findings = Findings()
    with suppress(Enough):
        for node in network.nodes:
            for key, fact in unwritable(node.layer) if node.layer else ():
                origin = node.origin
                span = origin.keys.get(key, origin.span) if origin else None
                findings.add(Diagnostic("wrong-value", Severity.ERROR, fact, span, node.path))
    if findings:
        raise SpecError(findings.sorted(), network.source)
