"""The sections of a Darknet file that were read so far, and what each one gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from archcalc.importers.assembly import Assembly
from archcalc.importers.darknet.sections import DarknetSection
from archcalc.importers.graph import Module
from archcalc.network.network import INPUT
from archcalc.network.volume import Volume

ACTIVATIONS = {
    "linear": None,
    "logistic": "sigmoid",
    "relu": "relu",
    "relu6": "relu6",
    "leaky": "leaky_relu",
    "elu": "elu",
    "selu": "selu",
    "gelu": "gelu",
    "mish": "mish",
    "swish": "silu",
    "tanh": "tanh",
}


class SectionReading:
    """The sections read so far: what each one's output is, by its number."""

    def __init__(self, name: str, input: Volume) -> None:
        self.assembly = Assembly(name, input)
        self.outputs: list[int] = []
        self.heads: list[int] = []
        self.read: set[int] = set()

    @property
    def last(self) -> int:
        return self.outputs[-1] if self.outputs else INPUT

    def output(self, section: DarknetSection, key: str, number: int) -> int:
        """What an earlier section gives: counted back from this one where it is negative."""
        index = len(self.outputs) + number if number < 0 else number
        if not 0 <= index < len(self.outputs):
            fact = f"{key} names layer {number}, and there are {len(self.outputs)} before this one"
            return self.assembly.refuse(fact, section.where)
        return self.outputs[index]

    def volume(self, index: int) -> Volume | None:
        return self.assembly.volume(index)

    def add(
        self,
        section: DarknetSection,
        type: str,
        inputs: Sequence[int],
        keys: Mapping[str, object] | None = None,
        part: str = "",
    ) -> int:
        self.read.update(inputs)
        place = self.place(section, part)
        return self.assembly.layer(type, inputs, place, keys, section.where)

    def place(self, section: DarknetSection, part: str) -> tuple[Module, ...]:
        whole = Module(f"{section.name}{len(self.outputs)}", section.name)
        return (whole, Module(part)) if part else (whole,)

    def meant(self, section: DarknetSection, name: str) -> str | None:
        """Our name of an activation; None for none, and for one that is refused."""
        if name not in ACTIVATIONS:
            self.assembly.refuse(f"no layer type for activation={name[:40]}", section.where)
        return ACTIVATIONS.get(name)

    def activated(self, section: DarknetSection, index: int, default: str) -> int:
        """The activation that a section has besides its layer."""
        meant = self.meant(section, section.text("activation", default))
        if meant is None:
            return index
        return self.add(section, meant, [index], part=meant)
