"""PyTorch modules to a flat graph: traced as they are, before anything is decomposed.

PyTorch is the user's own and imported when it is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archcalc.importers.graph import Graph
from archcalc.importers.passes import tidied
from archcalc.importers.pytorch.building import built
from archcalc.importers.pytorch.translating import lowered
from archcalc.network.volume import Volume


def read(
    module: str,
    callable: str,
    input: Volume | None = None,
    arguments: Mapping[str, Any] | None = None,
    name: str = "",
) -> Graph:
    """The graph of what a callable returns. This runs its code.

    Raises:
        Refused: for all that a file of ours cannot say, or where there is no such callable.
    """
    traced, volume = built(module, callable, input, arguments or {})
    return tidied(lowered(traced, name or callable.rpartition(".")[2], volume))
