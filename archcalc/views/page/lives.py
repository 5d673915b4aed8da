"""From which node to which each volume is alive at inference."""

from __future__ import annotations

from typing import Any

from archcalc.analysis.analysis import Analysis
from archcalc.analysis.dtypes import DTYPES
from archcalc.views.alive import held
from archcalc.views.page.numbers import exact


def lives(analysis: Analysis) -> dict[str, Any]:
    """Columns of ``nodes``, each ``until`` the last node that needs its volume of ``bytes``.

    Volumes that are there while a node runs, beside its output, are further entries of that node.
    """
    found = held(analysis)
    size = DTYPES[analysis.dtype] * analysis.batch
    alive = [(life.node, life.last, exact(life.elements * size)) for life in found.lives]
    return {
        "nodes": [node for node, _, _ in alive],
        "until": [last for _, last, _ in alive],
        "bytes": [count for _, _, count in alive],
        "at": found.peak_node,
    }
