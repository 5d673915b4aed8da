"""A network as an ONNX model: blocks are functions, and the weights stand in a file of zeros.

Opset 17, IR version 8. A block that has the same layers on the same volumes at several places is
written once.
"""

from __future__ import annotations

from math import prod

from archcalc.exporters import File
from archcalc.exporters.instances import Instance, nested
from archcalc.exporters.onnx import wire
from archcalc.exporters.onnx.body import GraphBody, NodeSite, shape_of
from archcalc.exporters.onnx.layers import EMITS
from archcalc.exporters.onnx.layers.channels import activated
from archcalc.network.network import Network, Region

OPSET = 17
DOMAIN = "archcalc"
BYTES = 4  # of an element of float32
DATA = ".data"


def files(network: Network, stem: str) -> list[File]:
    """The model of a network, and a file of zeros for its weights."""
    return _Writer(network).files(stem)


class _Writer:
    def __init__(self, network: Network) -> None:
        self.network = network
        self.functions: dict[tuple[str, bytes], str] = {}
        self.messages: list[bytes] = []
        self.last_readers = _last_readers(network)

    def files(self, stem: str) -> list[File]:
        nodes = self.network.nodes
        inputs = self.network.inputs
        body, values = GraphBody(), dict(enumerate(inputs))
        self._write(body, values, len(inputs), len(nodes), nested(self.network))
        outputs = []
        for name, index in self.network.outputs:
            shape = nodes[index].shape
            assert shape is not None
            body.begin(f"output/{name}")
            outputs.append(
                wire.typed(body.add("Identity", [values[index]]), shape_of(shape.output))
            )
        weights, offset = [], 0
        for weight in body.weights:
            length = BYTES * prod(weight.shape)
            weights.append(
                wire.stored(weight.name, weight.shape, f"{stem}.onnx{DATA}", offset, length)
            )
            offset += length
        typed = [wire.typed(name, shape_of(volume)) for name, volume in inputs.items()]
        model = wire.model(
            self.network.name, body.nodes, weights, typed, outputs, self.messages, _opsets()
        )
        return [File("", model), File(DATA, b"", offset)]

    def _write(
        self, body: GraphBody, values: dict[int, str], start: int, stop: int, blocks: list[Instance]
    ) -> None:
        """The nodes start .. stop - 1, those of blocks as calls of functions."""
        index = start
        for block in blocks:
            self._rows(body, values, index, block.region.start)
            self._call(body, values, block)
            index = block.region.stop
        self._rows(body, values, index, stop)

    def _rows(self, body: GraphBody, values: dict[int, str], start: int, stop: int) -> None:
        for index in range(start, stop):
            values[index] = self._row(body, values, index)

    def _row(self, body: GraphBody, values: dict[int, str], index: int) -> str:
        node = self.network.nodes[index]
        assert node.layer is not None
        assert node.shape is not None
        owner = None if node.shares is None else self.network.nodes[node.shares].path
        body.begin(node.path, owner)
        inputs = tuple([values[feed] for feed in node.inputs])
        made = EMITS[node.layer.type](body, NodeSite(node.layer, node.shape, inputs), node.layer)
        return activated(body, made, node.activation) if node.activation else made

    def _call(self, body: GraphBody, values: dict[int, str], block: Instance) -> None:
        """A function of a block, unless there is an equal one, and the call of it."""
        region = block.region
        inner = GraphBody(f"{region.path}.")
        read = self._read(region)
        inside = {index: f"in{place}" for place, index in enumerate(read)}
        self._write(inner, inside, region.start, region.stop, block.inside)
        made = [
            index
            for index in range(region.start, region.stop)
            if self.last_readers[index] >= region.stop or index == region.output
        ]
        weights = [inner.local(weight.name) for weight in inner.weights]
        takes = [*(inside[index] for index in read), *weights]
        gives = [inside[index] for index in made]
        message = wire.function("", "", takes, gives, inner.nodes)
        name = self.functions.get((block.name, message))
        if name is None:
            name = self._name(block.name)
            self.functions[block.name, message] = name
            self.messages.append(wire.function(DOMAIN, name, takes, gives, inner.nodes, _opsets()))
        body.begin(region.path)
        given = [values[index] for index in read] + [body.keep(w) for w in inner.weights]
        values.update(zip(made, body.call(name, given, len(made), DOMAIN), strict=True))

    def _read(self, region: Region) -> list[int]:
        """What the nodes of a block read from outside of it, in order."""
        nodes = self.network.nodes[region.start : region.stop]
        feeds = [feed for node in nodes for feed in node.inputs]
        return list(dict.fromkeys(feed for feed in feeds if feed < region.start))

    def _name(self, block: str) -> str:
        taken, number = set(self.functions.values()), 1
        name = block
        while name in taken:
            number += 1
            name = f"{block}_{number}"
        return name


def _opsets() -> list[bytes]:
    return [wire.opset("", OPSET), wire.opset(DOMAIN, 1)]


def _last_readers(network: Network) -> list[int]:
    """The last node that reads each; behind the end for outputs."""
    last = [-1] * len(network.nodes)
    for index, node in enumerate(network.nodes):
        for feed in node.inputs:
            last[feed] = index
    for _, index in network.outputs:
        last[index] = len(network.nodes)
    return last
