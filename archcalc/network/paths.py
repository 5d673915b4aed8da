"""Paths of layers, groups and merges, as figures and accepted findings name them."""

from __future__ import annotations

from archcalc.diagnostics import Fault, Findings
from archcalc.limits import FIGURES_LIMIT
from archcalc.network.checkpoints import faults
from archcalc.network.figures import Expected, Published
from archcalc.network.network import Network, Region
from archcalc.wording import nearest, quoted


class Paths:
    """The regions of a network by their paths, and those that patterns name: ``*`` is any part."""

    def __init__(self, network: Network) -> None:
        self.regions = network.named()
        self._by_length: dict[int, list[tuple[list[str], Region]]] = {}
        self._matching: dict[str, list[Region]] = {}

    def matching(self, pattern: str) -> list[Region]:
        """The regions that a path names."""
        if "*" not in pattern:
            return [self.regions[pattern]] if pattern in self.regions else []
        if pattern not in self._matching:
            self._matching[pattern] = self._search(pattern.split("."))
        return self._matching[pattern]

    def _search(self, wanted: list[str]) -> list[Region]:
        if not self._by_length:
            for path, region in self.regions.items():
                parts = path.split(".")
                self._by_length.setdefault(len(parts), []).append((parts, region))
        found = self._by_length.get(len(wanted), [])
        for place, name in enumerate(wanted):
            if name != "*":
                found = [entry for entry in found if entry[0][place] == name]
        return [region for _, region in found]


def check(network: Network, findings: Findings) -> None:
    """Reports figures and checkpoints that speak of a layer or a group which is not there."""
    if network.is_partial:
        return
    if network.train and network.train.checkpoint:
        for fault in faults(network, network.train.checkpoint):
            findings.fault(fault, network.train_spans.get("checkpoint"))
    figures: list[Expected | Published]
    figures = [*network.expect, *network.budget, *network.published]
    asked = [figure for figure in figures if figure.at is not None]
    if not asked:
        return
    paths, expected = Paths(network), 0
    for figure in asked:
        assert figure.at is not None
        regions = paths.matching(figure.at)
        expected += len(regions)
        if expected > FIGURES_LIMIT:
            fact = f"paths with * stand for more than {FIGURES_LIMIT:,} figures"
            findings.fault(Fault("limit-exceeded", fact), figure.span, layer=figure.at)
            return
        if not regions:
            fault = Fault(
                "unknown-name",
                f"no layer or group has the path {quoted(figure.at)}",
                suggestions=nearest(figure.at, paths.regions),
            )
            if figure.span:
                findings.once(fault, figure.span)
            else:
                findings.fault(fault, None, layer=figure.at)
