"""The table of docs/bridges.md: the operations that each front end reads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import ModuleType
from typing import Any

from archcalc.importers.darknet import layers
from archcalc.importers.onnx.operators import norms as onnx_norms
from archcalc.importers.onnx.operators import pointwise as onnx_pointwise
from archcalc.importers.onnx.operators import views as onnx_views
from archcalc.importers.onnx.operators import windows as onnx_windows
from archcalc.importers.pytorch.operations import attention, merging, pointwise, views, windows
from archcalc.importers.ultralytics import DETECTS, JOINS, KINDS

HEADINGS = "| front end | operations | of which |\n| --- | --- | --- |\n"
TABLE = re.compile(rf"{re.escape(HEADINGS)}(?:\|.*\n)*")


def filled(text: str) -> str:
    """The page with its table written again."""
    rows = [
        *_rows("PyTorch", (windows, pointwise, views, merging, attention), "TABLE"),
        *_rows("ONNX", (onnx_windows, onnx_norms, onnx_pointwise, onnx_views), "OPERATORS"),
        _row("Darknet", "sections", layers.SECTIONS),
        _row("Ultralytics", "modules", [*KINDS, *DETECTS, *JOINS]),
    ]
    return TABLE.sub(lambda _: HEADINGS + "".join(rows), text, count=1)


def _rows(name: str, modules: Iterable[ModuleType], table: str) -> list[str]:
    rows = []
    for module in modules:
        operations: Mapping[str, Any] = getattr(module, table)
        said = (module.__doc__ or "").partition(".")[0].partition(":")[0]
        rows.append(_row(name, said, operations))
    return rows


def _row(front_end: str, kind: str, names: Iterable[str]) -> str:
    return f"| {front_end} | {kind} | {', '.join(f'`{name}`' for name in sorted(names))} |\n"
