"""Ultralytics model files to flat graphs, from published descriptions of their modules."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from archcalc.diagnostics import Source
from archcalc.importers.assembly import Assembly
from archcalc.importers.graph import Graph, Module
from archcalc.importers.passes import activated
from archcalc.importers.ultralytics import heads, modules
from archcalc.importers.ultralytics.blocks import CHANNELS, Blocks
from archcalc.importers.ultralytics.rows import ModelFile, ModuleRow, Plain, is_model, read_model
from archcalc.importers.ultralytics.scope import ModelScope
from archcalc.network.network import INPUT, NOWHERE
from archcalc.network.volume import Volume
from archcalc.record import Record
from archcalc.wording import nearest

__all__ = ["is_model", "read"]


class Kind(Record):
    """A module: what adds its layers, and what is done to its arguments before.

    The channels that it ``scales`` are its first argument; one that ``repeats`` inside itself gets
    the number of repeats as its second.
    """

    add: Callable[..., int]
    scales: bool = True
    repeats: bool = False


KINDS = {
    "Conv": Kind(modules.conv),
    "DWConv": Kind(modules.depthwise),
    "Focus": Kind(modules.focus),
    "Bottleneck": Kind(modules.bottleneck),
    "C3": Kind(modules.c3, repeats=True),
    "C2f": Kind(modules.c2f, repeats=True),
    "C3k2": Kind(modules.c3k2, repeats=True),
    "C2PSA": Kind(modules.c2psa, repeats=True),
    "SPP": Kind(modules.spp),
    "SPPF": Kind(modules.sppf),
    "Classify": Kind(modules.classify),
    "nn.Upsample": Kind(modules.upsample, scales=False),
    "nn.MaxPool2d": Kind(modules.maxpool, scales=False),
    "nn.ZeroPad2d": Kind(modules.zero_pad, scales=False),
}
DETECTS = ("Detect", "Segment")
JOINS = ("Concat",)

ACTIVATIONS = {
    "ReLU": "relu",
    "ReLU6": "relu6",
    "LeakyReLU": "leaky_relu",
    "SiLU": "silu",
    "Hardswish": "hardswish",
    "Mish": "mish",
    "GELU": "gelu",
    "ELU": "elu",
    "SELU": "selu",
    "Identity": "",
}

DECODED = "the decoding of boxes (offsets, strides) has no layers and is left out"


def read(
    source: Source,
    name: str,
    input: Volume | None = None,
    scale: str | None = None,
    blocks: Source | None = None,
) -> Graph:
    """The graph of a model file, at 640x640 unless another input is given.

    Args:
        source: the file.
        name: the name of the network.
        input: in the place of 640x640 and the file's ``ch``.
        scale: the letter of its scale; by default the one in the file's name, or its first.
        blocks: a file of ours whose blocks are modules as well; they go before those known here.

    Raises:
        SpecError: where the file is no YAML, or one of the blocks has a mistake.
        Refused: for all that it says and a file of ours cannot.
    """
    model = read_model(source, scale)
    given = Blocks(blocks) if blocks else None
    reader = _ModelReader(model, name, input or Volume(model.channels, (640, 640)), given)
    for number, row in enumerate(model.rows):
        reader.read(number, row)
    return reader.graph()


class _ModelReader:
    def __init__(self, model: ModelFile, name: str, input: Volume, blocks: Blocks | None) -> None:
        self.model = model
        self.blocks = blocks
        self.assembly = Assembly(name, input)
        self.assembly.notes += model.notes
        self.activation = self._activation(model.activation)
        self.outputs: list[int] = []
        self.used: set[int] = set()
        self.heads: list[int] = []
        # Models with this module have classes by depthwise convolutions, and deep ones are deeper.
        self.newer = any(row.module == "C3k2" for row in model.rows)

    def _activation(self, text: str) -> str:
        """The name alone: what a file says is never evaluated."""
        bare = text.partition("(")[0].removeprefix("torch.").removeprefix("nn.")
        if bare not in ACTIVATIONS:
            self.assembly.refuse(f"no layer type for the activation {text[:40]}", "activation")
        return ACTIVATIONS.get(bare, "")

    def graph(self) -> Graph:
        outputs = self.heads or ([self.outputs[-1]] if self.outputs else [INPUT])
        return activated(self.assembly.graph(outputs))

    def read(self, number: int, row: ModuleRow) -> None:
        inputs = [self._input(row, read) for read in row.reads]
        place = (Module(f"{row.kind.lower()}{number}", row.kind),)
        scope = ModelScope(self.assembly, place, self.activation, row.where)
        if NOWHERE in inputs:
            self.outputs.append(NOWHERE)
            return
        try:
            self.outputs.append(self._module(scope, row, inputs))
        except (TypeError, ValueError, ArithmeticError, OverflowError):
            fact = f"{row.module} does not take these arguments"
            self.outputs.append(self.assembly.refuse(fact, row.where))

    def _input(self, row: ModuleRow, read: int) -> int:
        index = len(self.outputs) + read if read < 0 else read
        if index == -1:
            return INPUT
        if not 0 <= index < len(self.outputs):
            fact = f"from is {read}, and there are {len(self.outputs)} rows before this one"
            return self.assembly.refuse(fact, row.where)
        return self.outputs[index]

    def _module(self, scope: ModelScope, row: ModuleRow, inputs: list[int]) -> int:
        if self.blocks and row.kind in self.blocks.blocks:
            return self._block(scope, row, inputs, self.blocks)
        if row.module in DETECTS:
            return self._head(scope, row, inputs)
        if row.module in JOINS:
            return scope.add("", "concat", inputs)
        kind = KINDS.get(row.module)
        if kind is None:
            known = [*KINDS, *DETECTS, *JOINS, *(self.blocks.blocks if self.blocks else ())]
            hints = "".join(f"; {line}" for line in nearest(row.module, known))
            return self.assembly.refuse(f"no module is named {row.module[:60]}{hints}", row.where)
        if len(inputs) > 1:
            return self._one_row(row, inputs)
        return self._repeated(scope, row, kind, inputs[0])

    def _one_row(self, row: ModuleRow, inputs: list[int]) -> int:
        return self.assembly.refuse(f"{row.module} reads one row, not {len(inputs)}", row.where)

    def _block(self, scope: ModelScope, row: ModuleRow, inputs: list[int], blocks: Blocks) -> int:
        """A block that was given: its `filters` are scaled as any module's channels."""
        if len(inputs) > 1:
            return self._one_row(row, inputs)
        arguments = [self._argument(argument) for argument in row.arguments]
        try:
            given = blocks.given(row.kind, arguments)
        except ValueError as error:
            return self.assembly.refuse(str(error), row.where)
        if type(given.get(CHANNELS)) is int and given[CHANNELS] != self.model.classes:
            given[CHANNELS] = self.model.scale.channels(given[CHANNELS])
        repeats = self.model.scale.repeats(row.repeats)
        return blocks.add(scope, inputs[0], row.kind, given, repeats)

    def _repeated(self, scope: ModelScope, row: ModuleRow, kind: Kind, x: int) -> int:
        arguments = [self._argument(argument) for argument in row.arguments]
        repeats = self.model.scale.repeats(row.repeats)
        if kind.scales:
            filters = arguments[0] if arguments else None
            if type(filters) is not int or filters < 1:
                raise ValueError("channels")
            if filters != self.model.classes:
                arguments[0] = self.model.scale.channels(filters)
        add = kind.add
        if self.model.anchors and add is modules.bottleneck:
            add = modules.early_bottleneck
        if add is modules.c3k2 and self.model.scale.deep:
            arguments[1:2] = [True]
        if kind.repeats:
            arguments.insert(1, repeats)
            repeats = 1
        for copy in range(repeats):
            inside = scope.inside(str(copy), row.module) if repeats > 1 else scope
            x = add(inside, x, *arguments)
        return x

    def _argument(self, argument: Plain) -> Any:
        if argument == "nc":
            return self.model.classes
        return tuple(argument) if isinstance(argument, list) else argument

    def _head(self, scope: ModelScope, row: ModuleRow, maps: list[int]) -> int:
        arguments = [self._argument(argument) for argument in row.arguments]
        classes = arguments[0] if arguments and type(arguments[0]) is int else self.model.classes
        anchors = self.model.anchors
        masks: Sequence[Any] = ()
        if row.module == "Segment":
            number, channels = [a for a in arguments[1:] if type(a) is int][:2] or (32, 256)
            masks = (number, self.model.scale.channels(channels))
        if anchors:
            numbers = 4 + 1 + classes + (masks[0] if masks else 0)
            found = heads.detect_by_anchors(scope, maps, anchors * numbers)
        else:
            found = heads.detect(scope, maps, classes, self.newer)
            if masks:
                found.append(heads.coefficients(scope, maps, masks[0]))
        if masks:
            found.append(heads.prototypes(scope, maps[0], *masks))
        if DECODED not in self.assembly.notes:
            self.assembly.notes.append(DECODED)
        self.heads += found
        return found[0]
