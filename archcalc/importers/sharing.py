"""Modules that are called again: groups that use the weights of others as a whole."""

from __future__ import annotations

from archcalc.importers.outline import (
    EntryItem,
    Group,
    Item,
    MergeItem,
    sequences,
    with_sequences,
)
from archcalc.network.network import Network

Rows = tuple[int, int]


def shared(items: tuple[Item, ...], network: Network) -> tuple[Item, ...]:
    """The items with groups in the place of their layers as what shares weights."""
    if not any(node.shares is not None for node in network.nodes):
        return items
    sharing = _Sharing(network)
    return sharing.owned(sharing.shared(items))


class _Sharing:
    def __init__(self, network: Network) -> None:
        self.nodes = network.nodes
        self.groups: dict[tuple[int, ...], Rows] = {}
        self.owners: set[Rows] = set()

    def shared(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        return tuple(map(self._shared, items))

    def _shared(self, item: Item) -> Item:
        if isinstance(item, Group):
            rows = [index for index in range(item.start, item.stop) if self._has_weights(index)]
            users = [self.nodes[index].shares for index in rows]
            own = tuple([row for row, user in zip(rows, users, strict=True) if user is None])
            if own == tuple(rows) and rows:
                self.groups.setdefault(own, (item.start, item.stop))
            theirs = self.groups.get(tuple([user for user in users if user is not None]))
            if theirs and not own:
                self.owners.add(theirs)
                return item._replace(items=tuple(map(_without, item.items)), share=theirs)
        return with_sequences(item, [self.shared(s) for s in sequences(item)])

    def owned(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        """The items, with a mark on the groups whose weights others use."""
        made: list[Item] = []
        for item in items:
            whole = with_sequences(item, [self.owned(s) for s in sequences(item)])
            if isinstance(whole, Group) and (whole.start, whole.stop) in self.owners:
                whole = whole._replace(is_owner=True)
            made.append(whole)
        return tuple(made)

    def _has_weights(self, index: int) -> bool:
        node = self.nodes[index]
        layer, shape = node.layer, node.shape
        assert layer is not None
        assert shape is not None
        return any((layer.weights(shape), layer.biases(shape), layer.buffers(shape)))


def _without(item: Item) -> Item:
    """An item whose layers share nothing by themselves."""
    if isinstance(item, EntryItem):
        return item._replace(shares=None)
    if isinstance(item, MergeItem):
        item = item._replace(entry=item.entry._replace(shares=None))
    return with_sequences(item, [tuple(map(_without, s)) for s in sequences(item)])
