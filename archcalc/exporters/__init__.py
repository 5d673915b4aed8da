"""From a network to code and model files; `EXPORTERS` has a line for each kind."""

from __future__ import annotations

from collections.abc import Mapping

from archcalc.record import Record


class File(Record):
    """What is written: what its name has behind the exporter's suffix, its bytes, and how many
    zeros follow them.
    """

    suffix: str
    data: bytes
    zeros: int = 0


class Exporter(Record):
    """A kind of file to export to.

    ``maker`` is MODULE:FUNCTION beside this, imported on use (`archcalc.api`). The function takes a
    network and the name, without a suffix, under which its files are written. It is ``text`` where
    the one file that it makes can be printed. Its files end with ``suffix``, after which more may
    follow.
    """

    name: str
    summary: str
    suffix: str
    maker: str
    text: bool = False


_DECLARED = (
    Exporter("pytorch", "source that needs torch alone", ".py", "pytorch:files", text=True),
    Exporter(
        "onnx",
        "a model of opset 17, and a file of zeros beside it for its weights",
        ".onnx",
        "onnx:files",
    ),
)
EXPORTERS: Mapping[str, Exporter] = {exporter.name: exporter for exporter in _DECLARED}
