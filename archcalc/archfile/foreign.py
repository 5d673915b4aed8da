"""Whether a file is meant for archcalc at all: folders hold YAML files of other programs too."""

from __future__ import annotations

import re

from archcalc.archfile.nodes import MappingNode, SequenceNode
from archcalc.archfile.parse import parse
from archcalc.diagnostics import Enough, Findings
from archcalc.wording import closest

ENTRY_KEYS = ("type", "block", "layers")


def is_foreign(text: str) -> bool:
    """Whether a text that has mistakes is of another program, and not ours with mistakes.

    Ours has ``layers`` and, where that is all there is, entries that look like ours. Where YAML
    itself is broken, ours has a line that begins with ``layers:``.
    """
    try:
        root = parse(text, Findings())
    except Enough:
        root = None
    if root is None:
        return re.search(r"(?m)^[\"']?layers[\"']?[ \t]*:", text) is None
    layers = root.get("layers")
    if layers is None:
        return not (root.get("name") and root.get("input") and closest("layers", root.pairs))
    if root.get("input"):
        return False
    entries = layers.items if isinstance(layers, SequenceNode) else []
    return not any(
        isinstance(entry, MappingNode) and any(map(entry.get, ENTRY_KEYS)) for entry in entries
    )
