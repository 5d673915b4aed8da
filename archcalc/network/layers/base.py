"""What every layer type has in common: it changes nothing and costs nothing.

A layer type is a class whose attributes declare the keys of its entry in a file; it overrides what
it does differently. Counting convention, once for all types: a MAC is one multiply-add of a
weight, for one sample; biases, normalisation and activations are no MACs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from enum import Enum
from operator import attrgetter
from typing import Any, ClassVar

from archcalc.diagnostics import Fault
from archcalc.network.counts import NOTHING, Sum
from archcalc.network.matrix import MatrixProduct
from archcalc.network.receptive_field import Field
from archcalc.network.synonyms import meant_key
from archcalc.network.values import PerAxis, ValueType
from archcalc.network.volume import Volume
from archcalc.network.window import TransposedWindow, Window
from archcalc.record import Record
from archcalc.wording import did_you_mean, listed, quoted

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


REQUIRED: Any = object()


class Memory(Enum):
    """Where an output lives: in a volume of its own, in its input's, or as a view of its input."""

    OWN = "its own"
    IN_PLACE = "in place"
    VIEW = "a view"


class Family(Enum):
    """What a type is a kind of, in the words of a summary of costs."""

    CONVOLUTION = "convolutions"
    POOLING = "poolings"
    FULLY_CONNECTED = "fully connected layers"
    NORMALISATION = "normalisations"
    ACTIVATION = "activations"
    MERGE = "merges"
    REARRANGEMENT = "rearrangements"


class Example(Record):
    """An entry and the volume that it is shown on in the reference pages."""

    entry: str
    input: str = "227x227x3"
    before: str = ""


class Key(Record):
    """A key of a layer type: what it takes, what it means, its default if it has one."""

    name: str
    takes: ValueType[Any]
    doc: str
    default: Any

    @property
    def required(self) -> bool:
        return self.default is REQUIRED

    def check(self, value: Any) -> Any:
        """A plain value as a layer holds it; None where that is the default.

        Raises:
            Fault: as the type of the values does, with this key.
        """
        if value is None and self.default is None:
            return None
        try:
            return self.takes.check(value)
        except Fault as fault:
            raise Fault.together(
                Fault(
                    part.rule,
                    f"{self.name} {part.message}",
                    key=self.name,
                    suggestions=part.suggestions,
                )
                for part in fault.parts
            ) from None


def key(takes: ValueType[Any], doc: str, default: Any = REQUIRED) -> Any:
    """Declares a key in the body of a layer type; its name is the name that it is bound to."""
    return Key("", takes, doc, default)


