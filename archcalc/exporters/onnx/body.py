"""The nodes of a graph, or of a function, as they are written one after the other."""

from __future__ import annotations

from collections.abc import Sequence

from archcalc.exporters.onnx import wire
from archcalc.exporters.onnx.wire import Attribute
from archcalc.network.layers.base import Layer, Shape
from archcalc.network.volume import Volume
from archcalc.record import Record


class Weight(Record):
    """A tensor of a layer: the layer's path and its own name, and its shape."""

    name: str
    shape: tuple[int, ...]


def shape_of(volume: Volume) -> tuple[int, ...]:
    """A batch of 1, the channels, the positions."""
    return (1, volume.channels, *volume.spatial)


class GraphBody:
    """Nodes, and the weights that they read; names begin with that of the layer at work.

    Inside a function, names leave out the path of its block: the ``base``.
    """

    def __init__(self, base: str = "") -> None:
        self.base = base
        self.nodes: list[bytes] = []
        self.weights: list[Weight] = []
        self.path = ""
        self.owner = ""
        self._known: set[str] = set()
        self._count = 0

    def begin(self, path: str, owner: str | None = None) -> None:
        """The layer whose nodes come next; its weights are those of another, where it has none."""
        self.path, self.owner, self._count = self.local(path), owner or path, 0

    def local(self, path: str) -> str:
        """A name without the path of the block."""
        return path.removeprefix(self.base)

    def add(self, operator: str, inputs: Sequence[str], **attributes: Attribute) -> str:
        """An operator of ONNX with one output; its name."""
        return self.call(operator, inputs, 1, "", attributes)[0]

    def call(
        self,
        operator: str,
        inputs: Sequence[str],
        outputs: int,
        domain: str = "",
        attributes: dict[str, Attribute] | None = None,
    ) -> list[str]:
        """A node of a domain; the names of its outputs."""
        self._count += 1
        name = f"{self.path}/{operator}_{self._count}"
        names = [name, *(f"{name}:{at}" for at in range(1, outputs))]
        self.nodes.append(wire.node(operator, inputs, names, attributes, domain, name))
        return names

    def weight(self, name: str, *shape: int) -> str:
        """A tensor that is stored with the model."""
        return self.keep(Weight(f"{self.owner}.{name}", shape))

    def keep(self, weight: Weight) -> str:
        """The same of one that is named already: its name here."""
        if weight.name not in self._known:
            self._known.add(weight.name)
            self.weights.append(weight)
        return self.local(weight.name)

    def integers(self, values: Sequence[int], shape: Sequence[int] | None = None) -> str:
        """A tensor of integers."""
        sizes = [len(values)] if shape is None else shape
        return self.add("Constant", [], value=wire.tensor("", sizes, list(values)))

    def number(self, value: float) -> str:
        """One float."""
        return self.add("Constant", [], value=wire.tensor("", [], [float(value)]))

    def numbers(self, values: Sequence[float], shape: Sequence[int]) -> str:
        """A tensor of floats."""
        return self.add("Constant", [], value=wire.tensor("", shape, [float(v) for v in values]))

    def filled(self, value: float, *shape: int) -> str:
        """A tensor of equal floats that is no weight."""
        number = wire.tensor("", [1], [float(value)])
        return self.add("ConstantOfShape", [self.integers(shape)], value=number)

    def reshaped(self, x: str, shape: Sequence[int]) -> str:
        return self.add("Reshape", [x, self.integers(shape)])

    def transposed(self, x: str, order: Sequence[int]) -> str:
        return self.add("Transpose", [x], perm=list(order))

    def sliced(self, x: str, axis: int, start: int, stop: int, step: int = 1) -> str:
        parts = [self.integers([value]) for value in (start, stop, axis, step)]
        return self.add("Slice", [x, *parts])


class NodeSite(Record):
    """A layer where it stands: its shape, and the names of what it reads."""

    layer: Layer
    shape: Shape
    inputs: tuple[str, ...]

    @property
    def x(self) -> str:
        """What it reads, or reads first."""
        return self.inputs[0]

    @property
    def read(self) -> Volume:
        """The volume that it reads first."""
        return self.shape.inputs[0]

    @property
    def channels(self) -> int:
        return self.read.channels

    @property
    def rank(self) -> int:
        return len(self.read.spatial)

    @property
    def output(self) -> tuple[int, ...]:
        return shape_of(self.shape.output)

    def per_channel(self, rank: int | None = None) -> tuple[int, ...]:
        """The shape of a number for each channel, to go with the input."""
        return (self.channels, *(1,) * (self.rank if rank is None else rank))
