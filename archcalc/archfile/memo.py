"""Values of keys, each read once however often its text stands in a file."""

from __future__ import annotations

from typing import Any

from archcalc.archfile.tree import Node, Scalar
from archcalc.network.kinds import Kind


class Values:
    """Reads by the kind of a key. What a scalar means to a kind depends on its text alone."""

    def __init__(self) -> None:
        self._known: dict[tuple[Kind[Any], str], Any] = {}

    def read(self, kind: Kind[Any], node: Node) -> Any:
        """The value of a node.

        Raises:
            Fault: as the kind does.
        """
        if not isinstance(node, Scalar) or node.value is not None:
            return kind.read(node)
        at = (kind, node.text)
        if at not in self._known:
            self._known[at] = kind.read(node)
        return self._known[at]
