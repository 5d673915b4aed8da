"""Runs of copies: the same nodes again and again, each reading itself and the copy before it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from archcalc.network.network import Network, Node
from archcalc.record import Record

# Copies at either end that are simulated: the outermost, which may differ, and one like the others.
ENDS = 2
TRIES = 4  # at each node, so that what nearly repeats costs little


class Copies(Record):
    """``number`` copies of ``size`` nodes each, from the node ``start`` on."""

    start: int
    size: int
    number: int

    @property
    def times(self) -> int:
        """How many are left out."""
        return self.number - 2 * ENDS

    @property
    def one(self) -> range:
        """The nodes of the copy before those that are left out, which is like them."""
        return range(self.start + (ENDS - 1) * self.size, self.start + ENDS * self.size)

    @property
    def left_out(self) -> range:
        """The nodes of the copies between those at the ends."""
        return range(self.start + ENDS * self.size, self.start + (self.number - ENDS) * self.size)

    def likewise(self, sizes: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
        """For the nodes that are left out, what there is by node for those of the one copy."""
        own = [(node, size) for node, size in sizes if node in self.one]
        further = range(self.size, (self.times + 1) * self.size, self.size)
        return [(node + more, size) for more in further for node, size in own]


def copies(network: Network) -> list[Copies]:
    """Runs of more copies than there are at both ends, in their order."""
    nodes = network.nodes
    tokens = _tokens(network)
    last_reader = [0] * len(nodes)
    for index, node in enumerate(nodes):
        for feed in node.inputs:
            last_reader[feed] = index
    found: list[Copies] = []
    seen: dict[int, int] = {}
    compared: dict[int, int] = {}  # how far each distance has been followed
    index, tries = 0, TRIES * len(nodes)
    while index < len(nodes):
        token = tokens[index]
        size = index - seen.get(token, index)
        seen[token] = index
        start = index - size
        if size and compared.get(size, 0) <= index and tries > 0:
            end = index
            while end < len(nodes) and tokens[end] == tokens[end - size]:
                end += 1
            compared[size] = end
            tries -= end - index
            run = Copies(start, size, (end - start) // size)
            if run.number > 2 * ENDS and _is_chain(run, nodes, last_reader):
                found.append(run)
                index = run.start + run.number * size
                seen.clear()
                continue
        index += 1
    return found


def _tokens(network: Network) -> list[int]:
    """A number for each node, the same for nodes that run alike on values as far before them.

    Nodes that share weights are unlike all others, and so are outputs.
    """
    numbers: dict[tuple[object, ...], int] = {}
    tokens = []
    for index, node in enumerate(network.nodes):
        if len(node.inputs) == 1:
            reads: object = index - node.inputs[0]
        else:
            reads = tuple([index - feed for feed in node.inputs])
        key = (id(node.layer), id(node.shape), node.activation, node.frozen, reads)
        tokens.append(numbers.setdefault(key, index))
    for index, node in enumerate(network.nodes):
        if node.shares is not None:
            tokens[index], tokens[node.shares] = ~index, ~node.shares
    for _, output in network.outputs:
        tokens[output] = ~output
    return tokens


def _is_chain(run: Copies, nodes: Sequence[Node], last_reader: Sequence[int]) -> bool:
    """Whether nobody reads further back than the copy before, or a copy but the last from behind.

    What reads nothing is the network's own.
    """
    stop, size = run.start + run.number * run.size, run.size
    reads = [[index - feed for feed in nodes[index].inputs] for index in run.one]
    return (
        all(back and max(back) <= size for back in reads)
        and max(last_reader[run.start : stop - size]) < stop
    )
