"""At which input sizes a network fits, and at which of them no stride drops input."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from archcalc.diagnostics import Diagnostic, Enough, Findings
from archcalc.network.network import Network
from archcalc.network.volume import Volume
from archcalc.record import Record


class SizeMisfit(Record):
    """What a network answers at sizes at which it does not fit, as it answers at the first."""

    first: Diagnostic
    sizes: list[int]


class Survey(Record):
    """The sizes from ``low`` to ``high``, along every axis of the input alike, and what they give.

    ``fitting`` are those at which every layer stands on its inputs, ``lossless`` those of them at
    which no stride leaves input unread. The others are in ``misfits``, by rule and layer.
    """

    name: str
    channels: int
    axes: int
    low: int
    high: int
    fitting: list[int]
    lossless: list[int]
    misfits: list[SizeMisfit]


def survey(network: Network, input: Volume, low: int, high: int) -> Survey:
    """Builds a network at every size once, with shapes alone.

    ``network`` may be one that does not fit at its own input.
    """
    found = Survey(network.name, input.channels, len(input.spatial), low, high, [], [], [])
    groups: dict[tuple[str, str | None], SizeMisfit] = {}
    for size in range(low, high + 1):
        built, mistake = _built(network, Volume(input.channels, (size,) * len(input.spatial)))
        if mistake is None:
            found.fitting.append(size)
            if not any(_losses(built)):
                found.lossless.append(size)
            continue
        key = mistake.rule, mistake.layer
        groups.setdefault(key, SizeMisfit(mistake, [])).sizes.append(size)
    found.misfits.extend(groups.values())
    return found


def _built(network: Network, input: Volume) -> tuple[Network, Diagnostic | None]:
    findings = Findings()
    built = network
    with suppress(Enough):  # there are more mistakes than are collected
        built = network.rebuilt(findings, inputs=dict.fromkeys(network.inputs, input))
    mistakes = findings.sorted()
    return built, mistakes[0] if mistakes else None


def _losses(network: Network) -> Iterator[bool]:
    """Whether a window leaves input unread, window by window."""
    for node in network.nodes[network.first_layer :]:
        for window in node.shape.windows if node.shape else ():
            yield not (window.divides or window.loses_nothing)
