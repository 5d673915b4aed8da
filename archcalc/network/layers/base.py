"""What every layer type has in common: it changes nothing and costs nothing.

A layer type is a class whose attributes declare the keys of its entry in a file; it overrides what
it does differently. Counting convention, once for all types: a MAC is one multiply-add of a
weight, or of two activations, whose result is summed, for one sample; biases, normalisation and
activations are no MACs.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any, ClassVar

from archcalc.network.counts import NOTHING, Sum
from archcalc.network.layers.checks import wrong_axes
from archcalc.network.layers.keys import Keyed
from archcalc.network.matrix import MatrixProduct
from archcalc.network.receptive_field import Field
from archcalc.network.steps import Step, Steps
from archcalc.network.volume import Volume
from archcalc.network.window import TransposedWindow, Window
from archcalc.record import Record

Volumes = tuple[Volume, ...]
Reach = tuple[Field, ...] | None

SAME_POSITION: Reach = ()
EVERYTHING: Reach = None


class Shape(Record):
    """A layer placed on its inputs: the volumes that come in, the one that comes out.

    ``inputs`` are followed by the volumes of which only the size is read. ``windows`` has one
    window per axis for layers with a division by a stride, ``transposed`` one for layers that
    undo such a division.
    """

    inputs: Volumes
    output: Volume
    windows: tuple[Window, ...] = ()
    transposed: tuple[TransposedWindow, ...] = ()


class Memory(Enum):
    """Where an output lives: in its own volume, its input's, a view of that, or the weights."""

    OWN = "its own"
    IN_PLACE = "in place"
    VIEW = "a view"
    STORED = "with the weights"


class Family(Enum):
    """What a type is a kind of, in the words of a summary of costs."""

    CONVOLUTION = "convolutions"
    POOLING = "poolings"
    FULLY_CONNECTED = "fully connected layers"
    RECURRENT = "recurrent layers"
    TABLE = "learned tensors and tables"
    NORMALISATION = "normalisations"
    ACTIVATION = "activations"
    ATTENTION = "attention"
    MERGE = "merges"
    REARRANGEMENT = "rearrangements"


class Part(Record):
    """A row that an entry becomes: its name below the entry's, its layer and activation.

    ``layer`` is None where it depends on inputs that a mistake hides. ``reads`` are inputs of the
    entry, from 0, or earlier parts, from ~0.
    """

    name: str
    layer: Layer | None
    reads: tuple[int, ...] = (0,)
    activation: str | None = None


class Example(Record):
    """An entry and the volume that it is shown on in the reference pages, with those that it needs
    before it and behind it.
    """

    entry: str
    input: str = "227x227x3"
    before: str = ""
    after: str = ""

    @property
    def entries(self) -> list[str]:
        return [entry for entry in (self.before, self.entry, self.after) if entry]


class Layer(Keyed):
    """A layer without parameters that keeps its input: the base of all types.

    ``formula`` is that of the output's size. ``depth`` is what it adds to the depth of a network.
    A type that ``merges`` has several inputs, or one in the place of all if it
    ``takes_one_for_all``; one that ``is_source`` has none, one that ``becomes_rows`` has `rows` in
    its place, and if it ``splits`` each is an output and it has none of its own. One that
    ``keeps_rank`` has as many axes as its input, and one with ``halves_padding`` takes at most half
    its window as padding. To one that ``cancels_bias`` it makes no difference if a number is added
    to a channel of its input.
    """

    summary: ClassVar[str]
    formula: ClassVar[str] = "the input's"
    example: ClassVar[Example]
    family: ClassVar[Family]
    depth: ClassVar[int] = 0
    memory: ClassVar[Memory] = Memory.OWN
    merges: ClassVar[bool] = False
    takes_one_for_all: ClassVar[bool] = False
    becomes_rows: ClassVar[bool] = False
    splits: ClassVar[bool] = False
    is_source: ClassVar[bool] = False
    keeps_rank: ClassVar[bool] = True
    halves_padding: ClassVar[bool] = False
    cancels_bias: ClassVar[bool] = False

    @property
    def variant(self) -> str:
        """Its type, or a name of its own where frameworks have no such layer of that type."""
        return self.type

    def check_axes(self, rank: int) -> None:
        """Refuse lists of another length than the input's axes, where its sizes are not known.

        Raises:
            Fault: ``axis-count``.
        """
        volume = Volume(1, (1,) * rank)
        for name, declared in self.keys().items():
            value = getattr(self, name) if declared.takes.per_axis else None
            if type(value) is tuple and len(value) != rank:
                raise wrong_axes(name, len(value), volume)

    def rows(self, inputs: Volumes | None) -> tuple[Part, ...]:
        """The rows that an entry becomes, the last one its output; empty for itself alone.

        ``inputs`` is None where a mistake hides one.

        Raises:
            Fault: where it cannot stand on them.
        """
        return ()

    def likes(self) -> tuple[str, ...]:
        """Names of layers whose sizes this one takes; they follow the inputs in ``inputs``."""
        return ()

    def on(self, inputs: Volumes) -> Shape:
        """The layer on these inputs.

        Raises:
            Fault: where it cannot stand on them.
        """
        return Shape(inputs, self.output_volume(inputs))

    def output_volume(self, inputs: Volumes) -> Volume:
        """The output volume.

        Raises:
            Fault: where the layer cannot stand on these inputs.
        """
        return inputs[0]

    def memory_on(self, inputs: int) -> Memory:
        """Where its output lives, with that many inputs."""
        return self.memory

    def size_arithmetic(self, shape: Shape) -> tuple[str, ...]:
        """`formula` with its numbers, per axis; empty where it has none to show."""
        return ()

    def weights(self, shape: Shape) -> Sum:
        return NOTHING

    def biases(self, shape: Shape) -> Sum:
        return NOTHING

    def buffers(self, shape: Shape) -> Sum:
        """Numbers that are kept with the weights and are not trained."""
        return NOTHING

    def macs(self, shape: Shape) -> Sum:
        return NOTHING

    def macs_of_activations(self, shape: Shape) -> Sum:
        """Multiply-adds of two activations, beside those of weights."""
        return NOTHING

    def interim(self, shape: Shape) -> Sum:
        """Elements of volumes that are there while it runs, beside its output."""
        return NOTHING

    def operations(self, shape: Shape) -> Sum:
        """FLOPs beside those of the MACs and of the biases."""
        return NOTHING

    def matrix_product(self, shape: Shape) -> MatrixProduct | None:
        """The layer as a product with a matrix of its weights; None where it is none."""
        return None

    def steps(self, shape: Shape) -> Steps:
        """The operations that it runs as in eager PyTorch; one that keeps nothing by itself."""
        return (Step(shape.output.elements),)

    def makes_tokens(self, shape: Shape) -> bool:
        """Whether frameworks apply a fully connected layer to each of its positions by itself."""
        return False

    def reach(self, shape: Shape) -> Reach:
        """Which positions of its input an output reads, a map per axis.

        `SAME_POSITION` for its own position only, `EVERYTHING` for the whole input.
        """
        return SAME_POSITION

    def reaches(self, shape: Shape) -> tuple[Reach, ...]:
        """`reach` of every input of a merge."""
        return (SAME_POSITION,) * len(shape.inputs)

    def geometry(self, shape: Shape) -> Mapping[str, Any]:
        """Resolved per-axis kernel, stride, padding and dilation, and groups, where it has them."""
        return {}
