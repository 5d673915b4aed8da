"""A sweep: every variant of an architecture in shards, each of which gives the same rows anywhere.

A shard depends on nothing but the sweep and its number, so that processes, machines and resumed
runs can take shards in any order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache, partial
from random import Random

from archcalc import api
from archcalc.analysis.quantities import VOCABULARY, check_total
from archcalc.archfile.arguments import is_path
from archcalc.archfile.arithmetic import evaluate
from archcalc.archfile.expressions import Expression, parse
from archcalc.archfile.scope import size_in
from archcalc.diagnostics import Fault, Source
from archcalc.limits import LAYER_LIMIT
from archcalc.network.volume import Volume
from archcalc.record import Record
from archcalc.variants.measuring import NO_PATH, Measurer, Misfit
from archcalc.variants.space import Axis, Variant, count, variant
from archcalc.wording import quoted

SHARD = (
    100  # variants: the first rows are there soon, and what passes between processes stays small
)
VARIANTS_LIMIT = 10**12


class Bound(Record):
    """The most that a variant may have of a quantity."""

    quantity: str
    most: Fraction


class VariantRow(Record):
    """A variant, by its place in the space, and its totals in the order of the columns."""

    place: int
    values: tuple[int | None, ...]


class Shard(Record):
    """The rows of a part of a sweep, and why the other variants of it have none.

    ``misfits`` counts by rule and layer, with the first variant and what was said of it; ``over``
    counts by the bound that is exceeded first.
    """

    number: int
    rows: list[VariantRow]
    skipped: int
    misfits: dict[tuple[str, str | None], tuple[int, int, str]]
    over: dict[str, int]


class Sweep(Record):
    """What to vary, what to keep and what to give of it.

    Of ``sample`` variants, drawn with ``seed``, where it is not None; of those only for which
    ``where`` holds, and whose totals are within ``bounds``.
    """

    source: Source
    axes: tuple[Axis, ...]
    columns: tuple[str, ...] = ("params", "macs")
    bounds: tuple[Bound, ...] = ()
    where: str | None = None
    sample: int | None = None
    seed: int = 0
    batch: int = 1
    dtype: str = "float32"
    limit: int = LAYER_LIMIT

    @property
    def total(self) -> int:
        """How many variants are looked at."""
        every = count(self.axes)
        return every if self.sample is None else min(self.sample, every)

    @property
    def shards(self) -> int:
        return -(-self.total // SHARD)

    def indices(self, number: int) -> Iterator[int]:
        """The places of a shard's variants in the space, in order."""
        places = range(number * SHARD, min((number + 1) * SHARD, self.total))
        if self.sample is None:
            return iter(places)
        chosen = _drawn(count(self.axes), self.total, self.seed)
        return (chosen[place] for place in places)


@lru_cache(maxsize=1)
def _drawn(every: int, some: int, seed: int) -> Sequence[int]:
    """Places drawn at random, in order; drawn once for all shards of a sweep."""
    return sorted(Random(seed).sample(range(every), some))


def checked(sweep: Sweep) -> Sweep:
    """The sweep, where everything in it can be read.

    Raises:
        SpecError: for mistakes of the file.
        ValueError: for a name, value, quantity or condition that is none.
    """
    every = count(sweep.axes)
    if not sweep.axes:
        raise ValueError("there is nothing to vary; give --vary NAME=VALUE,VALUE,...")
    if every > VARIANTS_LIMIT:
        raise ValueError(f"there are {every:,} variants; there may be {VARIANTS_LIMIT:,}")
    both = [axis.name for axis in sweep.axes if axis.name in sweep.columns]
    if both:
        raise ValueError(f"{both[0]} is varied and a total: leave it out of the columns")
    runner = Runner(sweep)
    for axis in sweep.axes:
        for value in axis.values:
            runner.check(axis.name, value)
    if any(is_path(axis.name) for axis in sweep.axes):
        runner.check_paths()
    return sweep


