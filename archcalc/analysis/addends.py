"""What counters add for a layer: the addends of `counters`."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from archcalc.analysis.analysis import LayerAnalysis
from archcalc.network.volume import Volume
from archcalc.record import Record


class Applied(Record):
    """A layer type on certain inputs: a row of the table, or the activation after one."""

    type: str
    row: LayerAnalysis
    input: Volume
    output: Volume


# What a counter adds for a layer; None where that is not known.
Addend = Callable[[Applied], int | None]


def nothing(applied: Applied) -> int | None:
    return 0


def macs(applied: Applied) -> int | None:
    return applied.row.macs


def macs_and_biases(applied: Applied) -> int | None:
    return applied.row.connections


def twice_macs(applied: Applied) -> int | None:
    return 2 * applied.row.macs


def params_per_position(applied: Applied) -> int | None:
    return applied.row.used_params * applied.output.positions


def params(applied: Applied) -> int | None:
    return applied.row.used_params


def twice_elements(applied: Applied) -> int | None:
    return 2 * applied.output.elements


def twice_inputs(applied: Applied) -> int | None:
    return 2 * applied.input.elements


def affine(per_element: int) -> Addend:
    """A number of operations per element of a normalisation with scale and shift."""

    def addend(applied: Applied) -> int | None:
        return per_element * applied.output.elements if applied.row.used_params else None

    return addend


def adaptive_inputs(applied: Applied) -> int | None:
    """The input elements; measured on two axes."""
    return applied.input.elements if len(applied.input.spatial) == 2 else None


def adaptive_window(applied: Applied) -> int | None:
    """(window + 1) per output, where the output divides the input: k^2 + 1 on two axes."""
    window = Fraction(applied.input.positions, applied.output.positions)
    divides = all(
        n % m == 0 for n, m in zip(applied.input.spatial, applied.output.spatial, strict=True)
    )
    return (int(window) + 1) * applied.output.elements if divides else None


def fvcore_norm(applied: Applied) -> int | None:
    return (5 if applied.row.params else 4) * applied.output.elements


def not_known(applied: Applied) -> int | None:
    return None


def unfused(addend: Addend) -> Addend:
    """Of attention that is written as products; nothing of a kernel that does it all."""

    def counted(applied: Applied) -> int | None:
        layer: Any = applied.row.layer
        return 0 if layer.fused else addend(applied)

    return counted


def without_table(applied: Applied) -> int | None:
    """Nothing, unless there is a parameter that is called a bias."""
    return None if applied.row.params else 0
