"""What a program calls to have the architecture of code or of a model file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archcalc.api import loads
from archcalc.archfile.declaration import Architecture
from archcalc.importers.graph import Refused
from archcalc.importers.sources import Request, imported
from archcalc.network.volume import Volume


def import_(
    source: str,
    *,
    input: Volume | None = None,
    name: str = "",
    arguments: Mapping[str, Any] | None = None,
    kind: str | None = None,
    blocks: str | None = None,
    flat: bool = False,
) -> Architecture:
    """The architecture of code or of a model file; the text of its file is ``source.text``.

    Args:
        source: ``module:callable``, whose code is run, or a path, as of `archcalc import`.
        input: the input, where the source has none.
        name: the network's name.
        arguments: what the callable gets.
        kind: what the source is: pytorch, onnx, darknet, ultralytics; by default as it looks.
        blocks: the path of a file whose blocks are modules of an Ultralytics model too.
        flat: an entry for every row, without blocks.

    Raises:
        ValueError: for all that a file cannot say, a line each.
        OSError: where it cannot be read.
    """
    request = Request(source, input, name, arguments or {}, blocks)
    try:
        return loads(imported(request, kind, flat).text, source)
    except Refused as refused:
        raise ValueError(str(refused)) from None
