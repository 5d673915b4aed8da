"""What to make of each operator of ONNX: a function for each, in the file of its kind."""

from __future__ import annotations

from archcalc.importers.onnx.operators import norms, pointwise, views, windows
from archcalc.importers.onnx.translation import Operator

OPERATORS: dict[str, Operator] = {
    **windows.OPERATORS,
    **views.OPERATORS,
    **pointwise.OPERATORS,
    **norms.OPERATORS,
}
