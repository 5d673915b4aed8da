"""ONNX files to flat graphs, without the onnx package: their structure is all that is read."""

from __future__ import annotations

import os

from archcalc.importers.graph import Graph, Refused, Unfit
from archcalc.importers.onnx.model import OnnxModel
from archcalc.importers.onnx.operators import OPERATORS
from archcalc.importers.onnx.reading import read_model
from archcalc.importers.onnx.stretch import CutShort, Stretch
from archcalc.importers.onnx.translating import translated
from archcalc.importers.onnx.wire import Malformed
from archcalc.importers.passes import tidied
from archcalc.importers.pytorch.translating import lowered
from archcalc.network.volume import Volume


def read(path: str, name: str, input: Volume | None = None) -> Graph:
    """The graph of a file; its weights are not read, and may be missing.

    Args:
        path: the file.
        name: the name of the network.
        input: its input, for a model that leaves it open.

    Raises:
        OSError: where the file cannot be read.
        Refused: where it is no model, and for all that a file of ours cannot say.
    """
    with open(path, "rb", buffering=0) as file:
        size = os.fstat(file.fileno()).st_size
        if not size:
            raise Refused([Unfit("the file is empty", path)])
        try:
            model = read_model(Stretch(file, 0, size))
        except Malformed as malformed:
            raise Refused([Unfit(f"it is no ONNX model: {malformed}", path)]) from None
        except CutShort:
            raise Refused([Unfit("it became shorter while it was read", path)]) from None
    return graph_of(model, name, input, path)


def graph_of(model: OnnxModel, name: str, input: Volume | None, path: str) -> Graph:
    """The graph of a model.

    Raises:
        Refused: for all that a file of ours cannot say.
    """
    try:
        traced, volume = translated(model, input, OPERATORS)
    except Malformed as malformed:
        raise Refused([Unfit(f"it is no ONNX model: {malformed}", path)]) from None
    return tidied(lowered(traced, name, volume))
