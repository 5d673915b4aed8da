"""The rows of a sweep as CSV, JSON lines or Parquet, by the ending of the file."""

from __future__ import annotations

import csv
import json
import os
import re
from collections.abc import Collection, Iterator
from typing import Any

MARK = "pareto"
BATCH = 50_000  # rows of a group in Parquet
INTEGERS = 18  # digits that 64 bits hold
ENDINGS = (".csv", ".jsonl", ".parquet")
_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?\Z")


def check(path: str) -> None:
    """Refuse a file that has no format, or whose format is not installed.

    Raises:
        ValueError: for another ending, or Parquet without pyarrow.
    """
    if not path.endswith(ENDINGS):
        raise ValueError(f"{path}: the file ends in {', '.join(ENDINGS)}")
    if path.endswith(".parquet"):
        try:
            import pyarrow.parquet  # noqa: F401
        except ImportError:
            raise ValueError("Parquet needs `pip install 'archcalc[parquet]'`") from None


def write(rows: str, path: str, marked: Collection[str] | None) -> None:
    """Writes the rows of a CSV file in the format of ``path``, those ``marked`` with a mark.

    Memory does not grow with the number of rows.
    """
    beside = f"{path}.new"
    if path.endswith(".csv") and marked is None:
        os.replace(rows, beside)
        open(rows, "wb").close()
    elif path.endswith(".parquet"):
        _parquet(rows, beside, marked)
    else:
        with open(beside, "w", encoding="utf-8", newline="") as file:
            file.writelines(_lines(rows, marked, as_json=path.endswith(".jsonl")))
    os.replace(beside, path)


def _records(rows: str, marked: Collection[str] | None) -> Iterator[tuple[list[str], bool]]:
    with open(rows, encoding="utf-8", newline="") as file:
        for text in file:
            yield next(csv.reader([text])), marked is not None and text in marked


def _lines(rows: str, marked: Collection[str] | None, *, as_json: bool) -> Iterator[str]:
    records = _records(rows, marked)
    names, _ = next(records)
    if not as_json:
        with open(rows, encoding="utf-8", newline="") as file:
            yield f"{next(file)[:-1]},{MARK}\n"
            for text in file:
                yield f"{text[:-1]},{int(text in (marked or ()))}\n"
        return
    for cells, is_marked in records:
        pairs = [f"{json.dumps(n)}: {_json(c)}" for n, c in zip(names, cells, strict=True)]
        if marked is not None:
            pairs.append(f'"{MARK}": {json.dumps(is_marked)}')
        yield f"{{{', '.join(pairs)}}}\n"


def _json(cell: str) -> str:
    if cell == "":
        return "null"
    return cell if _is_number(cell) else json.dumps(cell)


def _parquet(rows: str, path: str, marked: Collection[str] | None) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    records = _records(rows, marked)
    names, _ = next(records)
    kinds = [_kind(rows, column) for column in range(len(names))]
    fields = [pa.field(n, {int: pa.int64(), float: pa.float64(), str: pa.string()}[kind])
              for n, kind in zip(names, kinds, strict=True)]  # fmt: skip
    if marked is not None:
        fields.append(pa.field(MARK, pa.bool_()))
    schema = pa.schema(fields)
    with pq.ParquetWriter(path, schema) as writer:
        batch: list[dict[str, Any]] = []
        for cells, is_marked in records:
            record: dict[str, Any] = {
                name: None if cell == "" else kind(cell)
                for name, cell, kind in zip(names, cells, kinds, strict=True)
            }
            if marked is not None:
                record[MARK] = is_marked
            batch.append(record)
            if len(batch) == BATCH:
                writer.write_table(pa.Table.from_pylist(batch, schema))
                batch = []
        if batch:
            writer.write_table(pa.Table.from_pylist(batch, schema))


def _kind(rows: str, column: int) -> type[int] | type[float] | type[str]:
    """The type of a column: whole numbers, numbers or text."""
    kind: type[int] | type[float] | type[str] = int
    records = _records(rows, None)
    next(records)
    for cells, _ in records:
        cell = cells[column]
        if (cell and not _is_number(cell)) or len(cell) > INTEGERS:
            return str
        if "." in cell:
            kind = float
    return kind


def _is_number(text: str) -> bool:
    """Whether text is a number in JSON as it stands."""
    return bool(_NUMBER.match(text))
