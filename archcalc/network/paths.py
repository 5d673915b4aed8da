"""Paths of layers, groups and merges, as figures and accepted findings name them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from archcalc.diagnostics import Fault, Findings
from archcalc.network.figures import Expected, Published
from archcalc.network.network import Network, Region
from archcalc.wording import nearest, quoted


def matching(pattern: str, regions: Mapping[str, Region]) -> list[Region]:
    """The regions that a path names; ``*`` stands for any one part."""
    if "*" not in pattern:
        return [regions[pattern]] if pattern in regions else []
    parts = ("[^.]+" if part == "*" else re.escape(part) for part in pattern.split("."))
    match = re.compile(r"\.".join(parts)).fullmatch
    return [region for path, region in regions.items() if match(path)]


def check(network: Network, findings: Findings) -> None:
    """Reports expectations and published figures that speak of a layer which is not there."""
    figures: list[Expected | Published] = [*network.expect, *network.published]
    asked = [figure for figure in figures if figure.at is not None]
    if not asked or network.is_partial:
        return
    regions = network.named()
    for figure in asked:
        assert figure.at is not None
        if not matching(figure.at, regions):
            fault = Fault(
                "unknown-name",
                f"no layer or group has the path {quoted(figure.at)}",
                suggestions=nearest(figure.at, regions),
            )
            if figure.span:
                findings.once(fault, figure.span)
            else:
                findings.fault(fault, None, layer=figure.at)
