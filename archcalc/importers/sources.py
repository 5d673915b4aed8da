"""What can be imported: every front end there is, and which one a source is for."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from archcalc.archfile.arguments import parse_inputs
from archcalc.archfile.sources import source_of
from archcalc.diagnostics import Fault, Source
from archcalc.importers import darknet, onnx, pytorch, ultralytics
from archcalc.importers.graph import Graph, Refused, Unfit
from archcalc.importers.readable import readable, unfolded
from archcalc.importers.verifying import verify
from archcalc.importers.write import scalar
from archcalc.limits import FILE_LIMIT
from archcalc.network.sizes import whole
from archcalc.network.volume import Volume
from archcalc.record import Record
from archcalc.wording import listed, quoted


class Request(Record):
    """What is to be imported, and how: the input, a name, what a callable gets, and a file whose
    blocks are modules of an Ultralytics model.
    """

    source: str
    input: Volume | None = None
    name: str = ""
    arguments: Mapping[str, Any] = {}
    blocks: str | None = None

    @property
    def title(self) -> str:
        """The name that was given, or the last part of the source."""
        last = self.source.replace("\\", "/").rpartition("/")[2]
        return self.name or last.rpartition(".")[0] or last


class Imported(Record):
    """The text of a file of ours, and what is to be said about it."""

    text: str
    notes: tuple[str, ...]


def _pytorch(request: Request) -> Graph:
    module, _, callable = request.source.partition(":")
    return pytorch.read(module, callable, request.input, request.arguments, request.name)


def _darknet(request: Request) -> Graph:
    return darknet.read(_source(request.source), request.title, request.input)


def _ultralytics(request: Request) -> Graph:
    source, scale = _source(request.source), request.arguments.get("scale")
    blocks = None if request.blocks is None else _source(request.blocks)
    letter = None if scale is None else str(scale)
    return ultralytics.read(source, request.title, request.input, letter, blocks)


def _source(path: str) -> Source:
    with open(path, "rb") as file:
        return source_of(file.read(FILE_LIMIT + 1), path)


def _onnx(request: Request) -> Graph:
    return onnx.read(request.source, request.title, request.input)


class Importer(Record):
    """A front end: what it reads, as whoever wrote it calls it, and its function.

    It ``takes`` arguments of these names; any, where that is None.
    """

    name: str
    summary: str
    ending: str
    read: Callable[[Request], Graph]
    takes: tuple[str, ...] | None = ()


IMPORTERS: Mapping[str, Importer] = {
    importer.name: importer
    for importer in (
        Importer("pytorch", "module:callable, which is run", "", _pytorch, None),
        Importer("onnx", "an ONNX file", ".onnx", _onnx),
        Importer("darknet", "a Darknet .cfg", ".cfg", _darknet),
        Importer("ultralytics", "an Ultralytics model .yaml", "", _ultralytics, ("scale",)),
    )
}


def kind_of(source: str) -> str | None:
    """The front end that a source is for by its name; None where that may be a file of ours."""
    for importer in IMPORTERS.values():
        if importer.ending and source.endswith(importer.ending):
            return importer.name
    module, colon, callable = source.partition(":")
    parts = (*module.split("."), *callable.split("."))
    return "pytorch" if colon and all(part.isidentifier() for part in parts) else None


def graph_of(request: Request, kind: str | None = None) -> Graph:
    """The flat graph of a source, by the front end that is named or that it is for.

    Raises:
        Refused: for everything that a file cannot say.
        OSError: where the source, or the file of blocks, cannot be read.
        ValueError: where arguments or blocks are given to a source that has no use for them.
    """
    known = kind or kind_of(request.source) or _kind_by_keys(request)
    if known is None:
        hint = "a source ends in .onnx or .cfg, or is module:callable (or say --from)"
        raise Refused([Unfit(f"no front end is for {quoted(request.source)}: {hint}", "source")])
    takes = IMPORTERS[known].takes
    foreign = [key for key in request.arguments if takes is not None and key not in takes]
    if foreign:
        fact = f"takes the argument {listed(list(takes))}" if takes else "takes no arguments"
        raise ValueError(f"{request.source} {fact}, and not {listed(foreign)}")
    if request.blocks is not None and known != "ultralytics":
        raise ValueError(f"blocks are for an Ultralytics model, and {request.source} is none")
    if known != "pytorch" and not os.path.exists(request.source):
        raise FileNotFoundError(2, "there is no such file", request.source)
    return IMPORTERS[known].read(request)


def _kind_by_keys(request: Request) -> str | None:
    """What a YAML file is by its keys.

    Raises:
        OSError: where it cannot be read.
        SpecError: where it is no text.
    """
    is_yaml = request.source.endswith((".yaml", ".yml"))
    return "ultralytics" if is_yaml and is_foreign_model(_source(request.source).text) else None


def is_foreign_model(text: str) -> bool:
    """Whether the text of a YAML file is that of a model of Ultralytics, by its keys."""
    if "backbone" not in text:
        return False
    return ultralytics.is_model(text)


def input_of(size: Any) -> Volume | None:
    """The input that a command was given: whole, or rows and columns of three channels.

    Raises:
        ValueError: where it is no volume.
    """
    try:
        if isinstance(size, str) and size.lower().count("x") > 1:
            return whole(size)
        inputs = {"input": Volume(3, (224, 224))}
        return None if size is None else parse_inputs(size, inputs)["input"]
    except Fault as fault:
        raise ValueError(f"input {fault.message}") from None


def imported(request: Request, kind: str | None = None, flat: bool = False) -> Imported:
    """A source as a file of ours, which says what the source says in every row.

    Raises:
        Refused, OSError, ValueError: as `graph_of`.
    """
    graph = graph_of(request, kind)
    text = unfolded(graph) if flat else readable(graph)
    if (kind or kind_of(request.source)) == "pytorch":
        text = _with_code(text, request)
    verify(text, graph)
    return Imported(text, graph.notes)


def _with_code(text: str, request: Request) -> str:
    """The file with the code that it is of, behind its input."""
    code = request.source
    if request.arguments:
        pairs = ", ".join(f"{k}: {scalar(_plain(v))}" for k, v in request.arguments.items())
        code = f"{{call: {quoted(code, len(code))}, args: {{{pairs}}}}}"
    before, line, after = text.partition("\ninput: ")
    shape, _, rest = after.partition("\n")
    return f"{before}{line}{shape}\ncode: {code}\n{rest}"


def _plain(value: Any) -> Any:
    """A number, word or list as a file may have it."""
    if isinstance(value, float):
        return Fraction(format(value, ".12g"))
    if isinstance(value, list | tuple):
        return tuple(map(_plain, value))
    return "null" if value is None else value
