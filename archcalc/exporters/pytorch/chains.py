"""Branches and groups that are chains of modules: each becomes one module."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from archcalc.exporters.pytorch.body import Body
from archcalc.exporters.pytorch.pieces import SourcePiece, SourceRow
from archcalc.exporters.pytorch.texts import identifier

MODULES = {
    "relu": "nn.ReLU()",
    "relu6": "nn.ReLU6()",
    "leaky_relu": "nn.LeakyReLU()",
    "elu": "nn.ELU()",
    "selu": "nn.SELU()",
    "gelu": "nn.GELU()",
    "silu": "nn.SiLU()",
    "mish": "nn.Mish()",
    "hardswish": "nn.Hardswish()",
    "hardsigmoid": "nn.Hardsigmoid()",
    "sigmoid": "nn.Sigmoid()",
    "tanh": "nn.Tanh()",
    "softplus": "nn.Softplus()",
}


def chained(body: Body) -> list[SourceRow]:
    """The rows of a body; those of a chain are one."""
    rows = list(body.rows)
    for path in _places(body):
        inside = [row for row in rows if row.path.startswith(f"{path}.")]
        if not inside or any(row.path == path for row in rows):
            continue
        start = rows.index(inside[0])
        if rows[start : start + len(inside)] != inside or not _is_chain(body, rows, inside):
            continue
        rows[start : start + len(inside)] = [_one(path, inside)]
    return rows


def _places(body: Body) -> list[str]:
    """The paths of branches and groups in a body, the outer ones first."""
    found: dict[str, None] = {}
    for unit in body.units:
        for path in body.declared.around:
            if path.startswith(unit.prefix) and path != unit.path:
                found[path[len(unit.prefix) :]] = None
    return sorted(found, key=lambda path: path.count("."))


def _is_chain(body: Body, rows: Sequence[SourceRow], inside: Sequence[SourceRow]) -> bool:
    places = inside[0].pieces.keys()
    for row in inside:
        is_module = row.make or row.type in MODULES
        is_plain = row.call == "{module}({0})" or row.type in MODULES
        activates = row.activation is None or row.activation in MODULES
        if not (is_module and is_plain and activates) or row.pieces.keys() != places:
            return False
        if row.make.startswith("nn.Parameter"):
            return False
    for at in places:
        nodes = [row.pieces[at] for row in inside]
        for before, after in pairwise(nodes):
            if after.inputs != before.outputs:
                return False
        hidden = {index for piece in nodes[:-1] for index in piece.outputs}
        if hidden.intersection(body.units[at].outputs):
            return False
        for row in rows:
            is_outside = row not in inside and at in row.pieces
            if is_outside and hidden.intersection(row.pieces[at].inputs):
                return False
    shared = {node.shares for node in body.declared.network.nodes if node.shares is not None}
    return not any(
        index in shared
        for row in inside
        for piece in row.pieces.values()
        for index in piece.outputs
    )


def _one(path: str, inside: Sequence[SourceRow]) -> SourceRow:
    made = SourceRow(path)
    members: dict[str, str] = {}
    for row in inside:
        name = identifier(row.path[len(path) + 1 :], members)
        if row.make:
            members[name] = row.make
        else:
            members[name] = MODULES[row.type]
        if row.activation:
            digits = re.search(r"\d*\Z", name)
            assert digits is not None
            members[identifier(f"{row.activation}{digits.group()}", members)] = MODULES[
                row.activation
            ]
    if len(members) == 1:
        (made.make,) = members.values()
    elif all(name.startswith("layer_") and name[6:].isdigit() for name in members):
        made.make = f"nn.Sequential({', '.join(members.values())})"
    else:
        listed = ", ".join(f"{name}={source}" for name, source in members.items())
        made.make = f"nn.Sequential(OrderedDict({listed}))"
    made.condition = inside[0].condition
    made.is_chain = True
    for at in inside[0].pieces:
        first, last = inside[0].pieces[at], inside[-1].pieces[at]
        made.pieces[at] = SourcePiece(path, first.inputs, last.outputs)
    return made
