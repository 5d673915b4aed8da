"""A graph as the text of a file."""

from __future__ import annotations

from archcalc.importers.flat import flat as one_by_one
from archcalc.importers.graph import Graph


def text_of(graph: Graph, flat: bool) -> str:
    """With blocks, groups and branches; ``flat``, an entry a row."""
    return one_by_one(graph)
