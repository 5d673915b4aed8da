"""The columns of tables: heading, value of a row, and how much it matters where space is short."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from archcalc.diagnostics import nearest
from archcalc.quantities import QUANTITIES
from archcalc.report.rows import Row
from archcalc.tree import decimal

Cell = int | str | None


class Column(NamedTuple):
    """A column. Of those that do not fit, the ones with the largest ``rank`` go first."""

    name: str
    heading: str
    doc: str
    value: Callable[[Row], Cell]
    rank: int
    numeric: bool = False


def _sum(name: str) -> Callable[[Row], Cell]:
    def value(row: Row) -> int:
        return sum(getattr(layer, name) for layer in row.layers)

    return value


def _quantity(name: str, rank: int) -> Column:
    quantity = QUANTITIES[name]
    return Column(name, quantity.heading, quantity.doc, _sum(name), rank, numeric=True)


def _axes(values: list[Any]) -> str:
    """``3`` where all axes agree, else ``3x5``."""
    return str(values[0]) if len(set(values)) == 1 else "x".join(map(str, values))


def _geometry(key: str) -> Callable[[Row], Cell]:
    def value(row: Row) -> str | None:
        if row.is_folded:
            return None
        known = row.last.layer.geometry(row.last.input_volumes).get(key)
        if key == "padding" and known is not None:
            same = all(before == after for before, after in known)
            known = [before if same else f"{before}+{after}" for before, after in known]
        return _axes(known) if isinstance(known, list) else known

    return value


def _exact(row: Row) -> str | None:
    windows = () if row.is_folded else row.last.costs.windows
    return _axes([decimal(window.exact) for window in windows]) if windows else None


def _flags(row: Row) -> str | None:
    illegal = any(not w.divides for layer in row.layers for w in layer.costs.windows)
    return "illegal-stride" if illegal else None


def _field(row: Row) -> str | None:
    field = row.last.field
    if field.is_global and field.axes is None:
        return "all"
    size = _axes([axis.size for axis in field.axes]) if field.axes else None
    if size is None:
        return None
    return f"{size}{' (all)' if field.is_global else ''}{'' if field.aligned else ' ~'}"


def _field_stride(row: Row) -> str | None:
    axes = row.last.field.axes
    return _axes([_fraction(axis.stride) for axis in axes]) if axes else None


def _fraction(value: Fraction) -> str:
    return str(value)


def _field_start(row: Row) -> str | None:
    axes = row.last.field.axes
    return _axes(["none" if a.start is None else a.start for a in axes]) if axes else None


def _input(row: Row) -> str:
    return ", ".join(map(str, row.layers[0].input_volumes))


def _activation(row: Row) -> str | None:
    return None if row.is_folded else row.last.activation


def _type(row: Row) -> str:
    activation = _activation(row)
    return f"{row.type} + {activation}" if activation else row.type


def _depth(row: Row) -> int:
    return row.last.depth


COLUMNS: Mapping[str, Column] = {
    column.name: column
    for column in (
        Column("flags", "", "`!` where a stride does not divide (illegal-stride)", _flags, 1),
        Column("name", "name", "the layer's path", lambda row: row.name, 0),
        Column("type", "type", "the layer type, and the activation after it", _type, 8),
        Column("activation", "activation", "the activation after the layer", _activation, 20),
        Column("line", "line", "the line of the file", lambda row: row.last.place.line, 20, True),
        Column("inputs", "inputs", "what feeds it", lambda r: ", ".join(r.layers[0].inputs), 20),
        Column("input", "input", "the input volumes", _input, 20),
        Column("kernel", "kernel", "size of the window, F", _geometry("kernel"), 10),
        Column("stride", "stride", "step of the window, S", _geometry("stride"), 11),
        Column("padding", "pad", "rows around the input, before+after", _geometry("padding"), 12),
        Column("dilation", "dilation", "D", _geometry("dilation"), 20),
        Column("groups", "groups", "groups of a convolution", _geometry("groups"), 20),
        Column("exact", "before floor", "(N + P - D(F - 1) - 1)/S + 1", _exact, 13),
        Column("output", "output", "output volume", lambda row: str(row.last.output), 2),
        _quantity("weights", 15),
        _quantity("biases", 15),
        _quantity("params", 3),
        _quantity("buffers", 16),
        _quantity("param_bytes", 16),
        _quantity("macs", 4),
        _quantity("flops", 16),
        _quantity("connections", 16),
        Column("depth", "depth", QUANTITIES["depth"].doc, _depth, 20, True),
        _quantity("activation_elements", 16),
        _quantity("activation_bytes", 6),
        Column("receptive_field", "field", "receptive field, rows of the input", _field, 7),
        Column("field_stride", "field stride", "step of the receptive field", _field_stride, 20),
        Column("field_start", "field start", "first row that output 0 sees", _field_start, 20),
    )
}

DEFAULT = (
    "flags", "name", "type", "kernel", "stride", "padding", "output", "params", "macs",
    "activation_bytes", "receptive_field",
)  # fmt: skip


def column(name: str) -> Column:
    """A column by its name.

    Raises:
        ValueError: with the nearest name.
    """
    if name not in COLUMNS:
        hint = "".join(f"; {line}" for line in nearest(name, COLUMNS))
        raise ValueError(f'there is no column "{name}"; there are: {", ".join(COLUMNS)}{hint}')
    return COLUMNS[name]


def written(cell: Cell, number: Callable[[int], str]) -> str:
    """A cell as text."""
    if cell is None:
        return ""
    return number(cell) if isinstance(cell, int) else cell
