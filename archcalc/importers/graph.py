"""A flat graph: what every front end makes of its source, and every later step reads.

Operations stand in the order in which they run. Each has a layer of ours, what it reads, and the
modules on the way to it, from which its place in a readable file and its name come.
"""

from __future__ import annotations

from archcalc.limits import NAME_LIMIT
from archcalc.network.layers.base import Layer
from archcalc.network.names import is_word
from archcalc.network.network import Network
from archcalc.network.volume import Volume
from archcalc.network.wiring import Wiring
from archcalc.record import Record

NUMBER = 8
"""Characters that are left for what tells equal names apart."""


class Module(Record):
    """One call of a module: its name in its parent, its class, and which of its calls it is.

    ``kind`` is empty where the source has no classes.
    """

    name: str
    kind: str = ""
    call: int = 0


class Operation(Record):
    """One row: a layer, what it reads, and the modules around it, from the outermost in.

    ``inputs`` are indices into the nodes of the graph: 0 is its input, and operation k is k + 1.
    The last of the ``modules`` is the one that is the operation, where it is a module of its own.
    ``where`` is how the source names it, for messages. It ``shares`` the weights of an earlier
    node, and they are not trained where it is ``frozen``.
    """

    layer: Layer
    inputs: tuple[int, ...]
    modules: tuple[Module, ...] = ()
    activation: str | None = None
    where: str = ""
    shares: int | None = None
    frozen: bool = False


class Graph(Record):
    """A network as its source has it, without a file's groups and blocks.

    ``notes`` say what was left out or understood, one sentence each.
    """

    name: str
    input: Volume
    operations: tuple[Operation, ...]
    outputs: tuple[int, ...]
    notes: tuple[str, ...] = ()


class Unfit(Record):
    """What a source has and a file cannot say: the fact, and where it is."""

    fact: str
    where: str


class Untranslatable(Exception):
    """Something in a source that no layer type says, or not with these sizes or attributes."""


class Refused(Exception):
    """A source that cannot be imported, for all of these reasons."""

    def __init__(self, reasons: list[Unfit]) -> None:
        super().__init__(reasons)
        self.reasons = reasons

    def __str__(self) -> str:
        """The facts, each once, with the first place and how many there are."""
        places: dict[str, list[str]] = {}
        for reason in self.reasons:
            places.setdefault(reason.fact, []).append(reason.where)
        return "\n".join(
            f"{found[0]}: {fact}" + (f"; {len(found)} places" if len(found) > 1 else "")
            for fact, found in places.items()
        )


def flat_names(graph: Graph) -> list[str]:
    """A name for each operation, from its modules or its type; no two are the same."""
    taken = {"input"}
    names = []
    for operation in graph.operations:
        words = [module.name for module in operation.modules]
        word = "_".join("".join(c if is_word(c) else "_" for c in part) for part in words)
        while len(word) > NAME_LIMIT - NUMBER and "_" in word:
            word = word.partition("_")[2]
        word = operation.layer.type if not word or word.isdigit() else word[-NAME_LIMIT + NUMBER :]
        name, number = word, 1
        while name in taken:
            number += 1
            name = f"{word}_{number}"
        taken.add(name)
        names.append(name)
    return names


def flat_network(graph: Graph) -> Network:
    """The network of a graph, row by row: what a file of it must come to.

    Raises:
        Fault: where a layer cannot stand on its inputs.
    """
    network = Network(graph.name)
    wiring = Wiring(network, {"input": graph.input})
    names = flat_names(graph)
    for name, operation in zip(names, graph.operations, strict=True):
        layer = wiring.interned(operation.layer)
        index = wiring.add(name, layer, operation.activation, operation.inputs)
        node = network.nodes[index]
        network.nodes[index] = node._replace(shares=operation.shares, frozen=operation.frozen)
    network.outputs = [(network.nodes[index].path, index) for index in graph.outputs]
    network.has_frozen = any(operation.frozen for operation in graph.operations)
    network.written_inputs = network.inputs
    return network
