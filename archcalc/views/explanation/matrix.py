"""A layer as a matrix product: the matrices, their factors, and what an unfolded input costs."""

from __future__ import annotations

from fractions import Fraction

from archcalc.analysis.analysis import Analysis, LayerAnalysis
from archcalc.analysis.dtypes import DTYPES
from archcalc.network.counts import Sum, product
from archcalc.network.matrix import Matrix
from archcalc.views.explanation.base import Section, written
from archcalc.wording import three_digits


def matrix_product(analysis: Analysis, layer: LayerAnalysis) -> Section | None:
    """The layer as a product with a weight matrix; None if it is none."""
    matrices = layer.layer.matrix_product(layer.costs.shape)
    if matrices is None:
        return None
    lines = []
    if matrices.groups > 1:
        lines.append(("", f"{matrices.groups} groups, each a product of its own:"))
    for matrix in matrices.operands:
        lines += _described(matrix)
    lines += _described(matrices.result, result=True)
    if matrices.assembly:
        lines.append(("output", f"{layer.output}: {matrices.assembly}"))
    if matrices.operands[0].unfolded:
        lines += _storage(analysis, layer, matrices.operands[0], matrices.groups)
    return Section("As a matrix product, of one sample", lines)


def _described(matrix: Matrix, *, result: bool = False) -> list[tuple[str, str]]:
    text = f"{matrix.rows.value} x {matrix.columns.value}"
    if matrix.meaning:
        text += f": {matrix.meaning}"
    if result and not matrix.columns:
        text += ", one column per sample"
    if not matrix.unfolded:
        return [(matrix.name, text)]
    rows, columns = written(Sum([matrix.rows])), written(Sum([matrix.columns]))
    return [(matrix.name, text), ("", f"rows {rows}, columns {columns}")]


def _storage(
    analysis: Analysis, layer: LayerAnalysis, matrix: Matrix, groups: int
) -> list[tuple[str, str]]:
    """The cost of storing an unfolded input, for the whole batch."""
    factors = [("groups", groups)] if groups > 1 else []
    factors += [*matrix.rows, *matrix.columns]
    factors += [("batch", analysis.batch)] if analysis.batch > 1 else []
    stored = product(*factors)
    size = DTYPES[analysis.dtype]
    held = layer.input_volumes[0].elements * analysis.batch
    times = three_digits(Fraction(stored.value, held))
    return [
        ("elements", written(stored)),
        ("bytes", f"{stored.value:,} x {size} ({analysis.dtype}) = {stored.value * size:,}"),
        ("", f"to store {matrix.name}: {times} times the {held:,} elements of its input"),
    ]
