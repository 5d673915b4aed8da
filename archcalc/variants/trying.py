"""What a program calls to try variants: ``sweep`` gives all of them, ``fit`` the best."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from archcalc.analysis.quantities import check_total
from archcalc.archfile.declaration import Architecture
from archcalc.limits import LAYER_LIMIT
from archcalc.record import Record
from archcalc.variants import workers as running
from archcalc.variants.space import Axis, Variant, axis, variant
from archcalc.variants.sweeping import Bound, Shard, Sweep, checked


def plan(
    architecture: Architecture,
    vary: Mapping[str, Iterable[Any]] | Iterable[Axis],
    *,
    columns: Sequence[str] = ("params", "macs"),
    most: Mapping[str, int] | Iterable[Bound] = (),
    where: str | None = None,
    sample: int | None = None,
    seed: int = 0,
    batch: int | None = None,
    dtype: str = "float32",
    limit_layers: int = LAYER_LIMIT,
) -> Sweep:
    """A sweep that was checked; ``batch`` is by default that of the file's ``train``, or 1.

    Raises:
        ValueError: for a name, value, quantity or condition that is none.
    """
    if isinstance(vary, Mapping):
        vary = [_axis(name, values) for name, values in vary.items()]
    if isinstance(most, Mapping):
        most = [Bound(check_total(name), Fraction(amount)) for name, amount in most.items()]
    if sample is not None and sample < 1:
        raise ValueError(f"a sample has at least 1 variant, not {sample}")
    stated = architecture.train.batch if architecture.train else None
    sweep = Sweep(
        architecture.source, tuple(vary), tuple(columns), tuple(most), where, sample, seed,
        batch or stated or 1, dtype, limit_layers,
    )  # fmt: skip
    return checked(sweep)


def _axis(name: str, values: Iterable[Any]) -> Axis:
    """Values as a program has them; text may be a range as on the command line."""
    if isinstance(values, str):
        return axis(f"{name}={values}")
    return Axis(name, tuple(map(str, values)))


def sweep(
    architecture: Architecture,
    vary: Mapping[str, Iterable[Any]],
    *,
    workers: int = 1,
    dask: str | None = None,
    **options: Any,
) -> Iterator[dict[str, Any]]:
    """Every variant that fits and is within bounds, as a record: its values and its totals.

    ``vary`` has the values of variables, or of ``input``, by name. ``options`` are those of `plan`:
    ``columns``, ``most``, ``where``, ``sample``, ``seed``, ``batch``, ``dtype``. The records, and
    their order, do not depend on the ``workers``.

    Raises:
        ValueError: for a name, value, quantity or condition that is none.
    """
    planned = plan(architecture, vary, **options)
    for shard in running.run(planned, workers=workers, dask=dask):
        yield from records(planned, shard)


def records(planned: Sweep, shard: Shard) -> Iterator[dict[str, Any]]:
    for row in shard.rows:
        totals = zip(planned.columns, row.values, strict=True)
        yield {**variant(planned.axes, row.place), **dict(totals)}


class Fit(Record):
    """The best variant within bounds, with its totals, and how many were looked at.

    ``best`` is None where none is within bounds; ``tried`` counts all, ``within`` those that are.
    """

    best: Variant | None
    totals: Mapping[str, int | None]
    tried: int
    within: int
    misfits: int


def fit(
    architecture: Architecture,
    vary: Mapping[str, Iterable[Any]],
    *,
    maximize: str | None = None,
    minimize: str | None = None,
    workers: int = 1,
    **options: Any,
) -> Fit:
    """The variant that has the most of one quantity, or the least, within bounds.

    ``vary`` and ``options`` are those of `sweep`; bounds are ``most={"macs": 300_000_000}``.

    Raises:
        ValueError: for a name, value, quantity or bound that is none, and unless there is one aim.
    """
    if (maximize is None) == (minimize is None):
        raise ValueError("fit takes either maximize or minimize, a quantity")
    aim = maximize or minimize or ""
    columns = dict.fromkeys([aim, *options.pop("columns", ("params", "macs"))])
    planned = plan(architecture, vary, columns=tuple(columns), **options)
    return best(planned, aim, is_more_better=bool(maximize), workers=workers)


def best(planned: Sweep, quantity: str, *, is_more_better: bool, workers: int = 1) -> Fit:
    """Tries all variants; of equally good ones the first is the best.

    ``quantity`` is one of the columns of the sweep.
    """
    column = planned.columns.index(quantity)
    found, most, within, misfits = None, 0, 0, 0
    for shard in running.run(planned, workers=workers):
        misfits += sum(times for times, _, _ in shard.misfits.values())
        within += len(shard.rows)
        for row in shard.rows:
            value = row.values[column]
            if value is None:
                continue
            if found is None or (value > most if is_more_better else value < most):
                found, most = row, value
    if found is None:
        return Fit(None, {}, planned.total, within, misfits)
    totals = dict(zip(planned.columns, found.values, strict=True))
    return Fit(variant(planned.axes, found.place), totals, planned.total, within, misfits)
