"""A flat graph as a file that people read, in steps from data to data."""

from __future__ import annotations

from contextlib import suppress

from archcalc.diagnostics import SpecError
from archcalc.importers.arguments import ArgumentInference
from archcalc.importers.blocks import BlockFinder, BlockTemplate
from archcalc.importers.clusters import named
from archcalc.importers.graph import Graph, flat_network
from archcalc.importers.naming import demand, name_blocks, name_slots
from archcalc.importers.nest import flat, nest
from archcalc.importers.outline import (
    CONTAINERS,
    CallItem,
    Group,
    Item,
    Wires,
    opened,
    sequences,
    with_sequences,
)
from archcalc.importers.parallel import branched
from archcalc.importers.sharing import shared
from archcalc.importers.slots import INPUT as INPUT_WORD
from archcalc.importers.slots import Incompatible, Slot, Template, TemplateBody, Way
from archcalc.importers.verifying import Unlike, verify
from archcalc.importers.wiring import wire
from archcalc.importers.write import way_name, written
from archcalc.network.network import INPUT, Network

ROUNDS = 6
"""How often blocks with one use are looked for."""


def readable(graph: Graph) -> str:
    """The text of a file that has each row of the graph, in their order.

    It is held against the graph: where a step went wrong, the file has an entry for each row.
    """
    with suppress(Incompatible, Unlike, SpecError, RecursionError):
        text = folded(graph)
        verify(text, graph)
        return text
    return unfolded(graph)


def unfolded(graph: Graph) -> str:
    """The text with an entry for each row."""
    network = flat_network(graph)
    return _text(graph, network, flat(graph, network, Wires(graph)))


def folded(graph: Graph) -> str:
    """The text with groups, branches, copies and blocks.

    Raises:
        Incompatible: where a row cannot be named from where it is read.
    """
    network, wires = flat_network(graph), Wires(graph)
    tree = spliced(branched(shared(nest(graph, network, wires), network), wires))
    for _ in range(ROUNDS):
        items = named(BlockFinder(network).fold(tree))
        costly = [
            block for block, slots in _used(_top(items, network)).items() if not _pays(block, slots)
        ]
        if not costly:
            break
        tree = without(tree, {(g.start, g.stop, g.kind) for block in costly for g in block.groups})
    return _text(graph, network, items)


def _top(items: tuple[Item, ...], network: Network) -> Template:
    """The statements of the whole network."""
    top = Template([TemplateBody(items, INPUT, 1, len(network.nodes))])
    wire(top)
    ArgumentInference(top.lines, [], network).run()
    return top


def _text(graph: Graph, network: Network, items: tuple[Item, ...]) -> str:
    top = _top(items, network)
    blocks = sorted(_used(top), key=lambda block: block.number)
    outputs = _outputs(graph, top)
    demand((*blocks, top), outputs)
    name_blocks(blocks)
    for template in (*blocks, top):
        name_slots(template)
    return written(graph, blocks, top.lines, list(map(way_name, outputs)))


def spliced(items: tuple[Item, ...], kind: str = "") -> tuple[Item, ...]:
    """The items without the containers inside other classes."""
    made: list[Item] = []
    for item in items:
        inner = item.kind if isinstance(item, Group) and item.kind not in CONTAINERS else kind
        whole = with_sequences(item, [spliced(s, inner) for s in sequences(item)])
        if isinstance(whole, Group) and whole.kind in CONTAINERS and kind and not whole.share:
            made += opened(whole)
        else:
            made.append(whole)
    return tuple(made)


def without(items: tuple[Item, ...], places: set[tuple[int, int, str]]) -> tuple[Item, ...]:
    """The items with what is in some groups in their place."""
    made: list[Item] = []
    for item in items:
        whole = with_sequences(item, [without(s, places) for s in sequences(item)])
        if isinstance(whole, Group) and (whole.start, whole.stop, whole.kind) in places:
            made += opened(whole)
        else:
            made.append(whole)
    return tuple(made)


def _used(top: Template) -> dict[BlockTemplate, list[Slot]]:
    """The blocks that a file needs, with the slots that call them."""
    used: dict[BlockTemplate, list[Slot]] = {}
    waiting: list[Template] = [top]
    while waiting:
        for slot in waiting.pop().lines.all():
            if isinstance(slot.any, CallItem):
                if slot.any.block not in used:
                    waiting.append(slot.any.block)
                used.setdefault(slot.any.block, []).append(slot)
    return used


def _pays(block: BlockTemplate, slots: list[Slot]) -> bool:
    """Whether a block is worth its lines."""
    size, uses = sum(1 for _ in block.lines.all()), len(slots)
    if uses == 1:
        return slots[0].is_repeated
    slack = 0 if block.kind in CONTAINERS else 3
    return 3 + size + uses <= uses * size + slack


def _outputs(graph: Graph, top: Template) -> list[Way]:
    """The ways to the outputs; none where it is the last row alone."""
    if graph.outputs == (len(graph.operations),):
        return []
    return [top.way(0, index) or (INPUT_WORD,) for index in graph.outputs]
