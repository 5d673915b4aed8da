"""A layer as a matrix product, of one sample.

A convolution is W_row X_col + b_col, with the windows as the columns of X_col (im2col: Chellapilla,
Puri and Simard, "High Performance Convolutional Neural Networks for Document Processing", 2006).
"""

from __future__ import annotations

from archcalc.network.counts import Product
from archcalc.record import Record


class Matrix(Record):
    """A matrix: its numbers of rows and columns as named factors, and what is in it.

    In one that is ``unfolded`` every column is a window: an element of a volume stands there once
    for every window that covers it.
    """

    name: str
    rows: Product
    columns: Product
    meaning: str = ""
    unfolded: bool = False


class MatrixProduct(Record):
    """Matrices that are multiplied, the input's first, and their result: the same in every group.

    ``assembly`` says how the output is made of the result where it is not the result itself.
    """

    operands: tuple[Matrix, ...]
    result: Matrix
    groups: int = 1
    assembly: str = ""
