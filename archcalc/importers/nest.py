"""Rows in groups: one for each call of a module, as the modules are nested."""

from __future__ import annotations

from itertools import count, groupby

from archcalc.importers.composites import composite
from archcalc.importers.graph import Graph, Module
from archcalc.importers.outline import EntryItem, Group, Item, Wires
from archcalc.network.network import Network
from archcalc.record import Record


class NestedRow(Record):
    """A statement with the modules around it that are not groups yet."""

    entry: EntryItem
    modules: tuple[Module, ...]


def nest(graph: Graph, network: Network, wires: Wires) -> tuple[Item, ...]:
    """The statements of a graph, in groups; ``network`` has its volumes."""
    return _level(_rows(graph, network, wires), wires)


def flat(graph: Graph, network: Network, wires: Wires) -> tuple[Item, ...]:
    """The statements of a graph without groups; their names are whole paths."""
    return tuple(
        row.entry._replace(path=tuple([module.name for module in row.modules]))
        for row in _rows(graph, network, wires)
    )


def _rows(graph: Graph, network: Network, wires: Wires) -> list[NestedRow]:
    rows, index, operations = list[NestedRow](), 1, graph.operations
    owners = {row.shares for row in operations if row.shares is not None}
    while index <= len(operations):
        row = operations[index - 1]
        layer, count = composite(graph, network, wires, index) or (row.layer, 1)
        modules = row.modules
        for other in operations[index : index + count - 1]:
            modules = _shared(modules, other.modules)
        rest = (row.shares, row.frozen) if count == 1 else ()
        activation = operations[index + count - 2].activation
        entry = EntryItem((), index, index + count, layer, row.inputs, activation, *rest)
        following = index + count
        if owners.intersection(range(index, following)) or wires.readers[following - 1] != [
            following
        ]:
            entry = entry._replace(is_met=True)
        rows.append(NestedRow(entry, modules))
        index += count
    return rows


def _shared(modules: tuple[Module, ...], others: tuple[Module, ...]) -> tuple[Module, ...]:
    """The modules around both."""
    count = 0
    while count < min(len(modules), len(others)) and modules[count] == others[count]:
        count += 1
    return modules[:count]


def _level(rows: list[NestedRow], wires: Wires) -> tuple[Item, ...]:
    items: list[Item] = []
    alone = count()
    for key, run in groupby(rows, lambda row: row.modules[0] if row.modules else next(alone)):
        inside = list(run)
        if not isinstance(key, Module):
            items.append(inside[0].entry)
        elif len(inside) == 1:
            path = tuple([module.name for module in inside[0].modules])
            items.append(inside[0].entry._replace(path=path))
        else:
            lower = [row._replace(modules=row.modules[1:]) for row in inside]
            items += _group(key, list(_level(lower, wires)), wires)
    return tuple(items)


def _group(module: Module, items: list[Item], wires: Wires) -> list[Item]:
    """A group behind what it begins with that only puts together what comes in."""
    before: list[Item] = []
    stop = items[-1].stop
    external = wires.external(items[0].start, stop)
    while len(items) > 1 and len(external) > 1:
        first = items[0]
        rest = wires.external(first.stop, stop)
        merges = isinstance(first, EntryItem) and first.layer.merges and len(first.inputs) > 1
        if not merges or rest != [first.stop - 1]:
            break
        before.append(first)
        items, external = items[1:], rest
    return [*before, grouped(module.name, module.kind, tuple(items), wires)]


def grouped(name: str, kind: str, items: tuple[Item, ...], wires: Wires) -> Item:
    """Items as a group; one layer alone stays by itself, under a longer name."""
    if len(items) == 1 and isinstance(items[0], EntryItem):
        return items[0]._replace(path=(name, *items[0].path))
    start, stop = items[0].start, items[-1].stop
    external = wires.external(start, stop)
    return Group((name,), start, stop, kind, external[0] if external else None, items)
