"""The cells of a table as text; what rows share is written once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from archcalc.views.columns import Cell, Column
from archcalc.views.rows import Row

# What copies of a layer with equal inputs share, and what outputs with equal fields share. Other
# columns are each layer's own.
OF_COSTS = frozenset((
    "flags", "type", "activation", "input", "kernel", "stride", "padding", "dilation", "groups",
    "exact", "output", "weights", "biases", "params", "buffers", "param_bytes", "macs", "flops",
    "connections", "activation_elements", "activation_bytes",
    "params_share", "macs_share", "activation_share",
))  # fmt: skip
OF_FIELD = frozenset(("receptive_field", "field_stride", "field_start"))


def cells(
    rows: Iterable[Row], columns: Sequence[Column], text: Callable[[Column, Row], str]
) -> Iterator[list[str]]:
    """The cells of each row; what copies of a layer share is written once."""
    parts = [
        [place for place, column in enumerate(columns) if column.name in names]
        for names in (OF_COSTS, OF_FIELD)
    ]
    own = [place for place in range(len(columns)) if not any(place in part for part in parts)]
    known: tuple[dict[object, list[str]], ...] = ({}, {})
    for row in rows:
        if row.is_folded:
            yield [text(column, row) for column in columns]
            continue
        layer = row.last
        costs = (id(layer.costs), layer.activation_elements, row.type, row.activation)
        line = [""] * len(columns)
        for place in own:
            line[place] = text(columns[place], row)
        for part, shared, key in zip(parts, known, (costs, id(layer.field)), strict=True):
            if key not in shared:
                shared[key] = [text(columns[place], row) for place in part]
            for place, cell in zip(part, shared[key], strict=True):
                line[place] = cell
        yield line


def written(cell: Cell, number: Callable[[int], str]) -> str:
    """A cell as text."""
    if cell is None:
        return ""
    return number(cell) if isinstance(cell, int) else cell
