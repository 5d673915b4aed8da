"""The columns of tables: their headings, their values, and which to drop first in a narrow one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import inf, prod
from typing import Any

from archcalc.analysis.quantities import QUANTITIES, Quantity
from archcalc.network.layers.windowed import Windowed
from archcalc.network.volume import Volume
from archcalc.network.window import Window
from archcalc.record import Record
from archcalc.views.rows import Row
from archcalc.wording import decimal, nearest, quotient, share

Cell = int | str | None


class Column(Record):
    """A column. Where not all of them fit, those with the largest ``rank`` are dropped first.

    Rows are sorted by ``order``, largest first, or by their text if there is none. ``plain`` is the
    value in CSV, where other columns hold what ``value`` adds for a reader.
    """

    name: str
    heading: str
    doc: str
    value: Callable[[Row], Cell]
    rank: int
    numeric: bool = False
    order: Callable[[Row], Any] | None = None
    plain: Callable[[Row], Cell] | None = None
    is_default: bool = False
    is_of_training: bool = False
    is_rare: bool = False


def _axes(values: list[Any]) -> str:
    """``3`` where all axes agree, else ``3x5``."""
    return str(values[0]) if len(set(values)) == 1 else "x".join(map(str, values))


def _quantity(quantity: Quantity) -> Column:
    """The column of a quantity of layers."""

    def value(row: Row) -> Cell:
        amount = quantity.of_layers(row.layers, row.last)
        if isinstance(amount, Volume):
            return str(amount)
        return _axes(list(amount)) if isinstance(amount, tuple) else amount

    def order(row: Row) -> Any:
        amount = quantity.of_layers(row.layers, row.last)
        return amount is not None, amount or 0

    def own_order(row: Row) -> Any:
        assert quantity.order is not None
        return quantity.order(row.last)

    return Column(
        quantity.name,
        quantity.heading,
        quantity.doc,
        CELLS.get(quantity.name, value),
        quantity.rank,
        numeric=quantity.is_count,
        order=own_order if quantity.order else order,
        is_default=quantity.is_default,
        is_of_training=quantity.is_of_training,
        is_rare=quantity.is_rare,
    )


def _share(name: str, heading: str, quantity: Quantity) -> Column:
    """The column of what rows have of a network's total of a quantity."""
    of_layer = quantity.of_layer
    assert of_layer is not None

    def amount(row: Row) -> int:
        return quantity.sum(row.layers) or 0

    def total(row: Row) -> int:
        return int(getattr(row.totals, quantity.name))

    def value(row: Row) -> str:
        return share(amount(row), total(row))

    def plain(row: Row) -> str:
        return quotient(amount(row), whole, 6) if (whole := total(row)) else "0"

    doc = f"{quantity.name} as a share of the network's"
    return Column(name, heading, doc, value, 20, True, amount, plain)


# What windows say of a layer's geometry: a row has several cells of it, and all of it takes longer.
OF_WINDOW: Mapping[str, Callable[[Window], Any]] = {
    "kernel": lambda window: window.kernel,
    "stride": lambda window: window.stride,
    "padding": lambda window: (window.before, window.after),
    "dilation": lambda window: window.dilation,
}


def _of_window(row: Row, key: str) -> Any:
    if row.is_folded:
        return None
    part, windows = OF_WINDOW.get(key), row.last.windows
    if part and windows and isinstance(row.last.layer, Windowed):
        return [part(window) for window in windows]
    return row.last.geometry.get(key)


def _geometry(key: str, heading: str, doc: str, rank: int, *, is_default: bool = False) -> Column:
    def value(row: Row) -> Cell:
        size: Any = _of_window(row, key)
        if key == "padding" and size is not None:
            same = all(before == after for before, after in size)
            size = [before if same else f"{before}+{after}" for before, after in size]
        return _axes(size) if isinstance(size, list) else size

    def order(row: Row) -> int:
        size = _of_window(row, key)
        if key == "padding":
            return -1 if size is None else sum(map(sum, size))
        return prod(size) if isinstance(size, list) else size or -1

    return Column(key, heading, doc, value, rank, order=order, is_default=is_default)


def _windows(row: Row) -> tuple[Window, ...]:
    return () if row.is_folded else row.last.windows


def _exact(row: Row) -> str | None:
    windows = _windows(row)
    return _axes([decimal(window.exact) for window in windows]) if windows else None