class Layer:
    """A layer without parameters that keeps its input: the base of all types.

    An immutable record of the values of its keys. It is no dataclass because forty of them take
    longer to define than a network takes to analyse, and a command line starts anew each time.
    """

    type: ClassVar[str]
    summary: ClassVar[str]
    formula: ClassVar[str] = "the input's"
    example: ClassVar[Example]
    family: ClassVar[Family]
    depth: ClassVar[int] = 0
    memory: ClassVar[Memory] = Memory.OWN
    merges: ClassVar[bool] = False
    keeps_rank: ClassVar[bool] = True
    halves_padding: ClassVar[bool] = False

    _keys: ClassVar[Mapping[str, Key]] = {}
    _required: ClassVar[frozenset[str]] = frozenset()
    _given: ClassVar[Callable[[Layer], Any]] = attrgetter("type")

    def __init_subclass__(cls) -> None:
        declared = [(name, value) for name, value in vars(cls).items() if isinstance(value, Key)]
        cls._keys = {name: value._replace(name=name) for name, value in declared}
        cls._required = frozenset(name for name, value in declared if value.required)
        cls._given = attrgetter("type", *cls._keys)
        for name, value in declared:
            if value.default is REQUIRED:
                delattr(cls, name)
            else:
                setattr(cls, name, value.default)

    def __init__(self, **values: Any) -> None:
        """The values of the keys by name, as plain values: ``Conv(filters=64, kernel=[3, 5])``.

        Raises:
            Fault: for everything that is wrong with them, in the words that a file gets.
        """
        self.__dict__.update(self._checked(values))
        self.check_keys()

    @classmethod
    def of_checked(cls, values: Mapping[str, Any]) -> Layer:
        """A layer of values that the types of its keys gave; none of them is checked again.

        Raises:
            Fault: where the values contradict each other.
        """
        layer = cls.__new__(cls)
        layer.__dict__.update(values)
        layer.check_keys()
        return layer

    def with_keys(self, values: Mapping[str, Any]) -> Layer:
        """The layer with other values for some of its keys.

        Raises:
            Fault: as the constructor does.
        """
        return type(self)(**{**self.__dict__, **values})

    @classmethod
    def _checked(cls, values: Mapping[str, Any]) -> dict[str, Any]:
        faults = cls._misnamed(values)
        checked = {}
        for name, value in values.items():
            if name in cls._keys:
                try:
                    checked[name] = cls._keys[name].check(value)
                except Fault as fault:
                    faults.append(fault)
        if faults:
            raise Fault.together(faults)
        return checked

    @classmethod
    def _misnamed(cls, given: Collection[str]) -> list[Fault]:
        """Keys that the type has not, and those that it needs and that are not meant by them."""
        free = [name for name in cls._keys if name not in given]
        faults, meant = [], set()
        for name in given:
            if name not in cls._keys:
                close = meant_key(name, free)
                meant.add(close)
                fact, hints = f"{cls.type} has no key {quoted(name)}", did_you_mean(close)
                faults.append(Fault("unknown-key", fact, key=name, suggestions=hints))
        missing = [name for name in free if name in cls._required and name not in meant]
        if missing:
            faults.append(Fault("missing-key", f"{cls.type} needs {listed(missing)}"))
        return faults

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"{self.type} is immutable")

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and type(self)._given(self) == type(self)._given(other)

    def __hash__(self) -> int:
        return hash(type(self)._given(self))

    @classmethod
    def keys(cls) -> Mapping[str, Key]:
        """The keys that an entry of this type may have, in the order of declaration."""
        return cls._keys

    @property
    def variant(self) -> str:
        """Its type, or a name of its own where frameworks have no such layer of that type."""
        return self.type

    def check_keys(self) -> None:
        """Refuse values that contradict each other.

        Raises:
            Fault: with the rule that they break.
        """

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

    def parts(self) -> tuple[tuple[str, Layer], ...]:
        """The rows that an entry becomes, each with its name below the entry's; mostly itself."""
        return (("", self),)

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

    def operations(self, shape: Shape) -> Sum:
        """FLOPs beside those of the MACs and of the biases."""
        return NOTHING

    def matrix_product(self, shape: Shape) -> MatrixProduct | None:
        """The layer as a product with a matrix of its weights; None where it is none."""
        return None

    def reach(self, shape: Shape) -> Reach:
        """Which positions of its input an output reads, a map per axis.

        `SAME_POSITION` for its own position only, `EVERYTHING` for the whole input.
        """
        return SAME_POSITION

    def positional(self, shape: Shape) -> list[bool]:
        """Per input of a merge whether it is read at the output's own position."""
        return [True] * len(shape.inputs)

    def geometry(self, shape: Shape) -> Mapping[str, Any]:
        """Resolved per-axis kernel, stride, padding and dilation, and groups, where it has them."""
        return {}


def per_axis(value: PerAxis, volume: Volume, name: str) -> tuple[int, ...]:
    """One number per spatial axis of the input.

    Raises:
        Fault: ``axis-count`` where a list has another length.
    """
    rank = len(volume.spatial)
    if isinstance(value, int):
        return (value,) * rank
    if len(value) != rank:
        raise wrong_axes(name, len(value), volume)
    return value


def wrong_axes(name: str, count: int, volume: Volume) -> Fault:
    rank = len(volume.spatial)
    axes = f" ({', '.join(volume.axis_names)})" if rank else ""
    return Fault(
        "axis-count",
        f"{name} has {count} {'entry' if count == 1 else 'entries'}, and the layer's input has "
        f"{rank or 'no'} spatial {'axis' if rank == 1 else 'axes'}{axes}",
        key=name,
    )


def needs_axes(layer: Layer, volume: Volume) -> None:
    """Refuse a vector where a layer works on spatial axes.

    Raises:
        Fault: ``axis-count``.
    """
    if not volume.spatial:
        raise Fault(
            "axis-count",
            f"{layer.type} works on spatial axes, and its input {volume} is a vector",
        )


def divided(count: int, by: int, what: str, name: str, rule: str = "indivisible-size") -> int:
    """count / by.

    Raises:
        Fault: of the rule, where that is not whole.
    """
    if count % by:
        raise Fault(
            rule, f"{count} {what} / {by} {name} = {count // by} remainder {count % by}", key=name
        )
    return count // by
