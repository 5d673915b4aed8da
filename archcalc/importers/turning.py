"""Views where fewer of them do: front ends make one wherever a tensor is read in other order."""

from __future__ import annotations

from archcalc.importers.graph import Graph, Operation
from archcalc.network.layers import ACTIVATIONS

# What each position goes through by itself, whatever the order of positions.
BY_POSITION = frozenset(("layernorm", "rmsnorm", "l2norm", "linear", "dropout"))
MOVED = frozenset(ACTIVATIONS) - {"softmax", "prelu"}


class _Rows:
    """The rows of a graph under keys that stay while rows come and go."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.order = list(range(1, len(graph.operations) + 1))
        self.rows = dict(enumerate(graph.operations, 1))
        self.read = {key: row.inputs for key, row in self.rows.items()}
        self.readers: dict[int, list[int]] = {}
        for key in self.order:
            for feed in self.read[key]:
                self.readers.setdefault(feed, []).append(key)

    def is_inner(self, key: int) -> bool:
        return bool(key) and key not in self.graph.outputs

    def read_by(self, key: int) -> list[int]:
        return self.readers.get(key, [])

    def connect(self, key: int, feeds: tuple[int, ...]) -> None:
        """Lets a row read others."""
        for feed in self.read.get(key, ()):
            self.readers[feed].remove(key)
        for feed in feeds:
            self.readers.setdefault(feed, []).append(key)
        self.read[key] = feeds

    def insert(self, before: int, row: Operation, feed: int) -> int:
        """A new row in front of another."""
        key = max(self.rows) + 1
        self.order.insert(self.order.index(before), key)
        self.rows[key] = row
        self.connect(key, (feed,))
        return key

    def remove(self, key: int, instead: int) -> None:
        """Lets what reads a row read another."""
        for reader in dict.fromkeys(self.read_by(key)):
            feeds = tuple(instead if feed == key else feed for feed in self.read[reader])
            self.connect(reader, feeds)
        self.connect(key, ())
        self.order.remove(key)

    def made(self) -> Graph:
        places = {0: 0, **{key: place for place, key in enumerate(self.order, 1)}}
        operations = []
        for key in self.order:
            row = self.rows[key]
            shares = None if row.shares is None else places[row.shares]
            inputs = tuple(places[feed] for feed in self.read[key])
            operations.append(row._replace(inputs=inputs, shares=shares))
        outputs = tuple(places[key] for key in self.graph.outputs)
        return self.graph._replace(operations=tuple(operations), outputs=outputs)


def turned(graph: Graph) -> Graph:
    """The graph with fewer views, where one before several rows does for one behind each."""
    rows = _Rows(graph)
    for key in [0, *rows.order]:
        _reshaped_before(rows, key)
    for key in list(rows.order):
        if key in rows.order:
            _transposed_before(rows, key)
    return rows.made() if rows.order != list(range(1, len(graph.operations) + 1)) else graph


def _reshaped_before(rows: _Rows, source: int) -> None:
    """Reshapes behind all that reads a row, to the same shape, as one in front of it."""
    readers = list(dict.fromkeys(rows.read_by(source)))
    found: list[int] = []
    for reader in readers:
        row = rows.rows[reader]
        if row.layer.type == "reshape":
            found.append(reader)
            continue
        by_position = row.layer.type in BY_POSITION and not getattr(row.layer, "flatten", False)
        behind = rows.read_by(reader)
        if not by_position or not behind or not rows.is_inner(reader):
            return
        if any(rows.rows[key].layer.type != "reshape" for key in behind):
            return
        found += behind
    shapes = {rows.rows[key].layer for key in found}
    if len(found) < 2 or len(shapes) > 1 or found == readers:
        return
    if any(rows.rows[key].activation or key in rows.graph.outputs for key in found):
        return
    # Named by where the source reshapes first by itself, if it does.
    own = next((key for key in found if key in readers), found[0])
    made = rows.insert(readers[0], rows.rows[own], source)
    for reader in readers:
        if reader not in found:
            rows.connect(reader, (made,))
    for key in found:
        (feed,) = rows.read[key]
        rows.remove(key, made if feed == source else feed)


def _transposed_before(rows: _Rows, key: int) -> None:
    """A sum that reads one transpose, and that only transposes read, with the other turned."""
    row = rows.rows[key]
    feeds, behind = rows.read[key], list(dict.fromkeys(rows.read_by(key)))
    if row.layer.type != "add" or len(feeds) != 2 or not behind or not rows.is_inner(key):
        return
    if row.activation and row.activation not in MOVED:
        return
    turns = [feed for feed in feeds if _is_turn(rows, feed) and rows.read_by(feed) == [key]]
    if len(turns) != 1 or not all(_is_turn(rows, reader) for reader in behind):
        return
    (turn,), (other,) = turns, [feed for feed in feeds if feed not in turns]
    made = rows.insert(key, rows.rows[turn], other)
    (source,) = rows.read[turn]
    rows.connect(key, tuple(source if feed == turn else made for feed in feeds))
    rows.remove(turn, source)
    for reader in behind:
        rows.remove(reader, key)


def _is_turn(rows: _Rows, key: int) -> bool:
    row = rows.rows.get(key)
    return (
        row is not None
        and row.layer.type == "transpose"
        and not row.activation
        and rows.is_inner(key)
    )
