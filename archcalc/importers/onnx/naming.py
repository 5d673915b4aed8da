"""The modules around a node, as far as its exporter noted them."""

from __future__ import annotations

import re

from archcalc.importers.graph import Module
from archcalc.importers.onnx.model import OnnxNode

SCOPES = "pkg.torch.onnx.name_scopes"
CLASSES = "pkg.torch.onnx.class_hierarchy"
_ITEM = re.compile(r"'([^']*)'")


def modules_of(node: OnnxNode) -> tuple[Module, ...]:
    """From the exporter's notes, or else from the name of the node: /layer1/layer1.0/conv1/Conv."""
    if SCOPES in node.metadata:
        return _noted(node)
    parts = node.name.split("/")
    if len(parts) < 3 or parts[0]:
        return ()
    return _nested(parts[1:-1], {})


def modules_by_weight(weight: str, node: OnnxNode) -> tuple[Module, ...]:
    """From the name of a kernel, layer1.0.conv1.weight: a node may stand for several modules."""
    *path, last = weight.split(".")
    if not path or last != "weight" or weight.startswith("onnx::"):
        return modules_of(node)
    known = modules_of(node)
    found = [Module(name) for name in path]
    for at, (ours, theirs) in enumerate(zip(found, known, strict=False)):
        if ours.name != theirs.name:
            break
        found[at] = theirs
    return tuple(found)


def _noted(node: OnnxNode) -> tuple[Module, ...]:
    paths = _ITEM.findall(node.metadata[SCOPES])[:-1]
    kinds = [name.rpartition(".")[2] for name in _ITEM.findall(node.metadata.get(CLASSES, ""))]
    return _nested(paths, dict(zip(paths, kinds, strict=False)))


def _nested(paths: list[str], kinds: dict[str, str]) -> tuple[Module, ...]:
    """Modules by the paths of each, of which every one begins with the one around it."""
    found: list[Module] = []
    above = ""
    for path in paths:
        if not path or path == above:
            continue
        inside = path.removeprefix(f"{above}.") if above else path
        *between, name = inside.split(".")
        found += [Module(part) for part in between if part]
        found.append(Module(name, kinds.get(path, "")))
        above = path
    return tuple(found)