ILLEGAL = "illegal-stride"
NOTHING_LOST = "illegal-stride (nothing lost)"
MARKS = {ILLEGAL: "!", NOTHING_LOST: "·"}


def flag(row: Row) -> str | None:
    """Whether a stride in it does not divide, and whether any of the input is missed."""
    found = None
    for layer in row.layers:
        for window in layer.windows:
            if not window.divides:
                if not window.loses_nothing:
                    return ILLEGAL
                found = NOTHING_LOST
    return found


def _by_flag(row: Row) -> int:
    return (None, NOTHING_LOST, ILLEGAL).index(flag(row))


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
    return _axes([str(axis.stride) for axis in axes]) if axes else None


def _mean_stride(row: Row) -> Fraction | int:
    axes = row.last.field.axes
    return prod(axis.stride for axis in axes) if axes else -1


def _field_start(row: Row) -> str | None:
    axes = row.last.field.axes
    return _axes(["none" if a.start is None else a.start for a in axes]) if axes else None


def _first_row(row: Row) -> float:
    starts = [axis.start for axis in row.last.field.axes or () if axis.start is not None]
    return sum(starts) if starts else -inf


def _input(row: Row) -> str:
    return ", ".join(map(str, row.layers[0].input_volumes))


def _type(row: Row) -> str:
    return f"{row.type} + {row.activation}" if row.activation else row.type


def _activation(row: Row) -> str | None:
    return row.activation


def _line(row: Row) -> int | None:
    return row.last.span.line if row.last.span else None


def _input_elements(row: Row) -> int:
    return sum(volume.elements for volume in row.layers[0].input_volumes)


# Quantities whose cells say more than the value.
CELLS: Mapping[str, Callable[[Row], Cell]] = {"receptive_field": _field}

COLUMNS: Mapping[str, Column] = {
    column.name: column
    for column in (
        Column(
            "flags", "",
            "`!` where a stride does not divide (illegal-stride), `·` where only padding is unread",
            flag, 1, order=_by_flag, is_default=True,
        ),
        Column("name", "name", "the layer's path", lambda row: row.name, 0, is_default=True),
        Column(
            "type", "type", "the layer type, and the activation after it", _type, 8,
            plain=lambda row: row.type, is_default=True,
        ),
        Column("activation", "activation", "the activation after the layer", _activation, 20),
        Column("line", "line", "the line of the file", _line, 20, True, _line),
        Column("inputs", "inputs", "what feeds it", lambda r: ", ".join(r.layers[0].inputs), 20),
        Column("input", "input", "the input volumes", _input, 20, order=_input_elements),
        _geometry("kernel", "kernel", "size of the window, F", 10, is_default=True),
        _geometry("stride", "stride", "step of the window, S", 11, is_default=True),
        _geometry("padding", "pad", "rows around the input, before+after", 12, is_default=True),
        _geometry("dilation", "dilation", "D", 20),
        _geometry("groups", "groups", "groups of a convolution", 20),
        Column(
            "exact", "before floor", "(N + P - D(F - 1) - 1)/S + 1", _exact, 13,
            order=lambda row: prod(w.exact for w in _windows(row)) if _windows(row) else -1,
        ),
        *(_quantity(quantity) for quantity in QUANTITIES.values() if quantity.of_layer),
        Column(
            "field_stride", "field stride", "step of the receptive field", _field_stride, 20,
            order=_mean_stride,
        ),
        Column(
            "field_start", "field start", "first row that output 0 sees", _field_start, 20,
            order=_first_row,
        ),
        _share("params_share", "of params", QUANTITIES["params"]),
        _share("macs_share", "of MACs", QUANTITIES["macs"]),
        _share("activation_share", "of act.", QUANTITIES["activation_elements"]),
    )
}  # fmt: skip

DEFAULT = tuple(name for name, column in COLUMNS.items() if column.is_default)


def column(name: str) -> Column:
    """A column by its name.

    Raises:
        ValueError: if there is no such column; the message suggests the nearest name.
    """
    if name not in COLUMNS:
        hint = "".join(f"; {line}" for line in nearest(name, COLUMNS))
        raise ValueError(f'there is no column "{name}"; there are: {", ".join(COLUMNS)}{hint}')
    return COLUMNS[name]
