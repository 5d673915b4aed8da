"""What to make of each operator of ONNX: a function for each, in the file of its kind."""

from __future__ import annotations

from archcalc.importers.onnx.operators import pointwise, views, windows
from archcalc.importers.onnx.translating import Operator

OPERATORS: dict[str, Operator] = {
    **windows.OPERATORS,
    **views.OPERATORS,
    **pointwise.OPERATORS,
}
