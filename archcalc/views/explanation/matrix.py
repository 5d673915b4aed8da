"""A layer as a matrix product.

A convolution is W_row X_col + b_col, with the windows as the columns of X_col (im2col: Chellapilla,
Puri and Simard, "High Performance Convolutional Neural Networks for Document Processing", 2006).
"""

from __future__ import annotations

from fractions import Fraction

from archcalc.analysis.analysis import ELEMENT_BYTES, Analysis, LayerAnalysis
from archcalc.network.counts import Sum, product
from archcalc.network.layers.conv import Conv, Convolution, kernel_factors, position_factors
from archcalc.network.layers.linear import FullyConnected
from archcalc.network.layers.transposed import ConvTranspose
from archcalc.views.explanation.base import Section, written
from archcalc.wording import three_digits


def matrix_product(analysis: Analysis, layer: LayerAnalysis) -> Section | None:
    """None for a layer that is no product with a weight matrix."""
    kind = layer.layer
    if isinstance(kind, Convolution):
        lines = _convolution(analysis, layer, kind)
    elif isinstance(kind, ConvTranspose):
        lines = _transposed(layer, kind)
    elif isinstance(kind, FullyConnected):
        inputs = layer.input_volumes[0].elements
        lines = [
            ("x", f"{inputs} x 1"),
            ("W", f"{kind.units} x {inputs}"),
            ("output", f"{kind.units} x 1, one column per sample"),
        ]
    else:
        return None
    return Section("As a matrix product, of one sample", lines)


def _convolution(
    analysis: Analysis, layer: LayerAnalysis, kind: Convolution
) -> list[tuple[str, str]]:
    (volume,) = layer.input_volumes
    groups, filters = kind.grouping(volume), layer.output.channels
    window = ("C", volume.channels) if groups == 1 else ("C/groups", volume.channels // groups)
    column = product(*kernel_factors(kind.kernel, volume), window)
    positions = product(*position_factors(layer.output))
    each = filters // groups
    lines = []
    if groups > 1:
        lines.append(("", f"{groups} groups, each a product of its own:"))
    lines += [
        ("X_col", f"{_shape(column.value, positions.value)}: the windows as columns"),
        ("", f"rows {written(column)}, columns {written(positions)}"),
        ("W_row", f"{_shape(each, column.value)}: the filters as rows{_sparse(layer, kind)}"),
    ]
    plus = ""
    if layer.biases:
        lines.append(("b_col", f"{_shape(each, positions.value)}: the biases, repeated"))
        plus = " + b_col"
    lines.append(("output", f"{_shape(each, positions.value)}: W_row X_col{plus}"))
    return [*lines, *_storage(analysis, layer, column, positions, groups)]


def _storage(
    analysis: Analysis, layer: LayerAnalysis, column: Sum, positions: Sum, groups: int
) -> list[tuple[str, str]]:
    """What storing X_col costs, of the whole batch."""
    factors = [("groups", groups)] if groups > 1 else []
    factors += [*column[0], *positions[0]]
    factors += [("batch", analysis.batch)] if analysis.batch > 1 else []
    stored = product(*factors)
    size = ELEMENT_BYTES[analysis.dtype]
    held = layer.input_volumes[0].elements * analysis.batch
    return [
        ("elements", written(stored)),
        ("bytes", f"{stored.value:,} x {size} ({analysis.dtype}) = {stored.value * size:,}"),
        (
            "",
            f"to store X_col: {three_digits(Fraction(stored.value, held))} times the {held:,} "
            "elements of its input",
        ),
    ]


def _sparse(layer: LayerAnalysis, kind: Convolution) -> str:
    if isinstance(kind, Conv) and kind.connection_table is not None:
        return f", of which {layer.weights:,} entries are weights and the others 0"
    return ""


def _transposed(layer: LayerAnalysis, kind: ConvTranspose) -> list[tuple[str, str]]:
    """W_col x gives every input's window of the output; overlapping windows are added up."""
    (volume,) = layer.input_volumes
    groups = kind.groups
    channels = volume.channels // groups
    window = product(
        *kernel_factors(kind.kernel, volume),
        ("K", kind.filters) if groups == 1 else ("K/groups", kind.filters // groups),
    )
    positions = product(*position_factors(volume))
    lines = [("", f"{groups} groups, each a product of its own:")] if groups > 1 else []
    return [
        *lines,
        ("X", f"{_shape(channels, positions.value)}: the input's positions as columns"),
        ("W_col", f"{_shape(window.value, channels)}: the filters as columns"),
        ("Y_col", f"{_shape(window.value, positions.value)}: W_col X"),
        ("", f"rows {written(window)}, columns {written(positions)}"),
        ("output", f"{layer.output}: the columns of Y_col laid out and added where they overlap"),
    ]


def _shape(rows: int, columns: int) -> str:
    return f"{rows} x {columns}"
