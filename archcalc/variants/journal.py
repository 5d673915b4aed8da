"""The file of a sweep as it grows: shard by shard, so that an interrupted sweep goes on."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from time import monotonic
from typing import Any

from archcalc.record import Record
from archcalc.variants import tables
from archcalc.variants.pareto import Front, Goal
from archcalc.variants.space import variant
from archcalc.variants.sweeping import Shard, Sweep, VariantRow

SAVED_EVERY = 0.2  # seconds: what an interrupted sweep calculates again at most


class SweepCount(Record):
    """What became of the variants: how many rows, and why the others have none.

    ``misfits`` are by rule and layer: how many, the first variant, and what was said of it.
    """

    rows: int
    skipped: int
    misfits: dict[tuple[str, str | None], tuple[int, int, str]]
    over: dict[str, int]

    def add(self, shard: Shard) -> SweepCount:
        for key, (times, place, said) in shard.misfits.items():
            known = self.misfits.get(key, (0, place, said))
            self.misfits[key] = (known[0] + times, known[1], known[2])
        for quantity, times in shard.over.items():
            self.over[quantity] = self.over.get(quantity, 0) + times
        return SweepCount(
            self.rows + len(shard.rows), self.skipped + shard.skipped, self.misfits, self.over
        )


def header(sweep: Sweep) -> list[str]:
    return [axis.name for axis in sweep.axes] + list(sweep.columns)


def cells(sweep: Sweep, row: VariantRow) -> list[str]:
    """The values of a variant as they were written, and its totals."""
    totals = ("" if value is None else str(value) for value in row.values)
    return [*variant(sweep.axes, row.place).values(), *totals]


def line(values: Sequence[str]) -> str:
    return lines([values])


def lines(rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


class Journal:
    """Rows on disk beside the file that they will become, and how far the sweep has come.

    ``PATH.partial`` has the rows of whole shards, ``PATH.resume`` what is needed to go on.
    """

    def __init__(self, path: str, sweep: Sweep, goals: Sequence[Goal]) -> None:
        self.path, self.sweep = path, sweep
        self.front = Front(goals, sweep.columns) if goals else None
        self.counted = SweepCount(0, 0, {}, {})
        self.shards = 0
        self._goals = goals
        self._partial, self._resume = f"{path}.partial", f"{path}.resume"
        self._file: Any = None
        self._saved = 0.0

    def begin(self, resume: bool) -> None:
        """Starts a new file, or goes on with one.

        Raises:
            ValueError: where there is nothing to go on with, or it is of another sweep.
            OSError: where a file cannot be read or written.
        """
        if resume:
            self._go_on()
        else:
            self._file = open(self._partial, "w+b")  # noqa: SIM115 - closed by finish
            self._file.write(line(header(self.sweep)).encode())
            self._save()

    def _go_on(self) -> None:
        try:
            with open(self._resume, encoding="utf-8") as file:
                state = json.load(file)
        except FileNotFoundError:
            raise ValueError(f"there is no interrupted sweep of {self.path}") from None
        if state["sweep"] != self._digest:
            raise ValueError(
                f"{self.path} was begun with another file or other options; start it anew"
            )
        self._file = open(self._partial, "r+b")  # noqa: SIM115 - closed by finish
        self._file.truncate(state["bytes"])
        self._file.seek(0, os.SEEK_END)
        self.shards = state["shards"]
        misfits = {(rule, layer): (n, at, said) for rule, layer, n, at, said in state["misfits"]}
        self.counted = SweepCount(state["rows"], state["skipped"], misfits, state["over"])
        for place, values in state["front"]:
            if self.front:
                self.front.add(VariantRow(place, tuple(values)))

    def write(self, shard: Shard) -> None:
        """Adds the rows of the next shard."""
        self._file.write(lines(cells(self.sweep, row) for row in shard.rows).encode())
        self._file.flush()
        self.counted = self.counted.add(shard)
        self.shards = shard.number + 1
        if self.front:
            for row in shard.rows:
                self.front.add(row)
        if monotonic() - self._saved > SAVED_EVERY:
            self._save()

    def _save(self) -> None:
        self._file.flush()
        state = {
            "sweep": self._digest,
            "shards": self.shards,
            "bytes": self._file.tell(),
            "rows": self.counted.rows,
            "skipped": self.counted.skipped,
            "misfits": [[*key, *value] for key, value in self.counted.misfits.items()],
            "over": self.counted.over,
            "front": [[row.place, row.values] for row in (self.front.rows if self.front else ())],
        }
        with open(f"{self._resume}.new", "w", encoding="utf-8") as file:
            json.dump(state, file)
        os.replace(f"{self._resume}.new", self._resume)
        self._saved = monotonic()

    @cached_property
    def _digest(self) -> str:
        said = repr((self.sweep.source.text, tuple(self.sweep)[1:], self._goals))
        return hashlib.sha256(said.encode()).hexdigest()

    def drawn(self, most: int) -> list[tuple[list[str], bool]]:
        """Rows evenly over all, at most so many and those of the front, which are marked."""
        self._file.flush()
        every, marks = -(-self.counted.rows // most) or 1, self.marks() or {}
        with open(self._partial, encoding="utf-8", newline="") as file:
            next(file)
            return [
                (next(csv.reader([text])), text in marks)
                for place, text in enumerate(file)
                if place % every == 0 or text in marks
            ]

    def finish(self) -> None:
        """Turns the rows into the file in its format, and removes what was beside it."""
        self._file.close()
        tables.write(self._partial, self.path, self.marks())
        os.remove(self._partial)
        os.remove(self._resume)

    def marks(self) -> Mapping[str, None] | None:
        """The rows of the Pareto front as lines; None where nobody asked for one."""
        if self.front is None:
            return None
        return {line(cells(self.sweep, row)): None for row in self.front.rows}