class Runner:
    """Runs shards of a sweep, in any order."""

    def __init__(self, sweep: Sweep) -> None:
        self.sweep = sweep
        self.architecture = api.loads(sweep.source.text, sweep.source.filename)
        names = dict.fromkeys((*sweep.columns, *(bound.quantity for bound in sweep.bounds)))
        self._names = tuple(names)
        self._measurer = Measurer(
            self.architecture, self._names,
            batch=sweep.batch, dtype=sweep.dtype, limit=sweep.limit,
        )  # fmt: skip
        self._where = _condition(sweep.where) if sweep.where else None

    def check(self, name: str, value: str) -> None:
        """Read a value.

        Raises:
            ValueError: for a variable that the file has not, or a value that is none.
        """
        self._measurer.value(name, value)

    def check_paths(self) -> None:
        """Refuse a path that neither the first nor the last variant has.

        Raises:
            ValueError: with the nearest path.
        """
        axes = self.sweep.axes
        ends = [self._measurer.measure(variant(axes, index)) for index in (0, count(axes) - 1)]
        lost = [end for end in ends if isinstance(end, Misfit) and end.rule == NO_PATH]
        if len(lost) == len(ends):
            raise ValueError(f"--vary {lost[0].message}")

    def shard(self, number: int) -> Shard:
        """The rows of a shard."""
        found = Shard(number, [], 0, {}, {})
        skipped = 0
        for index in self.sweep.indices(number):
            values = variant(self.sweep.axes, index)
            if self._where and not self._holds(values):
                skipped += 1
                continue
            measured = self._measurer.measure(values)
            if isinstance(measured, Misfit):
                times, first, said = found.misfits.get(
                    (measured.rule, measured.layer), (0, index, measured.message)
                )
                found.misfits[measured.rule, measured.layer] = times + 1, first, said
                continue
            totals = dict(zip(self._names, measured, strict=True))
            over = _exceeded(self.sweep.bounds, totals)
            if over:
                found.over[over] = found.over.get(over, 0) + 1
                continue
            found.rows.append(VariantRow(index, measured[: len(self.sweep.columns)]))
        return found._replace(skipped=skipped)

    def _holds(self, values: Variant) -> bool:
        assert self._where
        known = {name: self._measurer.value(name, value) for name, value in values.items()}
        volumes: dict[str, Volume] = {}
        for name in values:
            if name in self._measurer.inputs:
                volumes |= known.pop(name)
                if name in self._where.names:
                    asked = f"{name}.height, {name}.positions or {name}.channels"
                    raise ValueError(f"--where: {quoted(name)} is an input; it has {asked}")
        try:
            return evaluate(self._where, known, partial(_size_of, volumes)) is True
        except Fault as fault:
            raise ValueError(f"--where: {fault.message}") from None


def _size_of(volumes: Mapping[str, Volume], path: str, size: str) -> int:
    """``input.height`` of a variant; a layer has a size only where a network is built."""
    if path not in volumes:
        varied = ", ".join(f"{name}.{size}" for name in volumes) or "no sizes"
        raise Fault(
            "unknown-name", f"{quoted(path)} is no input that is varied; there are {varied}"
        )
    return size_in(volumes[path], path, size)


def _condition(text: str) -> Expression:
    try:
        return parse(f"$({text})")
    except Fault as fault:
        raise ValueError(f"--where: {fault.message}") from None


def _exceeded(bounds: Sequence[Bound], totals: Mapping[str, int | None]) -> str | None:
    for bound in bounds:
        total = totals[bound.quantity]
        if total is None or total > bound.most:
            return bound.quantity
    return None


def bound(text: str) -> Bound:
    """``macs=300M``.

    Raises:
        ValueError: for text that is none.
    """
    name, equals, amount = (part.strip() for part in text.partition("="))
    if not equals:
        raise ValueError(f"{quoted(text)} is not QUANTITY=AMOUNT")
    check_total(name)
    try:
        return Bound(name, Fraction(VOCABULARY.bounded[name].check(amount).value))
    except Fault as fault:
        raise ValueError(f"{name} {fault.parts[0].message}") from None
